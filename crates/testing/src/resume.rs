//! Stops programs that keep their finished parts in a journal, and lets them go on. For tests alone: whatever goes wrong is
//! a panic.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test may fail"
)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::trainer::{folder, json, names, refused, succeeded};

/// The journal.
const CHECKPOINT: &str = "checkpoint.journal";

/// How often a run is stopped, at most.
const MOST_KILLS: usize = 4;

/// A program with the arguments of a run; it writes to the folder that it is given.
pub struct Stoppable<'a>(pub &'a dyn Fn(&Path) -> Command);

impl Stoppable<'_> {
    /// Stops a run whenever its checkpoint has grown, with a kill and with Ctrl-C in turn, and lets it go on. Holds what
    /// comes out against a run that was left alone. Returns a checkpoint.
    #[must_use]
    pub fn survives_kills(&self) -> Vec<u8> {
        let (whole, stopped) = (folder(), folder());
        let _ = succeeded(&self.0(whole.path()).output().unwrap());
        let path = stopped.path().join(CHECKPOINT);
        let (mut kills, mut kept) = (0, Vec::new());
        let mut command = self.0(stopped.path());
        while kills < MOST_KILLS
            && let Some(child) = grown(&mut command, &path)
        {
            kills += 1;
            if kills % 2 == 0 {
                command = interrupted(child);
                kept = fs::read(&path).unwrap();
            } else {
                killed(child);
                command = self.0(stopped.path());
                command.arg("--resume");
            }
            assert_eq!(names(stopped.path()), [CHECKPOINT]);
        }
        if kills == MOST_KILLS {
            let _ = succeeded(&command.output().unwrap());
        }
        assert!(
            kills >= 2,
            "the run is too short to be stopped {kills} times"
        );
        assert_eq!(names(stopped.path()), names(whole.path()));
        for name in names(whole.path()) {
            let [found, expected] = [&stopped, &whole].map(|folder| folder.path().join(&name));
            match name.as_str() {
                "report.json" => {
                    let report = |folder: &Path| {
                        let mut report = json(folder, &name);
                        report["seconds"] = 0.into();
                        report
                    };
                    assert_eq!(report(stopped.path()), report(whole.path()));
                }
                // It tells the seconds.
                "report.html" => {}
                _ => assert!(
                    fs::read(found).unwrap() == fs::read(expected).unwrap(),
                    "{name}"
                ),
            }
        }
        kept
    }

    /// Checks that a damaged `checkpoint`, one that is cut short, and one of a run without `other` are refused.
    pub fn refuses_others(&self, checkpoint: &[u8], other: &[&str]) {
        let folder = folder();
        let resume = |bytes: &[u8], arguments: &[&str], expected: &str| {
            fs::write(folder.path().join(CHECKPOINT), bytes).unwrap();
            let mut command = self.0(folder.path());
            command.args(arguments).arg("--resume");
            let said = refused(command, 2);
            let errors: Vec<&str> = said.lines().filter(|line| line.contains("error")).collect();
            let [error] = errors[..] else {
                unreachable!("one line: {said}")
            };
            assert!(
                error.starts_with("error: cannot resume from `") && error.contains(expected),
                "{error}"
            );
            let left = fs::read(folder.path().join(CHECKPOINT)).unwrap();
            assert!(left == bytes, "it is left as it is");
        };
        let (mut damaged, middle) = (checkpoint.to_vec(), checkpoint.len() / 2);
        damaged[middle] ^= 1;
        resume(&damaged, &[], "it is damaged");
        resume(&checkpoint[..middle], &[], "it is cut short");
        resume(b"", &[], "it is not a checkpoint");
        resume(checkpoint, other, "it is of another run");
        fs::remove_file(folder.path().join(CHECKPOINT)).unwrap();
        let mut command = self.0(folder.path());
        command.arg("--resume");
        assert!(refused(command, 2).contains("there is no checkpoint"));
    }
}

/// Runs `command` until the file `path` has grown. Returns nothing if the run ends before, which should be a success.
fn grown(command: &mut Command, path: &Path) -> Option<Child> {
    let length = || fs::metadata(path).map_or(0, |metadata| metadata.len());
    let before = length();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() {
        if length() > before {
            return Some(child);
        }
        sleep(Duration::from_millis(5));
    }
    let _ = succeeded(&child.wait_with_output().unwrap());
    None
}

fn killed(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Presses Ctrl-C. Returns the command that goes on, as the program says it.
fn interrupted(child: Child) -> Command {
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(130), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    let [.., message, command] = lines[..] else {
        unreachable!("{said}")
    };
    assert!(
        message.starts_with("interrupted; the checkpoint has "),
        "{said}"
    );
    assert!(command.ends_with(" --resume"), "{said}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec {command}")]);
    shell
}
