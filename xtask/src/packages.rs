//! `cargo xtask packages`: the trainers for data of one's own, in the packages for other languages.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use xtask::shell;

use xtask::trainers::{self, OWN_DATA};

/// Where each package keeps its trainers.
const FOLDERS: [&str; 2] = ["python/src/burn_algorithms/trainers", "js/trainers"];

/// Where the trainers come from.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Folder with the trainers as modules, such as tabular-flex.wasm, in place of those that are built here.
    #[arg(long, value_name = "FOLDER")]
    trainers: Option<PathBuf>,
}

/// Builds the trainers and copies them into the packages.
pub fn run(options: &Options) -> Result<()> {
    for package in OWN_DATA {
        let name = trainers::program(package);
        let folder = match &options.trainers {
            Some(folder) => folder.clone(),
            None => trainers::build(&shell::root(), &name)?,
        };
        let file = format!("{name}.wasm");
        let wasm = folder.join(&file);
        for place in FOLDERS {
            let place = shell::root().join("packages").join(place);
            fs::create_dir_all(&place)?;
            let copy = place.join(&file);
            fs::copy(&wasm, &copy).with_context(|| format!("cannot copy {}", wasm.display()))?;
            println!("{}", copy.display());
        }
    }
    Ok(())
}
