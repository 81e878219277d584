//! The program from a file to a module that answers.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use testing::resume::Stoppable;
use testing::{Embedded, Request};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_texts-flex"));
    command
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

/// What a run that should succeed wrote to standard output, and to standard error.
fn said(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = run(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{error}");
    (String::from_utf8(output.stdout).unwrap(), error)
}

/// Trains on [`reviews`] in `folder`, and leaves the model in `artifacts/reviews`.
fn train(folder: &Path) {
    fs::write(folder.join("reviews.csv"), reviews(5)).unwrap();
    let columns = ["--text", "title,body", "--target", "stars"];
    let settings = ["--data", "reviews.csv", "--size", "200", "--quiet"];
    said(folder, &[columns.as_slice(), &settings].concat());
}

/// Reviews whose words tell the stars in most cases.
fn reviews(seed: u64) -> String {
    fastrand::seed(seed);
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
    fs::write(folder.path().join("reviews.csv"), reviews(5)).unwrap();
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

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_and_resumed_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("reviews.csv");
    let more = reviews(8);
    let more = more.split_once('\n').unwrap().1;
    fs::write(&data, reviews(7) + &more.repeat(2)).unwrap();
    let run = |folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_texts-flex"));
        command.arg("--data").arg(&data).arg("--quiet");
        command.args(["--text", "title,body", "--target", "stars"]);
        command.arg("--artifacts").arg(folder);
        command
    };
    let checkpoint = Stoppable(&run).survives_kills();
    Stoppable(&run).refuses_others(&checkpoint, &["--seed", "43"]);
}

#[test]
fn mistakes_exit_with_2_and_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("reviews.csv"), reviews(5)).unwrap();
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

#[test]
fn later_texts_are_measured() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    train(path);
    fs::write(path.join("later.csv"), reviews(6)).unwrap();
    let later = ["--data", "later.csv", "--evaluate"];
    let (found, _) = said(path, &[&later[..], &["artifacts/reviews"]].concat());
    assert!(
        found.contains("measured on the 120 texts of later.csv"),
        "{found}"
    );
    let accuracy = found.split("accuracy ").nth(1).unwrap();
    let accuracy: f64 = accuracy.split(' ').next().unwrap().parse().unwrap();
    assert!(accuracy > 85.0, "{found}");
    assert!(found.contains("F1 of `"), "{found}");
    // A folder, a file and a module have the same model.
    for name in ["model.safetensors", "reviews-inference.wasm"] {
        let model = format!("artifacts/reviews/{name}");
        assert_eq!(
            said(path, &[&later[..], &[model.as_str()]].concat()).0,
            found
        );
    }
    // Away from the report, nothing says which column has the class.
    fs::copy(
        path.join("artifacts/reviews/model.safetensors"),
        path.join("alone.safetensors"),
    )
    .unwrap();
    let alone = [&later[..], &["alone.safetensors"]].concat();
    let output = run(path, &alone);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("name it with --target"), "{error}");
    assert_eq!(
        said(path, &[&alone[..], &["--target", "stars"]].concat()).0,
        found
    );
    // Columns may have other names than they had.
    let renamed = reviews(6).replacen("title,body", "head,rest", 1);
    fs::write(path.join("later.csv"), renamed).unwrap();
    let renamed = ["artifacts/reviews", "--text", "head,rest"];
    assert_eq!(said(path, &[&later[..], &renamed].concat()).0, found);
    let output = run(
        path,
        &[&later[..], &["artifacts/reviews", "--text", "rest"]].concat(),
    );
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("--text names 1 columns"), "{error}");
}

