//! From model files to modules and back, in the library and as a program.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::process::Command;

use pack::{ALLOWED_IMPORTS, COCOS_RUNNERS, PackError, RUNNERS, inspect, pack, pack_into};
use wasmparser::{Validator, WasmFeatures};

const IRIS: &[u8] = include_bytes!("../../../artifacts/iris/model.safetensors");
const MNIST: &[u8] = include_bytes!("../../../artifacts/mnist/model.safetensors");
const AGNEWS: &[u8] = include_bytes!("../../../artifacts/agnews/model.safetensors");

#[test]
fn a_module_is_its_runner_and_its_model() {
    for (model, runner) in [
        (IRIS, "runner-table"),
        (MNIST, "runner-image"),
        (AGNEWS, "runner-text"),
    ] {
        let module = pack(model).unwrap();
        assert_eq!(module, pack(model).unwrap(), "the same bytes");
        let inspection = inspect(&module).unwrap();
        assert_eq!(inspection.model.as_deref(), Some(model));
        assert_eq!(inspection.runner, Some(runner));
        assert_eq!(inspection.sha256.len(), 64);
        assert_eq!(inspection.imports, ALLOWED_IMPORTS);
        // The model, and the last page of it and of the runner, no more.
        assert!(inspection.memory >= model.len() as u64);
        assert!(inspection.memory < model.len() as u64 + 2 * 65_536);
    }
}

#[test]
fn a_runner_has_no_model() {
    for runner in RUNNERS {
        let inspection = inspect(runner.wasm).unwrap();
        assert_eq!(inspection.runner, Some(runner.name));
        assert_eq!(inspection.model, None);
    }
}

/// No threads, no relaxed SIMD, whose results depend on the processor, and nothing else that is newer.
#[test]
fn modules_need_wasm_2_and_nothing_newer() {
    for runner in RUNNERS.iter().chain(&COCOS_RUNNERS) {
        let mut validator = Validator::new_with_features(WasmFeatures::WASM2);
        let fault = validator.validate_all(runner.wasm).err();
        assert!(fault.is_none(), "{}: {fault:?}", runner.name);
    }
}

#[test]
fn changed_code_is_told() {
    let mut module = pack(IRIS).unwrap();
    // In the code, behind the first sections.
    let at = module.len() / 4;
    module[at] ^= 1;
    if let Ok(inspection) = inspect(&module) {
        assert_eq!(inspection.runner, None);
    }
}

#[test]
fn what_makes_no_module_is_refused() {
    for length in [0, 7, 100, IRIS.len() - 1] {
        assert!(matches!(pack(&IRIS[..length]), Err(PackError::Model(_))));
    }
    let mut infinite = IRIS.to_vec();
    // Behind the header, whose length comes first, floats are before bytes.
    let header = u64::from_le_bytes(*IRIS.first_chunk().unwrap()) as usize;
    infinite[8 + header..][..4].copy_from_slice(&f32::INFINITY.to_le_bytes());
    assert!(matches!(pack(&infinite), Err(PackError::Model(_))));
    assert!(matches!(inspect(b"nothing"), Err(PackError::Wasm(_))));
    // The smallest module that there is: no memory, no slot.
    let empty = b"\0asm\x01\0\0\0";
    assert!(matches!(pack_into(empty, IRIS), Err(PackError::Layout(_))));
}

/// What the program does: exit code, standard output, standard error.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pack"));
    let output = command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let [out, error] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code(), out, error)
}

#[test]
fn the_program_packs_inspects_and_extracts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("model.safetensors"), IRIS).unwrap();
    let (code, _, said) = run(folder, &["model.safetensors"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("iris-inference.wasm ("), "{said}");
    let (code, listing, _) = run(folder, &["inspect", "iris-inference.wasm"]);
    assert_eq!(code, Some(0));
    for part in ["args_get", "runner-table", "iris: Tells", "9159 weights"] {
        assert!(listing.contains(part), "{part}\n{listing}");
    }
    let (code, ..) = run(
        folder,
        &["extract", "iris-inference.wasm", "back.safetensors"],
    );
    assert_eq!(code, Some(0));
    assert_eq!(fs::read(folder.join("back.safetensors")).unwrap(), IRIS);
    let (code, _, said) = run(folder, &["--cocos", "model.safetensors"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("iris-inference-cocos.wasm ("), "{said}");
    let (_, listing, _) = run(folder, &["inspect", "iris-inference-cocos.wasm"]);
    let openssl = Command::new("openssl")
        .args(["dgst", "-sha3-256", "-r", "iris-inference-cocos.wasm"])
        .current_dir(folder)
        .output()
        .unwrap();
    let openssl = String::from_utf8(openssl.stdout).unwrap();
    let digest = openssl.split(' ').next().unwrap();
    let digest = format!("sha3-256  {digest}\n");
    for part in ["path_open", "runner-table-cocos", &digest] {
        assert!(listing.contains(part), "{part}\n{listing}");
    }
}

#[test]
fn the_program_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("text.txt"), "no model").unwrap();
    fs::write(folder.join("runner.wasm"), RUNNERS[0].wasm).unwrap();
    for (arguments, part) in [
        (
            &["nowhere.safetensors"][..],
            "cannot read `nowhere.safetensors`",
        ),
        (&["text.txt"], "`text.txt`: not a safetensors file"),
        (&["inspect", "text.txt"], "`text.txt`: not a Wasm module"),
        (
            &["extract", "runner.wasm", "x"],
            "the module was not packed",
        ),
        (&[], "MODEL"),
    ] {
        let (code, _, error) = run(folder, arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
}

/// A program for tables has no GELU: the module would not start.
#[test]
fn a_layer_that_the_runner_lacks_is_refused() {
    let field = model::Field {
        name: "length".into(),
        unit: String::new(),
        description: String::new(),
        values: model::Values::Number {
            minimum: 0.0,
            maximum: 9.0,
            training_minimum: None,
            training_maximum: None,
        },
        transform: model::Transform::Identity,
    };
    let file = |layer| model::ModelFile {
        name: "toy".into(),
        about: String::new(),
        example: String::new(),
        input: model::Input::Table(vec![field.clone()]),
        output: model::Output::Number(model::NumberOutput {
            name: "size".into(),
            coverage: 0.8,
            half_width: 1.0,
            decimals: 1,
        }),
        layers: vec![model::FrozenLayer::new(layer)],
        metrics: [].into(),
        training: model::Training::default(),
    };
    assert!(pack(&file("relu").to_bytes().unwrap()).is_ok());
    let error = pack(&file("gelu").to_bytes().unwrap()).unwrap_err();
    assert!(error.to_string().contains("does not have"), "{error}");
}
