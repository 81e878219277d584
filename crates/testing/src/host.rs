//! The programs that run modules. A new one is added to [`HOSTS`] and to `.ci/run`, which installs it.

use std::path::Path;
use std::process::Command;

use crate::{HostError, Request, Response, external};

/// A program that runs modules, to be found on the PATH.
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// Its name.
    pub name: &'static str,
    command: fn(module: &Path, limits: Limits<'_>) -> Command,
}

/// What a module gets beside its arguments and streams.
#[derive(Debug, Clone, Copy, Default)]
struct Limits<'a> {
    /// Most linear memory, in bytes, where the host can limit it.
    memory: Option<usize>,
    /// A folder, which becomes descriptor 3 and is called `.` inside.
    folder: Option<&'a Path>,
}

/// The command line of wasmtime.
pub const WASMTIME: Host = Host {
    name: "wasmtime",
    command: |module, limits| {
        let mut command = Command::new("wasmtime");
        command.arg("run");
        if let Some(bytes) = limits.memory {
            command.arg(format!("-Wmax-memory-size={bytes}"));
        }
        if let Some(folder) = limits.folder {
            command.arg("--dir");
            command.arg(format!("{}::.", folder.display()));
        }
        command.arg(module);
        command
    },
};

/// Node's WASI. Node cannot limit the memory of a module.
pub const NODE: Host = Host {
    name: "node",
    command: |module, limits| node("", module, limits.folder),
};

/// All of them.
pub const HOSTS: [Host; 2] = [WASMTIME, NODE];

impl Host {
    /// Whether it is on the PATH and runs.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        is_installed(self.name)
    }

    /// What [`can_be_tested`] says of it.
    ///
    /// # Panics
    ///
    /// If it is not installed and the variable `CI` is set.
    #[must_use]
    pub fn can_be_tested(&self) -> bool {
        can_be_tested(self.name)
    }

    /// The command that runs `module`, with at most `memory` bytes of linear memory if that is given and the
    /// host can do so; the module's arguments are still to be added.
    #[must_use]
    pub fn command(&self, module: &Path, memory: Option<usize>) -> Command {
        let limits = Limits {
            memory,
            folder: None,
        };
        (self.command)(module, limits)
    }

    /// Runs `module` with a folder, which is descriptor 3 to it and is called `.`.
    ///
    /// # Errors
    ///
    /// If the host cannot be started.
    pub fn run_in(
        &self,
        folder: &Path,
        module: &Path,
        request: Request<'_>,
    ) -> Result<Response, HostError> {
        let limits = Limits {
            memory: None,
            folder: Some(folder),
        };
        let mut command = (self.command)(module, limits);
        command.args(request.arguments);
        external::run(command, request.input)
    }

    /// Runs `module`, with memory as in [`command`](Self::command).
    ///
    /// # Errors
    ///
    /// If the host cannot be started.
    pub fn run(
        &self,
        module: &Path,
        memory: Option<usize>,
        request: Request<'_>,
    ) -> Result<Response, HostError> {
        let mut command = self.command(module, memory);
        command.args(request.arguments);
        external::run(command, request.input)
    }
}

/// Whether the program `name` is on the PATH and runs.
#[must_use]
pub fn is_installed(name: &str) -> bool {
    Command::new(name).arg("--version").output().is_ok()
}

/// Whether the program `name` is installed, for a test that is left out where it is missing, and says so.
///
/// # Panics
///
/// If it is not installed and the variable `CI` is set.
#[must_use]
pub fn can_be_tested(name: &str) -> bool {
    let found = is_installed(name);
    assert!(
        found || std::env::var_os("CI").is_none(),
        "{name} is not installed"
    );
    if !found {
        eprintln!("{name} is not installed: left out");
    }
    found
}

/// The hosts that tests can use here.
///
/// # Panics
///
/// If one is not installed and the variable `CI` is set.
pub fn testable() -> impl Iterator<Item = Host> {
    HOSTS.into_iter().filter(Host::can_be_tested)
}

/// The command that runs `module` in Node, after the JavaScript `before`; its arguments are still to be added.
pub(crate) fn node_after(before: &str, module: &Path) -> Command {
    node(before, module, None)
}

fn node(before: &str, module: &Path, folder: Option<&Path>) -> Command {
    const SCRIPT: &str = "
        const { WASI } = require('node:wasi');
        const [folder, path, ...rest] = process.argv.slice(1);
        const preopens = folder ? { '.': folder } : {};
        const wasi = new WASI({ version: 'preview1', args: [path, ...rest], preopens });
        WebAssembly.instantiate(require('node:fs').readFileSync(path), wasi.getImportObject())
            .then(({ instance }) => { process.exitCode = wasi.start(instance); });";
    let mut command = Command::new(NODE.name);
    let script = [before, SCRIPT].concat();
    command.args(["--no-warnings", "--eval", &script, "--"]);
    command.arg(folder.unwrap_or(Path::new("")));
    command.arg(module);
    command
}
