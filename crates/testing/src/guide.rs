//! The commands of `docs/your-data.md`, typed into a shell as they are printed there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A command of the guide.
#[derive(Debug, Default, PartialEq, Eq)]
struct Line {
    command: String,
    /// All that it prints: the lines below it. Empty if the guide does not say.
    printed: String,
    /// Lines among those that it prints: a block of its own.
    among: Vec<String>,
}

/// Types the commands below the heading `## <heading>`, in a folder of its own where `target/release` has the programs that
/// lie beside `program`. `edit` may change a command, such as for a shorter run. What the guide shows has to come out, up to
/// two per cent in its numbers: the last digits depend on the processor.
///
/// The commands get packages from the network. Without it nothing is tested, unless `CI` is set.
///
/// # Panics
///
/// If a command fails, or prints something else.
pub fn follow(heading: &str, program: &Path, edit: &dyn Fn(&str) -> String) {
    if !crate::WASMTIME.can_be_tested() {
        return;
    }
    let folder = crate::trainer::folder();
    let release = folder.path().join("target/release");
    fs::create_dir_all(release.parent().unwrap()).unwrap();
    symlink(program.parent().unwrap(), release).unwrap();
    let lines = lines(&fs::read_to_string(guide()).unwrap(), heading);
    assert!(!lines.is_empty(), "no commands below {heading}");
    for line in lines {
        let gets = line.command.starts_with("pip download") || line.command.starts_with("npm pack");
        let output = Command::new("sh")
            .args(["-c", &edit(&line.command)])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        if gets && !output.status.success() && std::env::var_os("CI").is_none() {
            println!("{} failed: the guide is not tested", line.command);
            return;
        }
        assert!(output.status.success(), "$ {}\n{error}", line.command);
        let printed = String::from_utf8(output.stdout).unwrap();
        if !line.printed.is_empty() {
            assert!(
                alike(&line.printed, printed.trim_end()),
                "expected {}\nfound {printed}",
                line.printed
            );
        }
        for part in &line.among {
            assert!(
                printed.lines().any(|line| alike(part, line)),
                "expected {part}\nin {printed}"
            );
        }
    }
}

fn guide() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/your-data.md")
}

/// What a line of the guide is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Console,
    Output,
}

/// The commands in the blocks of the console below `heading`.
fn lines(text: &str, heading: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let (mut inside, mut block) = (false, Block::None);
    for line in text.lines() {
        if let Some(other) = line.strip_prefix("## ") {
            inside = other == heading;
        } else if line.starts_with("```") {
            block = match block {
                Block::None if line == "```console" => Block::Console,
                Block::None if line == "```" => Block::Output,
                _ => Block::None,
            };
        } else if inside && block == Block::Output {
            if let Some(last) = lines.last_mut() {
                last.among.push(line.into());
            }
        } else if inside && block == Block::Console {
            let open =
                (lines.last()).is_some_and(|last| last.command.matches('"').count() % 2 == 1);
            match (line.strip_prefix("$ "), lines.last_mut()) {
                (_, Some(last)) if open => last.command += &format!("\n{line}"),
                (Some(command), _) => lines.push(Line {
                    command: command.into(),
                    ..Line::default()
                }),
                (None, Some(last)) if last.printed.is_empty() => last.printed = line.into(),
                (None, Some(last)) => last.printed += &format!("\n{line}"),
                (None, None) => panic!("{line} belongs to no command"),
            }
        }
    }
    lines
}

/// Whether both texts are the same but for the numbers, and these about the same.
fn alike(expected: &str, found: &str) -> bool {
    let ((words, numbers), (other_words, other_numbers)) = (parts(expected), parts(found));
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 0.02 * a.abs().max(b.abs()) + 1e-3;
    words == other_words && numbers.iter().zip(&other_numbers).all(near)
}

/// The text without its numbers, and these.
fn parts(text: &str) -> (String, Vec<f64>) {
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let (mut words, mut numbers, mut number) = (String::new(), Vec::new(), String::new());
    for c in text.chars().chain(['\n']) {
        if is_part(c) {
            number.push(c);
            continue;
        }
        if let Ok(value) = number.parse() {
            words.push('#');
            numbers.push(value);
        } else {
            words += &number;
        }
        number.clear();
        words.push(c);
    }
    (words, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_with_what_they_print() {
        let text = "## A\n```console\n$ x\n```\n## B\ntext\n```console\n$ one \"a\nb\"\n$ two\nprinted\nmore\n```\nso\n```\nend\n```\n## C\n";
        let line = |command: &str, printed: &str, among: &[&str]| Line {
            command: command.into(),
            printed: printed.into(),
            among: among.iter().map(|part| (*part).to_owned()).collect(),
        };
        let expected = [
            line("one \"a\nb\"", "", &[]),
            line("two", "printed\nmore", &["end"]),
        ];
        assert_eq!(lines(text, "B"), expected);
    }

    #[test]
    fn numbers_may_differ_a_little() {
        let expected = "{\"a\": 0.5, \"b\": 10}";
        assert!(alike(expected, "{\"a\": 0.501, \"b\": 10.1}"));
        for other in [
            "{\"a\": 0.6, \"b\": 10}",
            "{\"c\": 0.5, \"b\": 10}",
            "{\"a\": 0.5}",
        ] {
            assert!(!alike(expected, other), "{other}");
        }
    }
}
