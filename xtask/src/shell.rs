//! Runs commands, and says which.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

/// The target of the modules.
pub const WASI: &str = "wasm32-wasip1";

/// The root of the workspace.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Where Cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The command `program`, to be run in the root of the workspace.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The Cargo that runs this program.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Whether Cargo has the command `name`.
#[must_use]
pub fn cargo_has(name: &str) -> bool {
    let output = cargo().args([name, "--version"]).output();
    output.is_ok_and(|output| output.status.success())
}

/// Prints `command`, and runs it.
///
/// # Errors
///
/// If it cannot be started, or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    eprintln!("$ {shown}");
    let status = command
        .status()
        .with_context(|| format!("cannot run `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed");
    Ok(())
}

/// Installs what `package-lock.json` in `folder` names, with npm and these `options` of it.
///
/// # Errors
///
/// If npm cannot be started, or fails.
pub fn install_packages(folder: &Path, options: &[&str]) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).args(options);
    run(npm.current_dir(folder)).context("npm comes with Node")
}

/// As one would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut shown = program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args().map(OsStr::to_string_lossy) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+".contains(c);
        match !argument.is_empty() && argument.chars().all(plain) {
            true => shown += &format!(" {argument}"),
            false => shown += &format!(" '{argument}'"),
        }
    }
    shown
}

/// Makes sure that the toolchain can build for [`WASI`].
///
/// # Errors
///
/// If it cannot.
pub fn need_wasi_target() -> Result<()> {
    let output = command("rustc")
        .args(["--print", "target-libdir", "--target", WASI])
        .output()
        .context("cannot run `rustc`")?;
    let folder = String::from_utf8_lossy(&output.stdout);
    if output.status.success() && Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    if run(command("rustup").args(["target", "add", WASI])).is_err() {
        bail!("this toolchain cannot build for {WASI}; install that target");
    }
    Ok(())
}
