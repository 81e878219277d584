//! `cargo xtask runners`: the programs that `pack` puts models into.

use std::fs;

use anyhow::{Result, bail};
use model::sha256;
use pack::Runner;
use xtask::{reproducible, shell};

use crate::{component, crates};

/// What to do with the runners.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Write nothing; fail if the committed runners are not these bytes.
    #[arg(long)]
    pub check: bool,
}

/// What to build in one go: the runners of a form, what their names end in and the programs' do not, and Cargo's options.
type Group = (&'static [Runner], &'static str, &'static [&'static str]);

/// The forms have the same names where they are built, or the same crates with other features: each is built when the one
/// before has been read.
const GROUPS: [Group; 3] = [
    (&pack::RUNNERS, "", &[]),
    (
        &pack::COCOS_RUNNERS,
        "-cocos",
        &["--features", "runners/cocos"],
    ),
    (
        &pack::LIBRARY_RUNNERS,
        "",
        &["--features", "runners/library", "--examples"],
    ),
];

/// Builds the runners and writes them to the crate `pack`, or compares them with those that are there.
pub fn run(options: &Options) -> Result<()> {
    let root = fs::canonicalize(shell::root())?;
    for (runners, end, arguments) in GROUPS {
        let built = reproducible::build(&root, &["runners".to_owned()], arguments)?;
        for runner in runners {
            let program = runner.name.trim_end_matches(end);
            let wasm = match arguments.contains(&"--examples") {
                true => {
                    let library = format!("examples/{}.wasm", program.replace('-', "_"));
                    component::with_memory(&fs::read(built.join(library))?)?
                }
                false => fs::read(built.join(format!("{program}.wasm")))?,
            };
            keep(options, &format!("{}.wasm", runner.name), &wasm)?;
        }
    }
    let component = component::around_nothing(&root.join("wit"))?;
    keep(options, "component.wasm", &component)?;
    keep(options, "crates.json", crates::list()?.as_bytes())
}

/// Writes the file `name` of the crate `pack`, or compares it with what is there.
fn keep(options: &Options, name: &str, bytes: &[u8]) -> Result<()> {
    println!("{}  {name}  {} bytes", sha256(bytes), bytes.len());
    let committed = shell::root().join("crates/pack/runners").join(name);
    if !options.check {
        fs::write(&committed, bytes)?;
    } else if fs::read(&committed)? != bytes {
        bail!("{name} is another one in crates/pack/runners: `cargo xtask runners` writes it");
    }
    Ok(())
}
