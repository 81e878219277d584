//! Pictures of anything, for a model of one's own.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use image::{GrayImage, Luma, Rgb, RgbImage};
use model::{FrozenLayer, Image, Input, ModelFile, Output as Answer, Training};

/// A model of pictures of three by two pixels that says nothing of them.
fn model(name: &str, channels: usize) -> Vec<u8> {
    let inputs = 3 * 2 * channels;
    let layer = FrozenLayer::new("linear")
        .weight("weight", &[inputs, 2], vec![0.0_f32; 2 * inputs])
        .weight("bias", &[2], vec![0.0_f32; 2]);
    let file = ModelFile {
        name: name.into(),
        about: "Toys.".into(),
        example: String::new(),
        input: Input::Image(Image {
            height: 2,
            width: 3,
            channels,
            maximum: 255,
            unit: String::new(),
            mean: vec![0.5; channels],
            std_dev: vec![0.25; channels],
        }),
        output: Answer::Classes(vec!["yes".into(), "no".into()]),
        layers: vec![layer, FrozenLayer::new("softmax")],
        metrics: [].into(),
        training: Training::default(),
    };
    file.to_bytes().unwrap()
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convert-image"));
    command
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}

/// A folder with models and pictures.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for channels in [1, 3] {
        let bytes = model("toys", channels);
        fs::write(path(&format!("{channels}.safetensors")), &bytes).unwrap();
        fs::write(
            path(&format!("{channels}.wasm")),
            pack::pack(&bytes).unwrap(),
        )
        .unwrap();
    }
    RgbImage::from_fn(3, 2, |x, y| Rgb([10 * x as u8, 100 * y as u8, 7]))
        .save(path("colour.png"))
        .unwrap();
    GrayImage::from_pixel(600, 400, Luma([33]))
        .save(path("grey.png"))
        .unwrap();
    folder
}

#[test]
fn pictures_get_the_form_that_the_model_takes() {
    let folder = folder();
    for model in ["3.safetensors", "3.wasm"] {
        let output = run(folder.path(), &["--for", model, "colour.png", "grey.png"]);
        assert_eq!(output.status.code(), Some(0));
        let colour = "[0, 0, 7, 10, 0, 7, 20, 0, 7, 0, 100, 7, 10, 100, 7, 20, 100, 7]";
        let grey = format!("[{}]", ["33"; 18].join(", "));
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            format!("{colour}\n{grey}\n")
        );
    }
    let output = run(folder.path(), &["--for", "1.wasm", "grey.png"]);
    assert_eq!(output.stdout, b"[33, 33, 33, 33, 33, 33]\n");
}

#[test]
fn what_cannot_be_used_is_named() {
    let folder = folder();
    for (arguments, expected) in [
        (
            ["--for", "nothing.wasm", "grey.png"],
            "cannot read `nothing.wasm`",
        ),
        (
            ["--for", "grey.png", "grey.png"],
            "expected a model of pictures",
        ),
        (
            ["--for", "1.wasm", "1.wasm"],
            "`1.wasm`: not an image in PNG",
        ),
        (
            ["--for", "1.wasm", "nothing.png"],
            "`nothing.png`: there is no such file",
        ),
    ] {
        let output = run(folder.path(), &arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected), "{error}");
        assert_eq!(output.status.code(), Some(2));
    }
}

#[test]
fn a_model_of_digits_gets_digits() {
    let folder = folder();
    fs::write(folder.path().join("digits.safetensors"), model("mnist", 1)).unwrap();
    let picture = GrayImage::from_fn(120, 100, |x, y| match (x, y) {
        (30..42, 10..80) => Luma([20]),
        _ => Luma([250]),
    });
    picture.save(folder.path().join("one.png")).unwrap();
    let plain = run(folder.path(), &["one.png"]);
    let digits = run(folder.path(), &["--for", "digits.safetensors", "one.png"]);
    assert_eq!(digits.stdout, plain.stdout);
    assert!(plain.stdout.len() > 784);
}
