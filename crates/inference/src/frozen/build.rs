//! Turns a frozen model into Rust source: what a module's build script does.

use std::collections::BTreeMap;
use std::format;
use std::path::{Path, PathBuf};
use std::println;
use std::string::{String, ToString};
use std::vec::Vec;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::PrettyFormatter;

use super::digest::sha256;
use super::layer::Weight;
use super::{Frozen, FrozenError, FrozenLayer, Input, Output, OutputQuantity, Training};

/// Names another folder than `artifacts` to take models from.
const ARTIFACTS: &str = "BURN_ALGORITHMS_ARTIFACTS";

/// The whole build script of a module: embeds `../artifacts/<algorithm>/model.safetensors`, or the
/// file of that name in the folder that the variable `BURN_ALGORITHMS_ARTIFACTS` names.
///
/// The crate then has, in `OUT_DIR`, the file `model.rs` (an expression: a constant
/// [`Model`](crate::model::Model)) and a copy of `model.safetensors`. A missing or unsound file
/// fails the build with a message.
pub fn build_script(algorithm: &str) {
    let variable = |name| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .unwrap_or_default()
    };
    let artifacts = std::env::var_os(ARTIFACTS).map_or_else(
        || variable("CARGO_MANIFEST_DIR").join("../artifacts"),
        PathBuf::from,
    );
    let artifact = artifacts.join(algorithm).join("model.safetensors");
    println!("cargo::rerun-if-env-changed={ARTIFACTS}");
    println!("cargo::rerun-if-changed={}", artifact.display());
    if let Err(error) = embed(&artifact, &variable("OUT_DIR")) {
        println!("cargo::error={error}");
        println!("cargo::error=train the model first, or restore `artifacts/{algorithm}`");
    }
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "wasi")
        && std::env::var_os("CARGO_FEATURE_BURN").is_none()
    {
        // The default is 1 MiB, all of which counts as memory of the module from its start.
        println!("cargo::rustc-link-arg-bins=-zstack-size=65536");
    }
}

fn embed(artifact: &Path, folder: &Path) -> Result<(), FrozenError> {
    let bytes = std::fs::read(artifact).map_err(|source| FrozenError::Read {
        path: artifact.into(),
        source,
    })?;
    let source = source(&bytes)?;
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).map_err(|source| FrozenError::Write { path, source })
    };
    write("model.safetensors", &bytes)?;
    for (name, bytes) in source.weights {
        write(&name, &bytes)?;
    }
    write("model.rs", source.code.as_bytes())
}

/// A model as Rust source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// An expression: a constant [`Model`](crate::model::Model).
    pub code: String,
    /// The files of weights that the code includes: names and bytes.
    pub weights: Vec<(String, Vec<u8>)>,
}

/// Writes a model as Rust source.
///
/// # Errors
///
/// If `bytes` are no sound frozen model.
pub fn source(bytes: &[u8]) -> Result<Source, FrozenError> {
    let frozen = Frozen::from_bytes(bytes)?;
    let header = &frozen.header;
    let mut weights = Vec::new();
    let mut layers = String::new();
    let mut width = header.inputs.numbers();
    for (index, layer) in frozen.layers.iter().enumerate() {
        for weight in layer.weights() {
            weights.push((file_name(index, &weight), weight.values.bytes()));
        }
        // `must_cast` fails to compile unless the file has just as many bytes.
        let kernel = layer.source(width, |weight| {
            format!(
                "{{ static WEIGHT: [{}; {}] = ::inference::must_cast(*include_bytes!({:?})); &WEIGHT }}",
                weight.values.kind(),
                grouped(weight.values.len()),
                file_name(index, &weight)
            )
        });
        layers.push_str(&format!("        &{kernel},\n"));
        width = layer.kernel(width).outputs();
    }
    let input = match &header.inputs {
        Input::Fields(fields) => {
            let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
            format!("Fields(&{names:?})")
        }
        Input::Image(image) => format!(
            "Image {{ height: {}, width: {}, maximum: {} }}",
            image.height, image.width, image.maximum
        ),
        Input::Text(text) => format!(
            "Text {{ slots: {}, vocabulary: {} }}",
            text.slots,
            grouped(text.vocabulary)
        ),
    };
    let output = match &header.output {
        Output::Classes(classes) => format!("Classes(&{classes:?})"),
        Output::Quantity(quantity) => {
            let OutputQuantity {
                name,
                coverage,
                reach,
            } = quantity;
            // To the bit, in a form that no lint finds fault with.
            let exact =
                |number: &f32| format!("f32::from_bits({})", grouped(number.to_bits() as usize));
            format!(
                "Quantity {{ name: {name:?}, coverage: {}, reach: {} }}",
                exact(coverage),
                exact(reach)
            )
        }
    };
    let code = format!(
        "::inference::model::Model {{\n    input: ::inference::model::ModelInput::{input},\n    \
         output: ::inference::output::{output},\n    \
         layers: &[\n{layers}    ],\n    description: {:?},\n}}\n",
        description(&frozen, bytes)?
    );
    Ok(Source { code, weights })
}

/// A number as Rust likes to read it, such as `371_712`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

fn file_name(layer: usize, weight: &Weight<'_>) -> String {
    format!("layers.{layer}.{}.{}", weight.name, weight.values.kind())
}

/// What `--describe` prints.
#[derive(Serialize)]
struct Description<'a> {
    algorithm: &'a str,
    inputs: &'a Input,
    #[serde(flatten)]
    output: &'a Output,
    layers: Vec<&'static str>,
    parameters: usize,
    metrics: &'a BTreeMap<String, f64>,
    training: &'a Training,
    /// SHA-256 of the model file, in hexadecimal.
    model_sha256: String,
}

fn description(frozen: &Frozen, bytes: &[u8]) -> Result<String, FrozenError> {
    let header = &frozen.header;
    let description = Description {
        algorithm: &header.algorithm,
        inputs: &header.inputs,
        output: &header.output,
        layers: frozen.layers.iter().map(FrozenLayer::kind).collect(),
        parameters: frozen.parameters(),
        metrics: &header.metrics,
        training: &header.training,
        model_sha256: sha256(bytes),
    };
    // A step of one space: a module carries every one of them.
    let mut bytes = Vec::new();
    let formatter = PrettyFormatter::with_indent(b" ");
    description.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned() + "\n")
}
