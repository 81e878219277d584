//! Modules of the form for Cocos, started as its agent starts them: with one folder, which is called `.` inside.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::{Path, PathBuf};

use pack::{ALLOWED_IMPORTS, COCOS_IMPORT, COCOS_RUNNERS, Form, RUNNERS, inspect};
use testing::{Embedded, HostError, Request, Response, host};

const IRIS: &[u8] = include_bytes!("../../../artifacts/iris/model.safetensors");
const FLOWER: &str =
    r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#;
const NO_FOLDER: &str =
    "error: cannot write result.txt: the host gives no folder; with wasmtime: `--dir results::.`\n";

type Run = Box<dyn Fn(Option<&Path>, Request<'_>) -> Result<Response, HostError>>;

/// The module of Iris for Cocos, in a file.
fn module(folder: &Path) -> PathBuf {
    let path = folder.join("iris-inference-cocos.wasm");
    fs::write(&path, pack::pack_as(Form::Cocos, IRIS).unwrap()).unwrap();
    path
}

/// Every host that is installed, with `module` in it: a name, and how to run it with a folder or without.
fn hosts(module: &Path) -> Vec<(&'static str, Run)> {
    let embedded = Embedded::open_for_cocos(module).unwrap();
    let run: Run = Box::new(move |folder, request| embedded.run_in(folder, request));
    let mut hosts = vec![("embedded", run)];
    for host in host::testable() {
        let module = module.to_path_buf();
        let run: Run = Box::new(move |folder, request| match folder {
            Some(folder) => host.run_in(folder, &module, request),
            None => host.run(&module, None, request),
        });
        hosts.push((host.name, run));
    }
    hosts
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn the_answer_or_the_error_is_in_the_file_in_every_host() {
    let folder = tempfile::tempdir().unwrap();
    let module = module(folder.path());
    let two = format!("[{FLOWER}, {FLOWER}]");
    let wide = FLOWER.replace("1.4", "14");
    let lines = format!("{FLOWER}\nnot JSON\n").repeat(2_000);
    let cases: [(&[&str], &str, i32); 6] = [
        (&[FLOWER], "", 0),
        (&["--json", &two], "", 0),
        (&[&wide], "", 0),
        (&["--json", "{}"], "", 2),
        (&[], "", 2),
        (&["-", "--json"], &lines, 2),
    ];
    for (name, run) in hosts(&module) {
        let results = folder.path().join(name);
        fs::create_dir(&results).unwrap();
        for (arguments, input, code) in &cases {
            let request = Request {
                arguments,
                input: input.as_bytes(),
            };
            let response = run(Some(&results), request).unwrap();
            assert_eq!(response.code, *code, "{name} {arguments:?}");
            let names: Vec<_> = (fs::read_dir(&results).unwrap())
                .map(|entry| entry.unwrap().file_name())
                .collect();
            assert_eq!(names, ["result.txt"], "{name}");
            // All that was printed, in its order; each case empties the file.
            let result = fs::read(results.join("result.txt")).unwrap();
            let (mut output, mut error) = (Vec::new(), Vec::new());
            for line in result.split_inclusive(|byte| *byte == b'\n') {
                let to_error = ["error: ", "note: ", "hint: ", "try "];
                match to_error.iter().any(|start| text(line).starts_with(start)) {
                    true => error.extend(line),
                    false => output.extend(line),
                }
            }
            assert_eq!(text(&output), text(&response.output), "{name}");
            assert_eq!(text(&error), text(&response.error), "{name}");
            assert!(!result.is_empty());
        }
    }
}

#[test]
fn without_a_folder_the_answer_is_printed_and_the_loss_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let module = module(folder.path());
    let bad = "error: no input: expected one JSON value, or `-` to read lines from standard input\ntry `iris-inference --help`\n";
    for (name, run) in hosts(&module) {
        for (arguments, output, error, code) in [
            (&[FLOWER][..], "Iris-versicolor\n", String::new(), 1),
            (&[], "", bad.to_owned(), 2),
        ] {
            let request = Request {
                arguments,
                input: b"",
            };
            let response = run(None, request).unwrap();
            let error = NO_FOLDER.to_owned() + &error;
            assert_eq!(text(&response.output), output, "{name}");
            assert_eq!(text(&response.error), error, "{name}");
            assert_eq!(response.code, code, "{name}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let module = module(folder.path());
    let results = folder.path().join("results");
    fs::create_dir(&results).unwrap();
    // A folder where the file should be.
    fs::create_dir(results.join("result.txt")).unwrap();
    for host in host::testable() {
        let request = Request {
            arguments: &[FLOWER],
            input: b"",
        };
        let response = host.run_in(&results, &module, request).unwrap();
        assert_eq!(text(&response.output), "Iris-versicolor\n");
        let error = text(&response.error);
        let start = "error: cannot write result.txt: error ";
        assert!(error.starts_with(start), "{error}");
        assert_eq!((error.lines().count(), response.code), (1, 1));
    }
}

#[test]
fn one_call_more_is_the_only_difference() {
    let expected = [
        &ALLOWED_IMPORTS[..4],
        &[COCOS_IMPORT],
        &ALLOWED_IMPORTS[4..],
    ]
    .concat();
    for (plain, cocos) in RUNNERS.iter().zip(&COCOS_RUNNERS) {
        let inspection = inspect(cocos.wasm).unwrap();
        assert_eq!(inspection.imports, expected);
        assert_eq!(inspection.runner, Some(cocos.name));
        assert_eq!(cocos.name, format!("{}-cocos", plain.name));
        assert_eq!(inspect(plain.wasm).unwrap().imports, ALLOWED_IMPORTS);
        let more = cocos.wasm.len() - plain.wasm.len();
        assert!(more < 1024, "{more} bytes");
    }
    let module = inspect(&pack::pack_as(Form::Cocos, IRIS).unwrap()).unwrap();
    assert_eq!(module.runner, Some("runner-table-cocos"));
    assert_eq!(module.model.as_deref(), Some(IRIS));
}
