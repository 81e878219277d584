//! Programs of Python that tests hold results against. `.ci/run` installs them.

use std::process::Command;

/// `python3 -m name`, for a test, which is left out where that module is missing, and says so.
///
/// # Panics
///
/// If it is missing and the variable `CI` is set.
#[must_use]
pub fn module(name: &str) -> Option<Command> {
    script(name, &["-m", name])
}

/// `python3` with `arguments`, which use the module `name`, likewise.
///
/// # Panics
///
/// If it is missing and the variable `CI` is set.
#[must_use]
pub fn script(name: &str, arguments: &[&str]) -> Option<Command> {
    // Importing some takes seconds.
    let find = format!("import importlib.util as u; exit(u.find_spec('{name}') is None)");
    let probe = Command::new("python3").args(["-c", &find]).output();
    let found = probe.is_ok_and(|output| output.status.success());
    assert!(
        found || std::env::var_os("CI").is_none(),
        "{name} is not installed for python3"
    );
    if !found {
        eprintln!("{name} is not installed for python3: left out");
        return None;
    }
    let mut command = Command::new("python3");
    command.args(arguments);
    Some(command)
}
