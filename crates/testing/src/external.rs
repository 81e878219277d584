use std::io::{ErrorKind, Write};
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

/// Runs `module` with the `wasmtime` command of the PATH, with at most `memory` bytes of linear
/// memory if that is given. `None` if there is no such command.
///
/// # Errors
///
/// If there is one but it cannot be started.
pub fn wasmtime(
    module: &Path,
    memory: Option<usize>,
    request: Request<'_>,
) -> Result<Option<Response>, HostError> {
    let mut command = wasmtime_command(module, memory);
    command.args(request.arguments);
    if_installed(run(command, request.input))
}

/// The command that runs `module` in wasmtime; its arguments are still to be added.
pub(crate) fn wasmtime_command(module: &Path, memory: Option<usize>) -> Command {
    let mut command = Command::new("wasmtime");
    command.arg("run");
    if let Some(bytes) = memory {
        command.arg(format!("-Wmax-memory-size={bytes}"));
    }
    command.arg(module);
    command
}

/// Runs `module` with Node's WASI. `None` if there is no Node.
///
/// # Errors
///
/// If there is one but it cannot be started.
pub fn node(module: &Path, request: Request<'_>) -> Result<Option<Response>, HostError> {
    let mut command = node_command(module, "");
    command.args(request.arguments);
    if_installed(run(command, request.input))
}

/// The command that runs `module` in Node, after the JavaScript `before`; its arguments are still to be added.
pub(crate) fn node_command(module: &Path, before: &str) -> Command {
    const SCRIPT: &str = "
        const { WASI } = require('node:wasi');
        const [path, ...rest] = process.argv.slice(1);
        const wasi = new WASI({ version: 'preview1', args: [path, ...rest] });
        WebAssembly.instantiate(require('node:fs').readFileSync(path), wasi.getImportObject())
            .then(({ instance }) => { process.exitCode = wasi.start(instance); });";
    let mut command = Command::new("node");
    let script = [before, SCRIPT].concat();
    command.args(["--no-warnings", "--eval", &script, "--"]);
    command.arg(module);
    command
}

fn if_installed(result: Result<Response, HostError>) -> Result<Option<Response>, HostError> {
    match result {
        Ok(response) => Ok(Some(response)),
        Err(HostError::Start { source, .. }) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn run(mut command: Command, input: &[u8]) -> Result<Response, HostError> {
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
