//! The trainers as programs: what they write, what they refuse, and how they survive.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod data;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use data::{report, right, trainer};
use serde_json::Value;
use signing::PublicKey;
use testing::trainer::{Trainer, assert_lines, folder, json, model, names, refused, succeeded};
use testing::{Embedded, Request};

const FLEX: Trainer<'_> = trainer(env!("CARGO_BIN_EXE_iris-flex"));
const NDARRAY: Trainer<'_> = trainer(env!("CARGO_BIN_EXE_iris-ndarray"));

/// Everything that a run writes.
const ARTIFACTS: [&str; 11] = [
    "bom.json",
    "config.json",
    "confusion.svg",
    "curves.svg",
    "iris-inference.lib.wasm",
    "iris-inference.wasm",
    "metrics.jsonl",
    "model.safetensors",
    "provenance.json",
    "report.html",
    "report.json",
];

#[test]
fn a_run_prints_the_network_and_the_table_and_writes_every_artifact() {
    let folder = folder();
    let printed = FLEX.train(folder.path(), &[]);
    assert_lines(
        &printed,
        &[
            "Train Dataset Size: 105",
            "Validation Dataset Size: 15",
            "Test Dataset Size: 30",
            "  input_layer: Linear {d_input: 4, d_output: 128, bias: true, params: 640}",
            "  hidden_layer: Linear {d_input: 128, d_output: 64, bias: true, params: 8256}",
            "  output_layer: Linear {d_input: 64, d_output: 3, bias: true, params: 195}",
            "  params: 9091",
            "| Split | Metric   | Min.     | Epoch    | Max.     | Epoch    |",
        ],
    );
    assert_eq!(names(folder.path()), ARTIFACTS);

    let report = report(folder.path());
    assert_eq!(report["parameters"], 9091);
    assert_eq!(report["seed"], 42);
    assert_eq!(
        report["rows"],
        serde_json::json!({"train": 105, "validation": 15, "test": 30})
    );
    assert_eq!(
        report["data_sha256"],
        "600ac44f23c2e6e0ae37daac8ceb2baba4df963efa580eb31b3b576b28e34c55"
    );
    let confusion: u64 = (report["test"]["confusion"].as_array().unwrap().iter())
        .flat_map(|row| row.as_array().unwrap())
        .map(|count| count.as_u64().unwrap())
        .sum();
    assert_eq!(confusion, 30);
    assert!(report["frozen_difference"].as_f64().unwrap() <= 1e-5);

    let metrics = fs::read_to_string(folder.path().join("metrics.jsonl")).unwrap();
    let epochs: Vec<Value> = metrics
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(epochs.len() as u64, report["epochs"].as_u64().unwrap());
    let losses = || {
        epochs
            .iter()
            .map(|epoch| epoch["validation_objective"].as_f64().unwrap())
    };
    let lowest = losses().fold(f64::INFINITY, f64::min);
    let kept = report["best_epoch"]["epoch"].as_u64().unwrap();
    assert_eq!(
        losses().nth(kept as usize - 1),
        Some(lowest),
        "the best epoch is kept"
    );
    for picture in ["curves.svg", "confusion.svg"] {
        let svg = fs::read_to_string(folder.path().join(picture)).unwrap();
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    }
}

#[test]
fn artifacts_are_signed_and_say_where_they_come_from() {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/signing/tests/keys");
    let key = keys.join("sec1.pem");
    let folder = folder();
    FLEX.train(folder.path(), &["--sign", key.to_str().unwrap()]);
    let signature = fs::read(folder.path().join("model.sig")).unwrap();
    let public = PublicKey::read(&keys.join("public.pem")).unwrap();
    let verified = signing::verify(&signature, &public, folder.path()).unwrap();
    let signed: Vec<_> = verified.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(signed, ARTIFACTS);

    let provenance = json(folder.path(), "provenance.json");
    let digest = |name: &str| {
        let subjects = provenance["subject"].as_array().unwrap().iter();
        let mut named = subjects.filter(|subject| subject["name"] == name);
        named.next().unwrap()["digest"]["sha256"].clone()
    };
    for name in ["model.safetensors", "iris-inference.wasm"] {
        let file = verified.iter().find(|file| file.name == name).unwrap();
        assert_eq!(digest(name), file.sha256, "{name}");
    }
    let parameters = &provenance["predicate"]["buildDefinition"]["externalParameters"];
    assert_eq!(parameters["seed"], 42);
    assert_eq!(json(folder.path(), "bom.json")["bomFormat"], "CycloneDX");

    // A model that is trained again is another one.
    FLEX.train(folder.path(), &["--seed", "43"]);
    assert_eq!(names(folder.path()), ARTIFACTS);
}

