//! Programs: native ones, and Cargo.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::{HostError, Request, Response};

/// Runs a native program.
///
/// # Errors
///
/// If it cannot be started.
pub fn native(program: &Path, request: Request<'_>) -> Result<Response, HostError> {
    let mut command = Command::new(program);
    command.args(request.arguments);
    run(command, request.input)
}

pub(crate) fn run(mut command: Command, input: &[u8]) -> Result<Response, HostError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |source| HostError::Start {
        program: program.clone(),
        source,
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let pipe = child.stdin.take();
    let output = thread::scope(|scope| {
        // Apart, lest both sides wait for the other to read. A program that ends before it has
        // read all is no failure.
        scope.spawn(move || pipe.map(|mut pipe| pipe.write_all(input)));
        child.wait_with_output()
    })
    .map_err(failed)?;
    Ok(Response {
        output: output.stdout,
        error: output.stderr,
        // A program that a signal ended has no code of its own.
        code: output.status.code().unwrap_or(-1),
        memory: None,
    })
}

/// Builds the module of the crate in `folder` by the documented command, `cargo build --release
/// --target wasm32-wasip1`, and returns its path.
///
/// `temporary` is a folder right below the target folder, as Cargo names it to tests.
///
/// # Errors
///
/// If Cargo cannot be started, or fails.
pub fn build(folder: &str, temporary: &str) -> Result<PathBuf, HostError> {
    let target = Path::new(temporary).parent().unwrap_or(Path::new("target"));
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&program)
        .args(["build", "--quiet", "--release", "--target", "wasm32-wasip1"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(folder)
        .status()
        .and_then(|status| match status.success() {
            true => Ok(()),
            false => Err(std::io::Error::other("the build failed")),
        });
    status.map_err(|source| HostError::Start {
        program: program.to_string_lossy().into_owned(),
        source,
    })?;
    let name = Path::new(folder)
        .file_name()
        .unwrap_or_default()
        .to_string_lossy();
    Ok(target
        .join("wasm32-wasip1/release")
        .join(format!("{name}.wasm")))
}
