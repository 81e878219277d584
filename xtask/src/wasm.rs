//! `cargo xtask wasm`: every module as an auditor wants it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use xtask::{modules, shell};

use crate::reproducible;

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
    let names = modules::names(&root)?;
    let folder = reproducible::build(&root, &names, &[])?;
    for name in names {
        let path = folder.join(format!("{name}.wasm"));
        let wasm = fs::read(&path)?;
        let inspection = pack::inspect(&wasm)?;
        println!("{name}");
        println!("  file     {}", path.display());
        println!("  size     {} bytes", wasm.len());
        println!("  gzip     {} bytes", gzip_size(&wasm)?);
        println!("  memory   {} bytes at the start", inspection.memory);
        println!("  sha256   {}", inspection.sha256);
        println!("  imports  {}", inspection.imports.join("\n           "));
        for import in &inspection.imports {
            let allowed = pack::ALLOWED_IMPORTS.contains(&import.as_str());
            ensure!(allowed, "{name} imports {import}, which no module may");
        }
    }
    Ok(())
}

fn gzip_size(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
