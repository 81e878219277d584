//! The network of MNIST in this project and in frameworks, one thread each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;
use pack::Form;
use testing::WASMTIME;
use xtask::{modules, shell};

use crate::frameworks::python;
use crate::hosts::lines_of;
use crate::measure::{Subject, interleaved};

const NAME: &str = "mnist-inference";
/// Images of the stream whose time is measured.
const IMAGES: usize = 2000;
/// Runs of the stream that count.
const RUNS: u32 = 5;

/// Prints milliseconds for an image that comes alone and for one of many, and the instructions of an image.
pub fn run() -> Result<()> {
    let scripts = shell::root().join("bench");
    shell::install_packages(&scripts.join("hosts"), &[])?;
    println!("\nThe network of {NAME}, one thread each\n");
    println!("| Who                                        | One image, ms | One of many, ms |");
    println!("|--------------------------------------------|---------------|-----------------|");
    let folder = shell::target().join("bench/inference");
    fs::create_dir_all(&folder)?;
    let model = fs::read(modules::model(NAME))?;
    let module = folder.join([NAME, ".wasm"].concat());
    fs::write(&module, pack::pack(&model)?)?;
    let native = native_program()?;
    if WASMTIME.is_installed() {
        let precompiled = folder.join([NAME, ".cwasm"].concat());
        let mut compile = shell::command("wasmtime");
        shell::run(
            compile
                .arg("compile")
                .arg(&module)
                .arg("-o")
                .arg(&precompiled),
        )?;
        let command = || {
            let mut command = shell::command("wasmtime");
            command
                .args(["run", "--allow-precompiled"])
                .arg(&precompiled);
            command
        };
        for (form, image) in forms() {
            let times = stream(&folder, &image, &command)?;
            show(&format!("this module in wasmtime, {form}"), &times);
        }
    } else {
        println!("The command wasmtime is not installed: the module is left out.");
    }
    let command = || shell::command(&native);
    for (form, image) in forms() {
        let times = stream(&folder, &image, &command)?;
        show(&format!("this program natively, {form}"), &times);
    }

    let library = folder.join(["mnist", Form::Library.suffix()].concat());
    fs::write(&library, pack::pack_as(Form::Library, &model)?)?;
    let onnx = folder.join("mnist.onnx");
    let model = modules::model(NAME);
    lines_of(python(), &scripts.join("hosts/export.py"), &[&model, &onnx])?;
    let both = [library.as_path(), &onnx];
    for (host, program, script, files) in [
        ("Node", "node".into(), "hosts/onnx_node.mjs", &both[..]),
        ("Node", "node".into(), "hosts/tfjs_node.mjs", &[]),
        ("Python", python(), "hosts/onnx_python.py", &both),
        ("Python", python(), "pytorch/mnist_inference.py", &[]),
    ] {
        for line in lines_of(program, &scripts.join(script), files)?.lines() {
            // A name, perhaps how large it is and how long it takes to load, and the microseconds of a call and of a row.
            if let [name, .., one, many] = line.split('\t').collect::<Vec<_>>()[..] {
                let milliseconds = [one, many].map(|time| time.parse::<f64>().map(|t| t / 1000.0));
                let [one, many] = milliseconds;
                show(&format!("{host}: {name}"), &[one?, many?]);
            }
        }
    }
    if let Some(instructions) = instructions(&folder, &native)? {
        println!(
            "\nThis program natively: {instructions} instructions for an image of whole numbers, by callgrind."
        );
    }
    Ok(())
}

fn show(name: &str, [one, many]: &[f64; 2]) {
    println!("| {name:<42} | {one:<13.3} | {many:<15.3} |");
}

/// The program of the inference crate, built for this machine.
fn native_program() -> Result<PathBuf> {
    shell::run(shell::cargo().args(["build", "--quiet", "--release", "--package", NAME]))?;
    Ok(shell::target().join("release").join(NAME))
}

/// The digit as JSON of whole numbers, and as the blog post and `convert-image` have it.
fn forms() -> [(&'static str, String); 2] {
    let image = modules::DIGIT.trim();
    let whole = image.replace(".0", "").replace(' ', "");
    [("JSON `0,0`", whole), ("JSON `0.0, 0.0`", image.into())]
}

/// Writes so many lines with the same `image`.
fn lines(folder: &Path, image: &str, count: usize) -> Result<PathBuf> {
    let path = folder.join(format!("{count}.jsonl"));
    fs::write(&path, format!("{image}\n").repeat(count))?;
    Ok(path)
}

/// CPU time of an image in a stream, in milliseconds, without the start of the program; of many images, and of as many that come alone: a
/// stream answers each line before it reads the next one, so they are the same.
fn stream(folder: &Path, image: &str, command: &dyn Fn() -> Command) -> Result<[f64; 2]> {
    let inputs = [lines(folder, image, IMAGES)?, lines(folder, image, 1)?];
    let subjects = inputs.each_ref().map(|input| Subject {
        name: NAME.into(),
        command: Box::new(|| {
            let mut command = command();
            command.arg("-");
            command
        }),
        input: Some(input),
    });
    let times = interleaved(&subjects, RUNS)?;
    let cpu = |index: usize| {
        times
            .get(index)
            .map_or(f64::NAN, |times| times.cpu().median)
    };
    Ok([(cpu(0) - cpu(1)) / (IMAGES - 1) as f64; 2])
}

/// How many instructions the `program` needs for an image, if callgrind is there to count them.
fn instructions(folder: &Path, program: &Path) -> Result<Option<u64>> {
    const FEW: [usize; 2] = [20, 10];
    let [(_, image), _] = forms();
    let count = |images: usize| -> Result<Option<u64>> {
        let mut command = shell::command("valgrind");
        command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
        command.arg(program).arg("-");
        command.stdin(fs::File::open(lines(folder, &image, images)?)?);
        let Ok(output) = command.output() else {
            return Ok(None);
        };
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let collected = text
            .lines()
            .find_map(|line| line.split_once("Collected : "));
        Ok(collected.and_then(|(_, count)| count.trim().parse().ok()))
    };
    let [many, few] = [count(FEW[0])?, count(FEW[1])?];
    let difference = many.zip(few).map(|(many, few)| many.saturating_sub(few));
    Ok(difference.map(|count| count / (FEW[0] - FEW[1]) as u64))
}
