//! `cargo xtask wasm`: every module as an auditor wants it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use inference::frozen::sha256;

use crate::{modules, shell};

/// All that a module may import.
const ALLOWED_IMPORTS: [&str; 5] = [
    "wasi_snapshot_preview1.args_get",
    "wasi_snapshot_preview1.args_sizes_get",
    "wasi_snapshot_preview1.fd_read",
    "wasi_snapshot_preview1.fd_write",
    "wasi_snapshot_preview1.proc_exit",
];

/// Which modules to build.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Workspace to build, in place of this one.
    #[arg(long, value_name = "FOLDER")]
    workspace: Option<PathBuf>,
}

/// Builds and lists all modules; fails if one imports what it should not.
pub fn run(options: &Options) -> Result<()> {
    let root = options.workspace.clone().unwrap_or_else(shell::root);
    let root = fs::canonicalize(root)?;
    for name in modules::names(&root)? {
        let path = build(&root, &name)?;
        let wasm = fs::read(&path)?;
        let inspection = testing::inspect(&wasm)?;
        println!("{name}");
        println!("  file     {}", path.display());
        println!("  size     {} bytes", wasm.len());
        println!("  gzip     {} bytes", gzip_size(&wasm)?);
        println!(
            "  memory   {} bytes at the start",
            inspection.initial_memory
        );
        println!("  sha256   {}", sha256(&wasm));
        println!("  imports  {}", inspection.imports.join("\n           "));
        for import in &inspection.imports {
            let allowed = ALLOWED_IMPORTS.contains(&import.as_str());
            ensure!(allowed, "{name} imports {import}, which no module may");
        }
    }
    Ok(())
}

/// Builds the module `name` of the workspace in `root` with all local paths replaced, into a folder
/// apart from the plain build's: the flags would make each rebuild what the other built.
fn build(root: &Path, name: &str) -> Result<PathBuf> {
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
    shell::run(
        shell::cargo()
            .args(["build", "--release", "--target", shell::WASI])
            .arg("--target-dir")
            .arg(&target)
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
            .current_dir(root.join(name)),
    )?;
    Ok(target
        .join(shell::WASI)
        .join("release")
        .join(format!("{name}.wasm")))
}

fn gzip_size(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
