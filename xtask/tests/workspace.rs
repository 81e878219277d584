//! The workspace as a reader of the blog post and as an auditor meet it: the documented commands,
//! typed as printed, and modules built twice.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::quick;
use testing::WASMTIME;

/// Largest size of the module of Iris, in bytes.
const SIZE: u64 = 96 * 1024;

const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Copies the workspace, without what was built in it, to `to`.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name == "target" || name == ".git" {
            continue;
        }
        let (from, to) = (entry.path(), to.join(name));
        if entry.file_type().unwrap().is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

/// Types `line` into a shell in `folder`, and returns what it prints.
fn shell(folder: &Path, line: &str) -> String {
    let output = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "$ {line}\n{error}");
    String::from_utf8(output.stdout).unwrap()
}

/// A copy of the workspace that builds into a folder below this one's target, so that a second run of the tests is quick.
fn clone_into(folder: &Path) -> PathBuf {
    let clone = folder.join("workspace");
    copy(root(), &clone);
    let target = root().join("target/quick");
    fs::create_dir_all(&target).unwrap();
    symlink(target, clone.join("target")).unwrap();
    clone
}

/// Types `line`, which builds a native program of the workspace in `root`, into a shell in `folder`.
fn build_quickly(root: &Path, folder: &Path, line: &str) -> String {
    // Cargo reads the configuration of all folders above, too. Modules are built as they are.
    let configuration = root.parent().unwrap().join(".cargo");
    fs::create_dir(&configuration).unwrap();
    fs::write(configuration.join("config.toml"), quick::native()).unwrap();
    let printed = shell(folder, line);
    fs::remove_dir_all(configuration).unwrap();
    printed
}

/// In one clone: what both need is built once.
#[test]
fn the_blogs_commands_work_as_printed() {
    let folder = tempfile::tempdir().unwrap();
    let root = clone_into(folder.path());
    digits(&root);
    flowers(&root);
}

fn flowers(root: &Path) {
    let (iris, module) = (root.join("iris"), root.join("iris-inference"));
    fs::remove_dir_all(root.join("artifacts")).unwrap();

    build_quickly(
        root,
        root,
        "cargo build --release --bin iris-ndarray --features ndarray",
    );
    build_quickly(
        root,
        &iris,
        "cargo build --release --bin iris-ndarray --features ndarray",
    );
    let printed = shell(&iris, "../target/release/iris-ndarray");
    assert!(printed.contains("| Valid | Accuracy |"), "{printed}");
    shell(
        &iris,
        "mkdir -p ../artifacts/iris && cp -r artifacts/iris/* ../artifacts/iris",
    );
    shell(&module, "cargo build --release --target wasm32-wasip1");
    let built = root.join("target/wasm32-wasip1/release/iris-inference.wasm");
    assert!(fs::metadata(built).unwrap().len() <= SIZE);
    if !WASMTIME.can_be_tested() {
        return;
    }
    let predict =
        format!("wasmtime ../target/wasm32-wasip1/release/iris-inference.wasm '{FLOWER}'");
    assert_eq!(shell(&module, &predict), "Iris-versicolor\n");

    // The form for Cocos, as its agent starts it.
    shell(
        &module,
        "cargo build --release --target wasm32-wasip1 --features cocos && mkdir results",
    );
    let predict = predict.replace("wasmtime", "wasmtime --dir results::.");
    assert_eq!(shell(&module, &predict), "Iris-versicolor\n");
    assert_eq!(
        shell(&module, "cat results/result.txt"),
        "Iris-versicolor\n"
    );
}

/// An IDX file of unsigned bytes.
fn idx(dimensions: &[u32], bytes: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dimensions.len() as u8];
    file.extend(dimensions.iter().flat_map(|size| size.to_be_bytes()));
    file.extend(bytes);
    file
}

/// A data set as small as it can be: stripes, ten of a kind for each digit.
fn write_stripes(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let digits: Vec<u8> = (0..100).map(|index| index % 10).collect();
    let stripes = |digit: u8| {
        (0..784).map(move |pixel| {
            if pixel % (11 + u16::from(digit)) < 4 {
                255
            } else {
                0
            }
        })
    };
    let pixels: Vec<u8> = digits.iter().flat_map(|digit| stripes(*digit)).collect();
    for part in ["train", "t10k"] {
        let images = idx(&[100, 28, 28], &pixels);
        fs::write(folder.join(format!("{part}-images-idx3-ubyte")), images).unwrap();
        let labels = idx(&[100], &digits);
        fs::write(folder.join(format!("{part}-labels-idx1-ubyte")), labels).unwrap();
    }
}

fn digits(root: &Path) {
    let (mnist, module) = (root.join("mnist"), root.join("mnist-inference"));
    write_stripes(&mnist.join("data/mnist"));
    build_quickly(
        root,
        root,
        "cargo build --release --bin mnist-ndarray --features ndarray",
    );
    let printed = shell(
        &mnist,
        "unset BURN_ALGORITHMS_DATA; ../target/release/mnist-ndarray --epochs 1",
    );
    assert!(printed.contains("  params: 376952"), "{printed}");
    assert!(printed.contains("| Valid | Accuracy |"), "{printed}");
    assert!(mnist.join("artifacts/mnist/model.safetensors").is_file());

    shell(&module, "cargo build --release --target wasm32-wasip1");
    let array = build_quickly(
        root,
        root,
        "cargo run --release --bin convert-image mnist-inference/4.png",
    );
    assert!(array.starts_with("[0.0, 0.0, "), "{array}");
    if !WASMTIME.can_be_tested() {
        return;
    }
    let predict =
        format!("wasmtime ../target/wasm32-wasip1/release/mnist-inference.wasm '{array}'");
    assert_eq!(shell(&module, &predict), "4\n");
    // As the README has it.
    let piped = shell(
        &module,
        "../target/release/convert-image 4.png | wasmtime ../target/wasm32-wasip1/release/mnist-inference.wasm -",
    );
    assert_eq!(piped, "4\n");
}

#[test]
fn modules_are_the_same_bytes_from_any_folder() {
    let digests = ["a", "a/much/longer/path"].map(|name| {
        let folder = tempfile::tempdir().unwrap();
        let clone = folder.path().join(name);
        copy(root(), &clone);
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("wasm")
            .args(xtask::modules::names(root()).unwrap())
            .arg("--workspace")
            .arg(&clone)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let listing = String::from_utf8(output.stdout).unwrap();
        let digests: Vec<_> = listing
            .lines()
            .filter(|line| line.contains("sha256"))
            .map(str::to_owned)
            .collect();
        assert!(!digests.is_empty(), "{listing}");
        let modules = clone.join("target/reproducible/wasm32-wasip1/release");
        let wasm = fs::read(modules.join("iris-inference.wasm")).unwrap();
        let home = std::env::home_dir().unwrap();
        for path in [folder.path(), home.as_path()] {
            let path = path.to_str().unwrap().as_bytes();
            assert!(
                !wasm.windows(path.len()).any(|part| part == path),
                "a local path"
            );
        }
        digests
    });
    assert_eq!(digests[0], digests[1]);
}
