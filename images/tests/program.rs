//! The program from a folder to a module that answers.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use image::{Rgb, RgbImage};
use testing::{Embedded, Request};

/// Few steps, on small pictures.
const QUICK: [&str; 4] = ["--epochs", "1", "--pixels", "12"];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_images-flex"));
    command
        .args(arguments)
        .args(QUICK)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// A picture with stripes across or down, in a random colour.
fn stripes(across: bool) -> RgbImage {
    let colour = [
        fastrand::u8(120..),
        fastrand::u8(120..),
        fastrand::u8(120..),
    ];
    let (phase, width) = (fastrand::u32(..8), fastrand::u32(4..6));
    RgbImage::from_fn(24, 18, |x, y| {
        let place = if across { y } else { x };
        let noise = fastrand::u8(..30);
        match (place + phase) / width % 2 {
            0 => Rgb([noise; 3]),
            _ => Rgb(colour.map(|value| value - noise)),
        }
    })
}

/// A folder of pictures of two classes.
fn pictures() -> tempfile::TempDir {
    fastrand::seed(3);
    let folder = tempfile::tempdir().unwrap();
    for (class, across) in [("längs", true), ("quer 縦", false)] {
        let path = folder.path().join("streifen").join(class);
        fs::create_dir_all(&path).unwrap();
        for index in 0..40 {
            stripes(across)
                .save(path.join(format!("{index}.png")))
                .unwrap();
        }
    }
    folder
}

#[test]
fn a_folder_becomes_a_module() {
    let folder = pictures();
    let output = run(folder.path(), &["--data", "streifen"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
    assert!(
        error.contains("80 pictures of 2 classes, seen as 12x12 pixels, in colour"),
        "{error}"
    );
    let artifacts = folder.path().join("artifacts/streifen");
    let mut names: Vec<_> = fs::read_dir(&artifacts)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "bom.json",
            "config.json",
            "confusion.svg",
            "curves.svg",
            "metrics.jsonl",
            "model.safetensors",
            "provenance.json",
            "report.html",
            "report.json",
            "streifen-inference.lib.wasm",
            "streifen-inference.wasm",
        ]
    );
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(artifacts.join("report.json")).unwrap()).unwrap();
    assert!(
        report["test"]["metrics"]["accuracy"].as_f64().unwrap() > 0.9,
        "{report}"
    );

    // New pictures, as `convert-image --for` prepares them.
    let module = Embedded::open(&artifacts.join("streifen-inference.wasm")).unwrap();
    let mut right = 0;
    for index in 0..20 {
        let across = index % 2 == 0;
        let mut png = std::io::Cursor::new(Vec::new());
        stripes(across)
            .write_to(&mut png, image::ImageFormat::Png)
            .unwrap();
        let pixels = pictures::prepare(&png.into_inner(), [12, 12]).unwrap();
        let json = serde_json::to_string(&pixels).unwrap();
        let answer = module.run(Request {
            arguments: &[&json],
            input: b"",
        });
        let answer = String::from_utf8(answer.unwrap().output).unwrap();
        right += usize::from(answer.starts_with(if across { "längs" } else { "quer 縦" }));
    }
    assert!(right >= 18, "{right}");

    // The same pictures and the same seed give the same bytes.
    let first = fs::read(artifacts.join("model.safetensors")).unwrap();
    let output = run(
        folder.path(),
        &[
            "--data",
            "streifen",
            "--artifacts",
            "again",
            "--name",
            "streifen",
        ],
    );
    assert!(output.status.success());
    assert_eq!(
        fs::read(folder.path().join("again/model.safetensors")).unwrap(),
        first
    );
}

#[test]
fn mistakes_exit_with_2_and_name_the_file() {
    let folder = pictures();
    fs::write(folder.path().join("streifen/längs/7.png"), b"no picture").unwrap();
    for (arguments, expected) in [
        (&[][..], "--data"),
        (&["--data", "nothing"], "`nothing`"),
        (&["--data", "streifen"], "7.png"),
        (&["--data", "streifen/längs"], "no folder with pictures"),
    ] {
        let output = run(folder.path(), arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected), "{error}");
        assert_eq!(output.status.code(), Some(2), "{error}");
    }
}
