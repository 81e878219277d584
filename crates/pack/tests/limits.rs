//! The limits that wasmtime sets to a module: what happens when they are reached.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use testing::WASMTIME;

const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;

/// A shipped model, an input and its answer, and what is enough for them: fuel, twice of what they take, and memory in
/// KiB.
type Case = (&'static [u8], &'static str, &'static str, u64, u64);

const CASES: [Case; 4] = [
    (
        include_bytes!("../../../artifacts/iris/model.safetensors"),
        FLOWER,
        "Iris-versicolor\n",
        2_100_000,
        128,
    ),
    (
        include_bytes!("../../../artifacts/wine-quality/model.safetensors"),
        r#"{"fixed_acidity": 7.4, "volatile_acidity": 0.7, "citric_acid": 0, "residual_sugar": 1.9, "chlorides": 0.076, "free_sulfur_dioxide": 11, "total_sulfur_dioxide": 34, "density": 0.9978, "pH": 3.51, "sulphates": 0.56, "alcohol": 9.4}"#,
        "5.2\n",
        3_900_000,
        128,
    ),
    (
        include_bytes!("../../../artifacts/mnist/model.safetensors"),
        include_str!("../../../mnist-inference/tests/blog.json"),
        "4\n",
        21_000_000,
        576,
    ),
    (
        include_bytes!("../../../artifacts/agnews/model.safetensors"),
        r#"{"title": "Late goal sends Ajax to the final", "description": "A header in the last minute of the match won the cup tie for the visitors."}"#,
        "Sports\n",
        6_000_000,
        3584,
    ),
];

/// What wasmtime ends with when it ends a module.
const ENDED: Option<i32> = Some(134);

/// A module in a file that goes when this is dropped.
struct Module {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Module {
    fn of(model: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inference.wasm");
        fs::write(&path, pack::pack(model).unwrap()).unwrap();
        Self {
            path,
            _folder: folder,
        }
    }

    /// The module in wasmtime with the limit that the option `-W` is given.
    fn within(&self, limit: &str) -> Command {
        let mut command = Command::new("wasmtime");
        command.args(["run", "-W", limit]).arg(&self.path);
        command
    }
}

/// Exit code, output and messages of `command`.
fn ended(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    let [out, error] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code(), out, error)
}

#[test]
fn fuel_bounds_the_instructions() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    for (model, input, answer, enough, _) in CASES {
        let module = Module::of(model);
        let (code, output, error) = ended(module.within(&format!("fuel={enough}")).arg(input));
        assert_eq!((code, output.as_str()), (Some(0), answer), "{error}");
        let (code, output, error) = ended(module.within("fuel=50000").arg(input));
        assert_eq!((code, output.as_str()), (ENDED, ""));
        assert!(
            error.contains("all fuel consumed by WebAssembly"),
            "{error}"
        );
    }
}

#[test]
fn a_timeout_ends_a_module_that_waits_and_keeps_its_answers() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    let module = Module::of(CASES[0].0);
    let mut child = (module.within("timeout=2s").arg("-"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody says that there is no more to come.
    let mut input = child.stdin.take().unwrap();
    writeln!(input, "{FLOWER}").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), ENDED);
    assert_eq!(output.stdout, b"Iris-versicolor\n");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("timed out after deadline has elapsed"),
        "{error}"
    );
    drop(input);
}

#[test]
fn memory_is_bounded() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    for (model, input, answer, _, enough) in CASES {
        let module = Module::of(model);
        let limit = format!("max-memory-size={}", enough * 1024);
        let (code, output, error) = ended(module.within(&limit).arg(input));
        assert_eq!((code, output.as_str()), (Some(0), answer), "{error}");
        let (code, output, error) = ended(module.within("max-memory-size=65536").arg(input));
        assert_eq!((code, output.as_str()), (Some(1), ""));
        assert!(error.contains("pages exceeds memory limits"), "{error}");
    }
}
