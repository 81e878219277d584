//! `cargo xtask wasm`: modules and trainers as an auditor wants them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use xtask::{modules, reproducible, shell, trainers};

/// What to build.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Modules and trainers, such as iris-inference and iris-flex; all if none are named.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Workspace to build, in place of this one.
    #[arg(long, value_name = "FOLDER")]
    workspace: Option<PathBuf>,
}

/// Builds and lists them; fails if one imports what it should not.
pub fn run(options: &Options) -> Result<()> {
    let root = options.workspace.clone().unwrap_or_else(shell::root);
    let root = fs::canonicalize(root)?;
    let modules = modules::names(&root)?;
    let mut names = options.names.clone();
    if names.is_empty() {
        names.extend(modules.iter().cloned().chain(trainers::names()));
    }
    // In one build, modules would get what only trainers need.
    let (modules, trainers): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| modules.contains(name));
    if !modules.is_empty() {
        let folder = reproducible::build(&root, &modules, &[] as &[&str])?;
        for name in modules {
            list(&folder, &name, |import| {
                pack::ALLOWED_IMPORTS.contains(&import).then_some("")
            })?;
        }
    }
    for name in trainers {
        let folder = trainers::build(&root, &name)?;
        list(&folder, &name, trainers::reason)?;
    }
    Ok(())
}

/// Lists the module `name` in `folder`. `reason` says what it needs an import for, if it may have it.
fn list(folder: &Path, name: &str, reason: impl Fn(&str) -> Option<&'static str>) -> Result<()> {
    let path = folder.join(format!("{name}.wasm"));
    let wasm = fs::read(&path)?;
    let inspection = pack::inspect(&wasm)?;
    println!("{name}");
    println!("  file     {}", path.display());
    println!("  size     {} bytes", wasm.len());
    println!("  gzip     {} bytes", gzip_size(&wasm)?);
    println!("  memory   {} bytes at the start", inspection.memory);
    println!("  sha256   {}", inspection.sha256);
    for (index, import) in inspection.imports.iter().enumerate() {
        let label = if index == 0 { "imports" } else { "" };
        let reason = reason(import);
        println!("  {label:<8} {import:<44} {}", reason.unwrap_or_default());
        ensure!(
            reason.is_some(),
            "{name} imports {import}, which it may not"
        );
    }
    Ok(())
}

fn gzip_size(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}
