//! MNIST: all 10,000 test images.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use testing::answers::difference;

use super::report;

/// Numbers of an image.
const PIXELS: usize = 28 * 28;
/// Bytes before the data, in files of images and of labels.
const HEADERS: [usize; 2] = [16, 8];

/// Streams the test images through the module in wasmtime, and through the same with Burn's forward
/// pass.
pub fn run(folder: &Path) -> Result<()> {
    let images = read(&folder.join("t10k-images-idx3-ubyte.gz"), HEADERS[0])?;
    let labels = read(&folder.join("t10k-labels-idx1-ubyte.gz"), HEADERS[1])?;
    ensure!(images.len() == PIXELS * labels.len(), "the files disagree");
    let line = |image: &[u8]| serde_json::to_string(image).map(|line| line + "\n");
    let lines = images.chunks_exact(PIXELS).map(line);
    let input = lines.collect::<Result<String, _>>()?;
    let classes: Vec<String> = labels.iter().map(u8::to_string).collect();
    let module = super::stream("mnist-inference", input.as_bytes())?;
    report("mnist-inference.wasm in wasmtime", &module, &classes)?;
    let burn = super::stream_with_burn("mnist-inference", input.as_bytes())?;
    report("Burn's forward pass, in wasmtime", &burn, &classes)?;
    let (others, largest) = difference(&module, &burn);
    println!(
        "They differ on {others} images; the largest difference of a probability is {largest:.1e}."
    );
    Ok(())
}

/// What an IDX file packed with gzip holds after its header.
fn read(path: &Path, header: usize) -> Result<Vec<u8>> {
    let packed = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut bytes = Vec::new();
    GzDecoder::new(&packed[..]).read_to_end(&mut bytes)?;
    Ok(bytes.split_off(header.min(bytes.len())))
}
