//! Builds for Wasm that give the same bytes from any folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xtask::shell;

/// The folder in the target folder for builds whose bytes count.
const EXACT: &str = "reproducible";

/// Builds `packages` of the workspace in `root`, with other `options` of Cargo, and with all local paths replaced, and returns
/// the folder with the modules.
pub fn build(root: &Path, packages: &[String], options: &[impl AsRef<OsStr>]) -> Result<PathBuf> {
    build_in(EXACT, root, packages, options)
}

/// Builds one program, in the package `package` with this `feature`, in the same way. If it is to be `quick` to build, it is
/// slower, and has other bytes than the real one; it lies elsewhere, so that nobody takes one for the other.
pub fn program(root: &Path, package: &str, feature: Option<&str>, quick: bool) -> Result<PathBuf> {
    let mut options: Vec<String> = Vec::new();
    if let Some(feature) = feature {
        options.extend(["--features".to_owned(), feature.to_owned()]);
    }
    let folder = if quick {
        // At level 0 the modules are so large that compiling them in their hosts takes longer than is saved.
        options.extend(shell::quick_options(1));
        shell::QUICK
    } else {
        EXACT
    };
    build_in(folder, root, &[package.to_owned()], &options)
}

/// Builds in `folder` of the target folder. It is apart from the plain build's: the flags would make each rebuild what the other
/// built.
fn build_in(
    folder: &str,
    root: &Path,
    packages: &[String],
    options: &[impl AsRef<OsStr>],
) -> Result<PathBuf> {
    shell::need_wasi_target()?;
    let target = root.join("target").join(folder);
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
