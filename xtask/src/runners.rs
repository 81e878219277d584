//! `cargo xtask runners`: the programs that `pack` puts models into.

use std::fs;

use anyhow::{Result, bail};
use model::sha256;
use xtask::shell;

use crate::{crates, reproducible};

/// What to do with the runners.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Write nothing; fail if the committed runners are not these bytes.
    #[arg(long)]
    pub check: bool,
}

/// Builds the runners and writes them to the crate `pack`, or compares them with those that are there.
pub fn run(options: &Options) -> Result<()> {
    let root = fs::canonicalize(shell::root())?;
    let forms = [
        (pack::RUNNERS, "", &[][..]),
        (pack::COCOS_RUNNERS, "-cocos", &["runners/cocos"]),
    ];
    for (runners, form, features) in forms {
        // Both forms have the same names where they are built: the second is built when the first has been read.
        let built = reproducible::build(&root, &["runners".to_owned()], features, &[])?;
        for runner in runners {
            let program = runner.name.trim_end_matches(form);
            let wasm = fs::read(built.join(format!("{program}.wasm")))?;
            let file = format!("{}.wasm", runner.name);
            println!("{}  {file}  {} bytes", sha256(&wasm), wasm.len());
            let committed = root.join("crates/pack/runners").join(&file);
            if !options.check {
                fs::write(&committed, &wasm)?;
            } else if fs::read(&committed)? != wasm {
                bail!(
                    "{file} is another one in crates/pack/runners: `cargo xtask runners` writes it"
                );
            }
        }
    }
    let (list, committed) = (
        crates::list()?,
        root.join("crates/pack/runners/crates.json"),
    );
    if !options.check {
        fs::write(&committed, list)?;
    } else if fs::read_to_string(&committed)? != list {
        bail!("crates.json lists other crates: `cargo xtask runners` writes it");
    }
    Ok(())
}
