//! Trainers' models of whole tables beside scikit-learn's: the same five folds, and our answers by the packed
//! module.

mod ours;
mod rivals;
mod scores;
mod stream;
mod summary;
mod table;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use testing::WASMTIME;
use xtask::shell;

use ours::Trainer;
use rivals::Rivals;
use summary::Summary;
use table::Table;

/// What belongs to this part.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of the part tables")]
pub struct TableOptions {
    /// Folder of the tables; by default `tables` in the folder that `BURN_ALGORITHMS_DATA` names.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Only this table: the name of its file without `.csv`. May be given several times.
    #[arg(long, value_name = "NAME")]
    table: Vec<String>,
}

impl TableOptions {
    /// Whether none is given.
    pub fn is_empty(&self) -> bool {
        self.folder.is_none() && self.table.is_empty()
    }

    /// The folder of the tables.
    fn folder(&self) -> Result<PathBuf> {
        if let Some(folder) = &self.folder {
            return Ok(folder.clone());
        }
        let data = std::env::var_os(DATA).map(PathBuf::from);
        let data = data.with_context(|| {
            format!("no folder of tables is named; --folder names it, or the variable `{DATA}` the folder above it")
        })?;
        Ok(data.join("tables"))
    }
}

/// Names the folder of all data.
const DATA: &str = "BURN_ALGORITHMS_DATA";

/// The table on which the rows a second of a module's stream are measured.
const STREAMED: &str = "adult-train";

/// Trains on every table, and prints a table in Markdown.
pub fn run(options: &TableOptions) -> Result<()> {
    if !WASMTIME.is_installed() {
        println!("The command wasmtime is not installed: nothing is measured.");
        return Ok(());
    }
    // Programs are started elsewhere.
    let folder = std::path::absolute(options.folder()?)?;
    let paths = paths(&folder, &options.table)?;
    if !rivals::are_installed() {
        return Ok(());
    }
    let trainer = Trainer::build()?;
    let mut summary = Summary::begin();
    let mut streamed = None;
    for path in &paths {
        let table = Table::read(path)?;
        let work = shell::target().join("bench/tables").join(&table.name);
        std::fs::create_dir_all(&work)?;
        let rivals = Rivals::of(path, &work)?;
        let ours = trainer.cross_validate(&table, &rivals, &work)?;
        summary.add(&table, &ours, &rivals)?;
        if table.name == STREAMED {
            streamed = Some(stream::measure(&work)?);
        }
    }
    summary.finish();
    if let Some(rates) = streamed {
        println!("\n{STREAMED}: {rates}");
    }
    Ok(())
}

/// The tables of `folder`, sorted by name: all but those of test rows, or those that are `wanted`.
fn paths(folder: &Path, wanted: &[String]) -> Result<Vec<PathBuf>> {
    let entries = folder.read_dir();
    let entries = entries.with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = table::name(&path);
        let is_wanted = match wanted {
            [] => !name.ends_with("-test"),
            wanted => wanted.contains(&name),
        };
        if is_wanted && path.extension().is_some_and(|extension| extension == "csv") {
            paths.push(path);
        }
    }
    paths.sort_unstable();
    for name in wanted {
        let found = paths.iter().any(|path| table::name(path) == *name);
        ensure!(found, "there is no `{name}.csv` in `{}`", folder.display());
    }
    ensure!(
        !paths.is_empty(),
        "there are no CSV files in `{}`",
        folder.display()
    );
    Ok(paths)
}
