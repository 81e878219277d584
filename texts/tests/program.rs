//! The program from a file to a module that answers.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use testing::{Embedded, Request};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_texts-flex"));
    command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Reviews whose words tell the stars in most cases.
fn reviews() -> String {
    fastrand::seed(5);
    let words = [
        ["great", "lovely", "merveilleux", "很好"],
        ["awful", "broken", "mauvais", "不好"],
    ];
    let mut text = String::from("id,title,body,stars\n");
    for row in 0..120_usize {
        let word = || {
            words[if fastrand::u8(..10) == 0 {
                1 - row % 2
            } else {
                row % 2
            }][fastrand::usize(..4)]
        };
        let (title, body) = (word(), [word(), word(), word()].join(" "));
        text += &format!(
            "{row},\"{title}, \"\"really\"\"\",\"{body} no {row}\",{}\n",
            5 - 4 * (row % 2)
        );
    }
    text
}

#[test]
fn a_file_becomes_a_module() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("reviews.csv"), reviews()).unwrap();
    let arguments = [
        "--data",
        "reviews.csv",
        "--text",
        "title,body",
        "--target",
        "stars",
        "--size",
        "200",
    ];
    let output = run(folder.path(), &arguments);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("by cross-validation with 5 folds"), "{said}");
    let artifacts = folder.path().join("artifacts/reviews");
    let path = artifacts.join("reviews-inference.wasm");
    assert!(fs::metadata(&path).unwrap().len() <= 200 * 1024);
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(artifacts.join("report.json")).unwrap()).unwrap();
    assert!(
        report["test"]["classes"]["accuracy"].as_f64().unwrap() > 0.85,
        "{report}"
    );
    let module = Embedded::open(&path).unwrap();
    let text = r#"{"title": "lovely", "body": "很好 很好"}"#;
    let answered = module.run(Request {
        arguments: &["--explain", text],
        input: b"",
    });
    let answered = String::from_utf8(answered.unwrap().output).unwrap();
    assert!(answered.starts_with("5\t"), "{answered}");
    // The same file gives the same bytes.
    let first = fs::read(artifacts.join("model.safetensors")).unwrap();
    let output = run(folder.path(), &arguments);
    assert!(output.status.success());
    assert_eq!(
        fs::read(artifacts.join("model.safetensors")).unwrap(),
        first
    );
}

#[test]
fn mistakes_exit_with_2_and_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("reviews.csv"), reviews()).unwrap();
    fs::write(
        folder.path().join("picture.png"),
        b"\x89PNG\r\n\x1a\n\0\0\0",
    )
    .unwrap();
    for (arguments, expected) in [
        (&["--data", "reviews.csv", "--text", "body"][..], "--target"),
        (&["--data", "reviews.csv", "--target", "stars"], "--text"),
        (
            &[
                "--data",
                "reviews.csv",
                "--text",
                "boddy",
                "--target",
                "stars",
            ],
            "`boddy`",
        ),
        (
            &["--data", "picture.png", "--text", "a", "--target", "b"],
            "picture",
        ),
        (
            &["--data", "nothing.csv", "--text", "a", "--target", "b"],
            "nothing.csv",
        ),
    ] {
        let output = run(folder.path(), arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected), "{error}");
        assert!(
            output.status.code() == Some(2) || expected == "nothing.csv",
            "{error}"
        );
        assert!(!folder.path().join("artifacts").exists());
    }
}
