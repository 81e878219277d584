//! Modules beside other programs: readers that leave or are slow, full disks, little memory. For tests alone:
//! whatever goes wrong is a panic.

#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a test may fail"
)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::host::{self, NODE, WASMTIME};

/// `module` in every host that is installed. In continuous integration all have to be.
#[must_use]
pub fn hosts(module: &Path) -> Vec<Command> {
    host::testable()
        .map(|host| host.command(module, None))
        .collect()
}

/// Starts `command` as a stream, with `lines` times `line` on standard input.
fn start(mut command: Command, line: &str, lines: usize) -> Child {
    let mut child = (command.arg("-"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text = format!("{line}\n").repeat(lines);
    // A program that ends before it has read all is no failure.
    thread::spawn(move || input.write_all(text.as_bytes()));
    child
}

/// Exit code of `child`, and what it said.
fn end(mut child: Child) -> (Option<i32>, String) {
    let mut error = String::new();
    let mut stream = child.stderr.take().unwrap();
    stream.read_to_string(&mut error).unwrap();
    (child.wait().unwrap().code(), error)
}

/// Reads the first answer of `command` to many times `line`, and goes away, as `head -1` does.
#[must_use]
pub fn leave_after_one_line(command: Command, line: &str) -> (Option<i32>, String) {
    let mut child = start(command, line, 20_000);
    let mut answer = String::new();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    reader.read_line(&mut answer).unwrap();
    assert!(!answer.is_empty());
    drop(reader);
    end(child)
}

/// Lets `command` write its answers to a disk without room.
#[must_use]
pub fn on_a_full_disk(mut command: Command, line: &str) -> (Option<i32>, String) {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let output = command.arg(line).stdout(full).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), error)
}

/// Runs `module` in Node behind output of its own, after which Node's pipes do not block, with a reader that
/// comes late. Returns how many of `lines` answers to `line` arrive; nothing if there is no Node.
#[must_use]
pub fn answers_through_a_pipe_that_does_not_block(
    module: &Path,
    line: &str,
    lines: usize,
) -> Option<usize> {
    if !NODE.can_be_tested() {
        return None;
    }
    let command = host::node_after("console.log('before');", module);
    let mut child = start(command, line, lines);
    thread::sleep(Duration::from_millis(500));
    let mut output = String::new();
    let mut stream = child.stdout.take().unwrap();
    stream.read_to_string(&mut output).unwrap();
    let (code, error) = end(child);
    assert_eq!((code, error.as_str()), (Some(0), ""));
    Some(output.lines().count() - 1)
}

/// Gives `input` to `module` in wasmtime with no more than `memory` bytes; nothing if there is no wasmtime.
#[must_use]
pub fn with_little_memory(
    module: &Path,
    memory: usize,
    input: &str,
) -> Option<(Option<i32>, String)> {
    WASMTIME.can_be_tested().then(|| {
        let mut child = start(WASMTIME.command(module, Some(memory)), input, 1);
        drop(child.stdout.take());
        end(child)
    })
}
