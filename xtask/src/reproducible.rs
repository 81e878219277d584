//! Builds for Wasm that give the same bytes from any folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xtask::shell;

/// Builds `packages` of the workspace in `root`, with these `features` and other `options` of Cargo, and with all
/// local paths replaced, and returns the folder with the modules. It is apart from the plain build's: the flags would make
/// each rebuild what the other built.
pub fn build(
    root: &Path,
    packages: &[String],
    features: &[&str],
    options: &[impl AsRef<OsStr>],
) -> Result<PathBuf> {
    shell::need_wasi_target()?;
    let target = root.join("target/reproducible");
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
    let features = features.iter().flat_map(|name| ["--features", name]);
    let packages = packages.iter().flat_map(|name| ["--package", name]);
    shell::run(
        shell::cargo()
            .args(["build", "--release", "--target", shell::WASI])
            .args(packages)
            .args(features)
            .args(options)
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
            .current_dir(root),
    )?;
    Ok(target.join(shell::WASI).join("release"))
}

/// Cargo's options for programs that are `quick` to build, if they are to be: they are slower, and have other bytes than the
/// real ones.
pub fn options(quick: bool) -> Vec<String> {
    if !quick {
        return Vec::new();
    }
    // At level 0 the modules are so large that compiling them in their hosts takes longer than is saved.
    let lines = shell::quick_to_compile(1).into_iter();
    lines
        .flat_map(|line| ["--config".to_owned(), line])
        .collect()
}