#[test]
fn a_key_that_cannot_sign_is_refused_before_training() {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/signing/tests/keys");
    for (key, problem) in [
        ("rsa.pem", "RSA"),
        ("public.pem", "public"),
        ("missing.pem", "cannot read"),
    ] {
        let (folder, key) = (folder(), keys.join(key));
        let said = FLEX.refused(folder.path(), &["--sign", key.to_str().unwrap()]);
        assert!(said.contains(problem), "{said}");
        assert!(names(folder.path()).is_empty());
    }
}

#[test]
fn the_same_command_gives_the_same_model() {
    NDARRAY.repeats_itself();
    FLEX.repeats_itself();
}

#[test]
fn both_cpu_backends_reach_the_same_accuracy_within_one_flower() {
    let counts = [NDARRAY, FLEX].map(|program| {
        let folder = folder();
        program.train(folder.path(), &[]);
        right(folder.path())
    });
    assert!((counts[0] - counts[1]).abs() <= 1, "{counts:?}");
    assert!(counts.iter().all(|count| *count >= 27), "{counts:?}");
}

#[test]
fn repeated_cross_validation_is_accurate() {
    let folder = folder();
    let printed = FLEX.train(folder.path(), &["--cross-validate", "10", "--repeats", "3"]);
    assert!(
        printed.starts_with("Cross-validation with 10 folds"),
        "{printed}"
    );
    assert_eq!(names(folder.path()), ["cross-validation.json"]);
    let result = fs::read(folder.path().join("cross-validation.json")).unwrap();
    let result: Value = serde_json::from_slice(&result).unwrap();
    assert_eq!(result["repeats"].as_array().unwrap().len(), 3);
    assert_eq!(result["repeats"][0]["folds"].as_array().unwrap().len(), 10);
    assert!(
        result["metrics"]["accuracy"]["mean"].as_f64().unwrap() >= 0.965,
        "{printed}"
    );
}

#[test]
fn a_run_killed_at_any_epoch_and_resumed_gives_the_same_model() {
    FLEX.survives_kills(&[1, 2, 5, 9]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_saves_and_says_how_to_resume() {
    let whole = folder();
    // Long enough to be caught, and the same for both.
    let long = [
        "--patience",
        "100000",
        "--epochs",
        "400",
        "--label-smoothing",
        "0.2",
    ];
    FLEX.train(whole.path(), &long);

    let folder = folder();
    let mut child = FLEX
        .command(folder.path(), &long)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("epoch 1/400"));
    let killed = Command::new("kill")
        .arg("-INT")
        .arg(child.id().to_string())
        .status();
    assert!(killed.unwrap().success());
    let said: Vec<_> = lines.map(|line| line.unwrap()).collect();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said:?}");
    let [message, command] = &said[said.len() - 2..] else {
        unreachable!()
    };
    assert!(
        message.starts_with("interrupted; the checkpoint is of epoch "),
        "{said:?}"
    );

    let resumed = Command::new("sh").args(["-c", command]).output().unwrap();
    let error = String::from_utf8_lossy(&resumed.stderr).into_owned();
    assert_eq!(resumed.status.code(), Some(0), "{error}");
    assert_eq!(model(folder.path()), model(whole.path()));
}

#[test]
fn only_what_can_be_resumed_is() {
    let empty = folder();
    let nothing = FLEX.refused(empty.path(), &["--resume"]);
    assert!(nothing.contains("there is no checkpoint"), "{nothing}");
    let both = FLEX.refused(empty.path(), &["--resume", "--seed", "7"]);
    assert!(both.contains("cannot be used with"), "{both}");

    let folder = folder();
    let mut child = FLEX.started(folder.path(), 1);
    child.kill().unwrap();
    child.wait().unwrap();
    let other = NDARRAY.refused(folder.path(), &["--resume"]);
    assert!(other.contains("it is of iris-flex"), "{other}");
    fs::write(
        folder.path().join("checkpoint.safetensors"),
        b"half a checkpoint",
    )
    .unwrap();
    let half = FLEX.refused(folder.path(), &["--resume"]);
    assert!(half.contains("cannot resume from"), "{half}");
}