#[test]
fn later_texts_are_answered_beside_their_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    train(path);
    // The class is not needed, and what says nothing has no answer.
    let later =
        "title,n,body\n\"great, \"\"really\"\"\",1,lovely 很好\n,2,mauvais awful\nҨҨ,3,\n,4,\n";
    fs::write(path.join("later.csv"), later).unwrap();
    let arguments = ["--data", "later.csv", "--predict", "artifacts/reviews"];
    let (found, error) = said(path, &arguments);
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(
        lines[0],
        "title,n,body,prediction,probability of 1,probability of 5"
    );
    assert!(
        lines[1].starts_with("\"great, \"\"really\"\"\",1,lovely 很好,5,0."),
        "{found}"
    );
    assert!(lines[2].starts_with(",2,mauvais awful,1,0."), "{found}");
    assert_eq!(lines[3..], ["ҨҨ,3,,,,", ",4,,,,"]);
    assert!(error.contains("2 texts have no answer"), "{error}");
    // The module answers the same.
    let module = Embedded::open(&path.join("artifacts/reviews/reviews-inference.wasm")).unwrap();
    let text = r#"{"title": "", "body": "mauvais awful"}"#;
    let answered = module.run(Request {
        arguments: &["--json", text],
        input: b"",
    });
    let answered: serde_json::Value = serde_json::from_slice(&answered.unwrap().output).unwrap();
    let expected = answered["probabilities"]["1"].as_f64().unwrap() as f32;
    let cell: f32 = lines[2].rsplit(',').nth(1).unwrap().parse().unwrap();
    assert!((cell - expected).abs() < 1e-6, "{cell} {expected}");
    // Lines of fastText have a text and no parts.
    fs::write(
        path.join("later.txt"),
        "__label__5 great, really\n__label__1 awful\n",
    )
    .unwrap();
    let arguments = ["--data", "later.txt", "--predict", "artifacts/reviews"];
    let (found, _) = said(path, &arguments);
    assert!(found.starts_with("label,text,prediction,"), "{found}");
    assert!(found.contains("\n5,\"great, really\",5,0."), "{found}");
    assert!(found.contains("\n1,awful,1,0."), "{found}");
}

#[test]
fn a_model_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("later.csv"), reviews(6)).unwrap();
    let iris = Path::new(env!("CARGO_MANIFEST_DIR")).join("../artifacts/iris/model.safetensors");
    for option in ["--evaluate", "--predict"] {
        let output = run(
            folder.path(),
            &["--data", "later.csv", option, iris.to_str().unwrap()],
        );
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("the model is not of texts"), "{error}");
    }
}

#[test]
fn the_page_has_no_markup_of_the_texts() {
    let folder = tempfile::tempdir().unwrap();
    let hostile = "<script>alert(1)</script> & \"\"x\"\" <b onload='y'>";
    // Some classes are wrong, so that texts stand among the worst.
    let mut text = String::from("id,<text>,<class>\n");
    for row in 0..60 {
        let word = ["<great>", "awful"][row % 2];
        let is_good = (row % 2 == 0) != (row % 11 == 0);
        let class = ["<i>bad</i>", "good & \"\"well\"\""][usize::from(is_good)];
        writeln!(text, "{row},\"{hostile} {word} {row}\",\"{class}\"").unwrap();
    }
    fs::write(folder.path().join("<data>.csv"), text).unwrap();
    let arguments = [
        "--data",
        "<data>.csv",
        "--text",
        "<text>",
        "--target",
        "<class>",
    ];
    let (found, _) = said(
        folder.path(),
        &[&arguments[..], &["--name", "toy"]].concat(),
    );
    assert!(found.contains("report.html and report.json"), "{found}");
    let page = fs::read_to_string(folder.path().join("artifacts/toy/report.html")).unwrap();
    for markup in [
        "<script",
        "<b onload",
        "<i>",
        "<text>",
        "<class>",
        "<data>",
        "<great>",
    ] {
        assert!(!page.contains(markup), "{markup}");
    }
    for text in [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&lt;i&gt;bad&lt;/i&gt;",
        "&lt;data&gt;.csv",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.contains("Texts most confidently wrong") && page.contains("great"));
}
