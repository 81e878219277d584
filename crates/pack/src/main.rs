//! `pack`: makes modules of models, looks into modules, and signs folders of both.

mod sign;

use std::fs;
use std::io::{ErrorKind, Write, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use model::{AlignedBytes, Model, sha256};
use pack::Form;

const EXAMPLES: &str = "Examples:\n  \
    pack artifacts/iris/model.safetensors               write artifacts/iris/iris-inference.wasm\n  \
    pack model.safetensors --output iris.wasm           write it elsewhere\n  \
    pack --cocos artifacts/iris/model.safetensors       write artifacts/iris/iris-inference-cocos.wasm\n  \
    pack --library artifacts/iris/model.safetensors     write artifacts/iris/iris-inference.lib.wasm\n  \
    pack --component artifacts/iris/model.safetensors   write artifacts/iris/iris-inference.component.wasm\n  \
    pack inspect iris-inference.wasm                    list its imports, digests and model\n  \
    pack extract iris-inference.wasm model.safetensors  get the model out again\n  \
    pack seal iris-flex.wasm                            write iris-flex-sealed.wasm, which no folder can be given to\n  \
    pack sign --key KEY.pem artifacts/iris              write artifacts/iris/model.sig\n  \
    pack verify --key PUB.pem artifacts/iris            check every file of the folder with it\n\n\
    Exit codes: 0 success, 2 bad usage or a file that cannot be used or is not what was signed.";

/// Puts a model into a prebuilt runner: a ready Wasm module, without a compiler.
#[derive(Parser)]
#[command(name = "pack", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    task: Option<Task>,
    /// The model file, as trainers write it.
    #[arg(value_name = "MODEL", required = true)]
    model: Option<PathBuf>,
    #[command(flatten)]
    form: FormOptions,
    /// The file to write, in place of the one beside the model.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// What to make in place of the command-line program `<name>-inference.wasm`.
#[derive(clap::Args)]
#[group(multiple = false)]
struct FormOptions {
    /// Make the module for Cocos, `<name>-inference-cocos.wasm`: it also writes to `result.txt`, in the folder that
    /// it is given, what it prints.
    #[arg(long)]
    cocos: bool,
    /// Make the library, `<name>-inference.lib.wasm`: it exports functions for other programs, and imports nothing.
    #[arg(long)]
    library: bool,
    /// Make the WebAssembly component, `<name>-inference.component.wasm`: it imports nothing.
    #[arg(long)]
    component: bool,
}

impl FormOptions {
    fn form(&self) -> Form {
        match self {
            Self { cocos: true, .. } => Form::Cocos,
            Self { library: true, .. } => Form::Library,
            Self {
                component: true, ..
            } => Form::Component,
            _ => Form::Command,
        }
    }
}

#[derive(Subcommand)]
enum Task {
    /// List what a module asks of its host, its digests, its runner and its model.
    Inspect {
        /// The module.
        module: PathBuf,
    },
    /// Get the model out of a module.
    Extract {
        /// The module.
        module: PathBuf,
        /// The model file to write.
        output: PathBuf,
    },
    /// Make a program, such as a trainer, that can ask its host for no more than a module can: its arguments, the
    /// standard streams and its exit code.
    Seal {
        /// The program.
        program: PathBuf,
        /// The file to write, in place of `<program>-sealed.wasm` beside it.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Sign all files of a folder: writes `model.sig` into it.
    #[command(after_help = sign::SIGN_HELP)]
    Sign(sign::Options),
    /// Check that a folder holds exactly the files that were signed.
    #[command(after_help = sign::VERIFY_HELP)]
    Verify(sign::Options),
}

fn main() -> ExitCode {
    match run(Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(options: Options) -> Result<()> {
    match (options.task, options.model) {
        (Some(Task::Inspect { module }), _) => inspect(&module),
        (Some(Task::Extract { module, output }), _) => {
            let inspection = look_into(&module)?;
            let model = inspection.model.ok_or(pack::PackError::NotPacked);
            let model = model.with_context(|| format!("`{}`", module.display()))?;
            write(&output, &model)
        }
        (Some(Task::Seal { program, output }), _) => {
            let sealed = pack::seal(&read(&program)?);
            let sealed = sealed.with_context(|| format!("`{}`", program.display()))?;
            let stem = program.file_stem().unwrap_or_default().to_string_lossy();
            let beside = program.with_file_name(format!("{stem}-sealed.wasm"));
            write(&output.unwrap_or(beside), &sealed)
        }
        (Some(Task::Sign(options)), _) => sign::sign(&options),
        (Some(Task::Verify(options)), _) => sign::verify(&options),
        (None, Some(path)) => {
            let model = read(&path)?;
            let form = options.form.form();
            let module = pack::pack_as(form, &model);
            let module = module.with_context(|| format!("`{}`", path.display()))?;
            let output = if let Some(output) = options.output {
                output
            } else {
                let aligned = AlignedBytes::new(&model);
                let name = Model::read(&aligned)?.name;
                path.with_file_name(format!("{name}{}", form.suffix()))
            };
            write(&output, &module)
        }
        (None, None) => Ok(()),
    }
}

fn inspect(path: &Path) -> Result<()> {
    let inspection = look_into(path)?;
    let mut text = format!(
        "module    {}\nsha256    {}\nsha3-256  {}\nmemory    {} bytes at the start\nimports   {}\ncode      {}\n",
        path.display(),
        inspection.sha256,
        inspection.sha3_256,
        inspection.memory,
        inspection.imports.join("\n          "),
        inspection.runner.unwrap_or("of another program")
    );
    let Some(bytes) = inspection.model else {
        text += "model     not packed: part of the code, or missing\n";
        return print(&text);
    };
    let aligned = AlignedBytes::new(&bytes);
    let model = Model::read(&aligned)?;
    text += &format!(
        "model     {}: {}\n          {} bytes, {} weights\n          sha256 {}\n",
        model.name,
        model.about,
        bytes.len(),
        model.weights(),
        sha256(&bytes)
    );
    print(&text)
}

/// Prints `text`. A reader that has seen enough, as `head` has, is no failure.
fn print(text: &str) -> Result<()> {
    match stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("standard output")
        }
        _ => Ok(()),
    }
}

fn look_into(path: &Path) -> Result<pack::Inspection> {
    pack::inspect(&read(path)?).with_context(|| format!("`{}`", path.display()))
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    eprintln!("{} ({} bytes)", path.display(), bytes.len());
    Ok(())
}
