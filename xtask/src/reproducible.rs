//! Builds for Wasm that give the same bytes from any folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::shell;

/// The folder in the target folder for builds whose bytes count.
const EXACT: &str = "reproducible";

/// Builds `packages` of the workspace in `root`, with other `options` of Cargo, and with all local paths replaced, and returns
/// the folder with the modules. It is apart from the plain build's: the flags would make each rebuild what the other built.
///
/// # Errors
///
/// If they cannot be built.
pub fn build(root: &Path, packages: &[String], options: &[impl AsRef<OsStr>]) -> Result<PathBuf> {
    shell::need_wasi_target()?;
    let target = root.join("target").join(EXACT);
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
        .context("there is no home folder")?;
    let flags = [
        // What `.cargo/config.toml` asks for, which these flags replace.
        "-Ctarget-feature=+simd128".to_owned(),
        format!("--remap-path-prefix={}=/workspace", root.display()),
        format!("--remap-path-prefix={}=/cargo", home.display()),
    ];
    let packages = packages.iter().flat_map(|name| ["--package", name]);
    shell::run(
        shell::cargo()
            .args(["build", "--release", "--target", shell::WASI])
            .args(packages)
            .args(options)
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
            .current_dir(root),
    )?;
    Ok(target.join(shell::WASI).join("release"))
}