/// A shell in which files cannot grow beyond 8 kB: what a full disk looks like.
#[cfg(unix)]
fn on_a_full_disk(folder: &Path) -> Command {
    let mut command = Command::new("bash");
    let program = FLEX.program;
    let script = format!("trap '' XFSZ; ulimit -f 8; exec '{program}' --artifacts \"$0\" --seed 7");
    command.args(["-c", &script]).arg(folder);
    command
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_leaves_the_earlier_artifacts_intact() {
    let folder = folder();
    FLEX.train(folder.path(), &[]);
    let before: Vec<_> = ARTIFACTS
        .iter()
        .map(|name| fs::read(folder.path().join(name)).unwrap())
        .collect();
    let error = refused(on_a_full_disk(folder.path()), 1);
    assert!(error.contains("error: cannot write `"), "{error}");
    assert!(
        error.contains("the artifacts of earlier runs are as they were"),
        "{error}"
    );
    assert_eq!(names(folder.path()), ARTIFACTS);
    for (name, before) in ARTIFACTS.iter().zip(before) {
        assert_eq!(
            fs::read(folder.path().join(name)).unwrap(),
            before,
            "{name}"
        );
    }
}

/// As a user whom the folder does not belong to; root may write anywhere.
#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder_is_refused_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    FLEX.train(folder.path(), &[]);
    let before = model(folder.path());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let id = Command::new("id").arg("-u").output().unwrap();
    let command = if id.stdout == b"0\n" {
        // Nobody may not read root's folders: a copy of the program for them.
        let program = std::env::temp_dir().join(format!("iris-flex-{}", std::process::id()));
        fs::copy(FLEX.program, &program).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
        command.arg(program).arg("--artifacts").arg(folder.path());
        command
    } else {
        FLEX.command(folder.path(), &[])
    };
    let error = refused(command, 2);
    let _ = fs::remove_file(std::env::temp_dir().join(format!("iris-flex-{}", std::process::id())));
    assert!(error.contains("Permission denied"), "{error}");
    assert!(error.contains("choose another with --artifacts"), "{error}");
    assert_eq!(names(folder.path()), ARTIFACTS);
    assert_eq!(model(folder.path()), before);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_folder_that_takes_no_files_is_refused_before_training() {
    let folder = folder();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let error = FLEX.refused(&file.join("iris"), &[]);
    assert!(
        error.starts_with("error: cannot write to the artifacts folder `"),
        "{error}"
    );
    assert!(error.contains("choose another with --artifacts"), "{error}");
}

#[test]
fn bad_usage_and_bad_data_are_refused() {
    let folder = folder();
    let data = folder.path().join("flowers.csv");
    fs::write(&data, "Id,SepalLengthCm\n1,5.1\n").unwrap();
    let data = data.to_str().unwrap();
    for (arguments, message) in [
        (&["--epochs", "0"][..], "0 is not in 1.."),
        (&["--learning-rate", "fast"], "expected a number above 0"),
        (&["--averaging", "1"], "expected a number from 0 to below 1"),
        (&["--schedule", "sine"], "possible values: constant, cosine"),
        (&["--cross-validate", "1"], "1 is not in 2.."),
        (
            &["--cross-validate", "151"],
            "cannot make 151 folds of 150 rows",
        ),
        (&["--repeats", "3"], "--cross-validate"),
        (
            &["--data", "nowhere.csv"],
            "cannot read the data in `nowhere.csv`",
        ),
        (&["--data", data], "the column sepal_width is missing"),
        (&["--learning-rate", "1e30"], "training diverged in epoch 1"),
        (&["--dta", data], "unexpected argument '--dta'"),
    ] {
        let error = FLEX.refused(&folder.path().join("iris"), arguments);
        assert!(error.contains(message), "{arguments:?}: {error}");
    }
}

#[test]
fn help_shows_defaults_and_examples() {
    let help = FLEX.train(Path::new("unused"), &["--help"]);
    for part in [
        "by default artifacts/NAME",
        "[default: 42]",
        "iris-flex --resume",
        "Exit codes:",
    ] {
        assert!(help.contains(part), "{part}\n{help}");
    }
}

/// The trainer alone in a folder, with no program on the PATH: no compiler can run.
#[test]
fn the_module_is_ready_without_a_compiler() {
    const FLOWERS: &str = r#"[{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4},
        {"sepal_length": 5.1, "sepal_width": 3.5, "petal_length": 1.4, "petal_width": 0.2}]"#;
    let folder = folder();
    let program = folder.path().join("trainer");
    fs::copy(FLEX.program, &program).unwrap();
    let run = Command::new(&program)
        .env_clear()
        .current_dir(folder.path())
        .output();
    let printed = succeeded(&run.unwrap());
    assert!(
        printed.contains("artifacts/iris/iris-inference.wasm"),
        "{printed}"
    );

    let artifacts = folder.path().join("artifacts/iris");
    let path = artifacts.join("iris-inference.wasm");
    let inspection = pack::inspect(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(inspection.model.unwrap(), model(&artifacts));
    assert_eq!(inspection.runner, Some("runner-table"));
    let request = Request {
        arguments: &["--json", FLOWERS],
        input: b"",
    };
    let response = Embedded::open(&path).unwrap().run(request).unwrap();
    let answers = testing::answers::answers(&response.output).unwrap();
    let classes: Vec<_> = answers.iter().map(|answer| answer.class.as_str()).collect();
    assert_eq!(classes, ["Iris-versicolor", "Iris-setosa"]);
    for host in testing::host::testable() {
        let other = host.run(&path, None, request).unwrap();
        assert_eq!(other.output, response.output, "{}", host.name);
    }
}
