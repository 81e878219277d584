//! `cargo xtask reproduce`: trains the shipped models again in the sandbox, and compares the bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use provenance::PROVENANCE;
use serde_json::Value;
use xtask::shell;

use crate::arm;
use xtask::trainers::{self, ALGORITHMS};

/// The models that take seconds.
const QUICK: [&str; 2] = ["iris", "wine-quality"];

/// Names of the folders in the sandbox.
const OUT: &str = "artifacts";
const DATA: &str = "data";
const PROGRAM: &str = "program";

/// Which models to train again.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Models in `artifacts/`: iris and wine-quality if none are named; agnews takes minutes, and mnist more than an hour.
    #[arg(value_name = "MODEL", value_parser = ALGORITHMS)]
    models: Vec<String>,
    /// Folder with the data sets of mnist and agnews.
    #[arg(long, value_name = "FOLDER", default_value = default_data())]
    data: PathBuf,
    /// Folder with the trainers as modules, such as iris-flex.wasm, in place of those that are built here.
    #[arg(long, value_name = "FOLDER")]
    trainers: Option<PathBuf>,
    /// Train in wasmtime for another processor, AArch64, in the emulator QEMU. It is ten times as slow.
    #[arg(long, conflicts_with = "update")]
    arm: bool,
    /// Put what the sandbox makes into `artifacts/`, in place of what is there.
    #[arg(long)]
    update: bool,
}

/// What `provenance.json` says of a run.
struct Origin {
    /// The program.
    trainer: String,
    /// The arguments that decided.
    arguments: Vec<String>,
    /// Names and SHA-256 of the model and the module.
    subjects: Vec<(String, String)>,
}

/// Where data sets lie, for all trainers.
fn default_data() -> String {
    std::env::var("BURN_ALGORITHMS_DATA").unwrap_or_else(|_| "data".to_owned())
}

/// Trains the models again.
pub fn run(options: &Options) -> Result<()> {
    let mut models = options.models.clone();
    if models.is_empty() {
        models.extend(QUICK.map(str::to_owned));
    }
    for model in &models {
        ensure!(
            reproduce(model, options)?,
            "{model}: the trainer or the data are not those that the model comes from; compare the digests in \
             provenance.json. {}",
            way_back(model)
        );
    }
    Ok(())
}

/// How to get the shipped `model` back.
fn way_back(model: &str) -> String {
    format!(
        "`git checkout artifacts/{model}` brings the shipped model back if a run of yours has written over it"
    )
}

/// Trains `model` again; says whether the bytes are the same.
fn reproduce(model: &str, options: &Options) -> Result<bool> {
    let shipped = shell::root().join("artifacts").join(model);
    // New artifacts come from the defaults of the trainer.
    let expected = match options.update {
        true => None,
        false => Some(Origin::read(&shipped)?),
    };
    if let Some(Origin { trainer, .. }) = &expected {
        ensure!(
            *trainer == trainers::program(model),
            "artifacts/{model} was written by {trainer}, and not in the sandbox. {}",
            way_back(model)
        );
    }
    let arguments = expected.iter().flat_map(|origin| &origin.arguments);
    let again = train(model, options, arguments)?;
    let found = Origin::read(&again)?;
    let Some(expected) = expected else {
        copy(&again, &shipped, QUICK.contains(&model))?;
        println!("{model}: written to {}", shipped.display());
        return Ok(true);
    };
    for (name, sha256) in &expected.subjects {
        let other = found.subjects.iter().find(|(other, _)| other == name);
        match other {
            Some((_, other)) if other == sha256 => println!("{name}: same bytes, SHA-256 {sha256}"),
            Some((_, other)) => println!("{name}: other bytes, SHA-256 {other} and not {sha256}"),
            None => println!("{name}: missing"),
        }
    }
    Ok(expected.subjects == found.subjects)
}

/// Trains `model` in the sandbox; returns the folder with its artifacts.
fn train<'a>(
    model: &str,
    options: &Options,
    arguments: impl Iterator<Item = &'a String>,
) -> Result<PathBuf> {
    let name = trainers::program(model);
    let file = format!("{name}.wasm");
    let folder = match &options.trainers {
        Some(folder) => folder.clone(),
        None => trainers::build(&shell::root(), &name)?,
    };
    let out = shell::target().join("reproduced").join(model);
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let mut folders = vec![(out.as_path(), OUT), (&folder, PROGRAM)];
    let has_data = !QUICK.contains(&model);
    if has_data {
        folders.push((&options.data, DATA));
    }
    let wasmtime = match options.arm {
        true => arm::wasmtime()?,
        false => trainers::wasmtime()?,
    };
    let mut command = trainers::command(wasmtime, &folder.join(&file), &folders);
    command.args(arguments).args(["--artifacts", OUT]);
    command.arg("--program").arg(Path::new(PROGRAM).join(&file));
    if has_data {
        command.args(["--data", DATA]);
    }
    let started = Instant::now();
    shell::run(&mut command)?;
    println!(
        "{model}: {:.1} s in wasmtime, with the time to compile the trainer unless its cache has it",
        started.elapsed().as_secs_f64()
    );
    Ok(out)
}

/// Copies all files of `from` to `to`, but the page only if `data_is_ours`: it shows rows of the data.
fn copy(from: &Path, to: &Path, data_is_ours: bool) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if data_is_ours || entry.file_name() != "report.html" {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

impl Origin {
    /// Reads `provenance.json` in `folder`.
    fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(PROVENANCE);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::of(&bytes).with_context(|| format!("{} is no provenance of a run", path.display()))
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let statement: Value = serde_json::from_slice(bytes).ok()?;
        let definition = &statement["predicate"]["buildDefinition"];
        let arguments = definition["externalParameters"]["arguments"].as_array()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let subject = |file: &Value| Some((text(&file["name"])?, text(&file["digest"]["sha256"])?));
        Some(Self {
            trainer: text(&definition["externalParameters"]["trainer"])?,
            arguments: arguments.iter().map(text).collect::<Option<_>>()?,
            subjects: statement["subject"]
                .as_array()?
                .iter()
                .map(subject)
                .collect::<Option<_>>()?,
        })
    }
}
