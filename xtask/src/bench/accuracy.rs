//! The accuracy of the shipped MNIST module, on all test images, and Burn's word on each of them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use wasm_host::answers::{Answer, answers, difference};
use wasm_host::{Request, native, wasmtime};

use crate::shell;

/// Numbers of an image.
const PIXELS: usize = 28 * 28;
/// Bytes before the data, in files of images and of labels.
const HEADERS: [usize; 2] = [16, 8];

/// Streams the test images through the module in wasmtime, and through the same with Burn's forward
/// pass natively.
pub fn run() -> Result<()> {
    shell::need_wasi_target()?;
    let folder = data()?;
    let images = read(&folder.join("t10k-images-idx3-ubyte.gz"), HEADERS[0])?;
    let labels = read(&folder.join("t10k-labels-idx1-ubyte.gz"), HEADERS[1])?;
    ensure!(images.len() == PIXELS * labels.len(), "the files disagree");
    let line = |image: &[u8]| serde_json::to_string(image).map(|line| line + "\n");
    let lines = images.chunks_exact(PIXELS).map(line);
    let input = lines.collect::<Result<String, _>>()?;
    let request = Request {
        arguments: &["--json", "-"],
        input: input.as_bytes(),
    };

    let root = shell::root().join("mnist-inference");
    let temporary = shell::target().join("bench");
    let module = wasm_host::build(&root.to_string_lossy(), &temporary.to_string_lossy())?;
    let response = wasmtime(&module, None, request)?.context("wasmtime is not installed")?;
    let module = answers(&response.output).context("the module answers something else")?;
    ensure!(module.len() == labels.len(), "the module lost count");
    report("mnist-inference.wasm in wasmtime", &module, &labels);

    let burn = burn()?;
    let response = native(&burn, request)?;
    let burn = answers(&response.output).context("Burn answers something else")?;
    report("Burn's forward pass, natively", &burn, &labels);
    let (others, largest) = difference(&module, &burn);
    println!(
        "They differ on {others} images; the largest difference of a probability is {largest:.1e}."
    );
    Ok(())
}

/// Builds the native program with Burn inside, apart from the usual one.
fn burn() -> Result<PathBuf> {
    let target = shell::target().join("reference");
    shell::run(
        shell::cargo()
            .args([
                "build",
                "--quiet",
                "--release",
                "--package",
                "mnist-inference",
            ])
            .args(["--features", "burn", "--target-dir"])
            .arg(&target),
    )?;
    Ok(target.join("release/mnist-inference"))
}

fn report(name: &str, answers: &[Answer], labels: &[u8]) {
    let right = (answers.iter().zip(labels))
        .filter(|(answer, label)| answer.class == label.to_string())
        .count();
    let share = 100.0 * right as f64 / labels.len().max(1) as f64;
    println!("{name}: {right} of {} right, {share:.2} %", labels.len());
}

/// Where the test images are: in the folder that `BURN_ALGORITHMS_DATA` names, or where
/// `mnist-flex --download` puts them.
fn data() -> Result<PathBuf> {
    let named = std::env::var_os("BURN_ALGORITHMS_DATA").map(PathBuf::from);
    let folder = named
        .unwrap_or_else(|| shell::root().join("data"))
        .join("mnist");
    ensure!(
        folder.is_dir(),
        "there is no folder `{}`; `mnist-flex --download` makes it",
        folder.display()
    );
    Ok(folder)
}

/// What an IDX file packed with gzip holds after its header.
fn read(path: &Path, header: usize) -> Result<Vec<u8>> {
    let packed = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut bytes = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut bytes)?;
    Ok(bytes.split_off(header.min(bytes.len())))
}
