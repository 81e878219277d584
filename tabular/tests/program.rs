//! The trainer as a program: from a file to a module, and what it refuses.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use model::AlignedBytes;
use runtime::{Any, Runtime};
use testing::resume::Stoppable;
use testing::trainer::{TempDir, folder, json, model, names, refused, succeeded};
use testing::{Embedded, Request};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tabular-flex");

/// Everything that a run writes.
const ARTIFACTS: [&str; 8] = [
    "bom.json",
    "model.safetensors",
    "people-inference.lib.wasm",
    "people-inference.wasm",
    "provenance.json",
    "report.html",
    "report.json",
    "schema.toml",
];

/// Rows of people: who smokes and has been ill for long is ill, mostly. A fifth of the ages is missing.
fn people(rows: usize, seed: u64) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut text = String::from("age,\"smokes, or not\",city,since,score,ill\n");
    for _ in 0..rows {
        let (age, smokes) = (20.0 + 60.0 * random.f32(), random.bool());
        let city = ["Oslo", "Rome", "Ås \"by\""][random.usize(..3)];
        let month = random.u8(1..=12);
        let score = 0.02 * age + f32::from(u8::from(smokes)) + 0.3 * random.f32();
        let ill = score + f32::from(month > 6) > 2.0 + 0.5 * random.f32();
        let age = if random.u8(..5) == 0 {
            String::new()
        } else {
            format!("{age:.1}")
        };
        let city = city.replace('"', "\"\"");
        writeln!(
            text,
            "{age},{},\"{city}\",2023-{month:02}-11,{score:.3},{}",
            if smokes { "yes" } else { "no" },
            if ill { "ill" } else { "well" },
        )
        .unwrap();
    }
    text
}

/// A folder with `text` in the file `people.csv`.
fn data(text: &str) -> (TempDir, PathBuf) {
    let folder = folder();
    let path = folder.path().join("people.csv");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("--data").arg(data).args(arguments);
    command
}

fn train(data: &Path, artifacts: &Path, arguments: &[&str]) -> String {
    let mut command = command(data, arguments);
    succeeded(&command.arg("--artifacts").arg(artifacts).output().unwrap())
}

/// What the module in `artifacts` answers to `input`, a row a line.
fn answers(artifacts: &Path, arguments: &[&str], input: &str) -> String {
    let module = Embedded::open(&artifacts.join("people-inference.wasm")).unwrap();
    let mut all = arguments.to_vec();
    all.push("-");
    let request = Request {
        arguments: &all,
        input: input.as_bytes(),
    };
    let response = module.run(request).unwrap();
    assert_eq!(
        response.code,
        0,
        "{}",
        String::from_utf8_lossy(&response.error)
    );
    String::from_utf8(response.output).unwrap()
}

/// The rows of `text` as JSON, without the column `target`; empty cells are left out.
fn rows(text: &str, target: &str) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let mut lines = String::new();
    for record in reader.records() {
        let record = record.unwrap();
        let cells = names
            .iter()
            .zip(&record)
            .filter(|(name, cell)| *name != target && !cell.is_empty());
        let members = cells.map(|(name, cell)| {
            let value = match cell.parse::<f64>() {
                Ok(_) => cell.to_owned(),
                Err(_) => serde_json::to_string(cell).unwrap(),
            };
            format!("{}: {value}", serde_json::to_string(name).unwrap())
        });
        writeln!(lines, "{{{}}}", members.collect::<Vec<_>>().join(", ")).unwrap();
    }
    lines
}

#[test]
fn a_table_becomes_a_module_that_answers_as_the_runtime_does() {
    let text = people(400, 1);
    let (_data, path) = data(&text);
    let artifacts = folder();
    let printed = train(
        &path,
        artifacts.path(),
        &["--target", "ill", "--drop", "score"],
    );
    assert!(
        printed.contains("400 rows, 4 columns; to be predicted: `ill`, one of 2 classes"),
        "{printed}"
    );
    assert_eq!(names(artifacts.path()), ARTIFACTS);
    let report = json(artifacts.path(), "report.json");
    let figures = &report["test"]["classes"];
    assert!(figures["accuracy"].as_f64().unwrap() > 0.8, "{figures}");
    assert!(figures["log_loss"].as_f64().unwrap() < 0.45, "{figures}");
    assert_eq!(
        figures["rows"], 400,
        "each row is answered in a cross-validation"
    );
    assert!(report["model"]["largest_difference"].as_f64().unwrap() < 1e-5);

    let lines = rows(&text, "ill").replace(", \"score\"", ", \"unknown\"");
    let lines: String = lines
        .lines()
        .map(|line| line.split(", \"unknown\"").next().unwrap().to_owned() + "}\n")
        .collect();
    let found = answers(artifacts.path(), &["--json"], &lines);
    let bytes = AlignedBytes::new(&model(artifacts.path()));
    let mut runtime = Runtime::open::<Any>(&bytes).unwrap();
    assert_eq!(found.lines().count(), 400);
    for (line, answer) in lines.lines().zip(found.lines()) {
        let expected = runtime.predict(line, false).unwrap();
        let runtime::Prediction::Class { probabilities, .. } = expected.prediction else {
            unreachable!("two classes")
        };
        let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
        let found = answer["probabilities"]["ill"].as_f64().unwrap();
        assert!((found - f64::from(probabilities[0])).abs() < 1e-6, "{line}");
    }
}

#[test]
fn missing_and_unseen_values_are_answered_and_told_or_refused() {
    let (_data, path) = data(&people(200, 2));
    let artifacts = folder();
    train(
        &path,
        artifacts.path(),
        &["--target", "ill", "--models", "trees"],
    );
    let row = r#"{"smokes, or not": "yes", "city": "Bergen", "since": "2023-08-11", "score": 9}"#;
    let answer: serde_json::Value =
        serde_json::from_str(&answers(artifacts.path(), &["--json"], row)).unwrap();
    assert_eq!(answer["unseen"], serde_json::json!(["city"]));
    assert_eq!(answer["outside"], serde_json::json!(["score"]));
    assert!(
        answer.get("missing").is_none(),
        "ages were missing in training: {answer}"
    );
    let answer: serde_json::Value =
        serde_json::from_str(&answers(artifacts.path(), &["--json"], "{}")).unwrap();
    assert_eq!(answer["missing"].as_array().unwrap().len(), 4, "{answer}");
    let explained = answers(artifacts.path(), &["--json", "--explain"], row);
    let weighed = explained.contains("{\"field\": \"score\", \"weight\": ");
    assert!(weighed, "{explained}");

    let module = Embedded::open(&artifacts.path().join("people-inference.wasm")).unwrap();
    let strict = module.run(Request {
        arguments: &["--strict", row],
        input: b"",
    });
    let strict = strict.unwrap();
    assert_eq!(strict.code, 2);
    let error = String::from_utf8(strict.error).unwrap();
    assert!(
        error.contains("`score` is outside the range") && error.contains("--strict"),
        "{error}"
    );
}

#[test]
fn a_number_has_an_interval_and_later_rows_are_measured_and_answered() {
    let (_data, path) = data(&people(300, 3));
    let (_later, later) = data(&people(150, 4));
    let artifacts = folder();
    let printed = train(
        &path,
        artifacts.path(),
        &["--target", "score", "--drop", "ill"],
    );
    assert!(
        printed.contains("to be predicted: the number `score`"),
        "{printed}"
    );
    let test = &json(artifacts.path(), "report.json")["test"]["number"];
    assert!(test["r2"].as_f64().unwrap() > 0.7, "{test}");
    let model = artifacts.path().to_str().unwrap();
    let printed = succeeded(&command(&later, &["--evaluate", model]).output().unwrap());
    assert!(
        printed.contains("measured on the 150 rows of people.csv"),
        "{printed}"
    );
    let holds = printed.split("holds for ").nth(1).unwrap();
    let share: f64 = holds.split(' ').next().unwrap().parse().unwrap();
    assert!((70.0..90.0).contains(&share), "{printed}");
    let printed = succeeded(&command(&later, &["--predict", model]).output().unwrap());
    let mut rows = csv::Reader::from_reader(printed.as_bytes());
    let header: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[5..], ["ill", "prediction", "low", "high"]);
    let near = rows.records().map(Result::unwrap).filter(|row| {
        let number = |column: usize| row[column].parse::<f64>().unwrap();
        number(7) <= number(6) && number(6) <= number(8) && (number(4) - number(6)).abs() < 0.5
    });
    assert!(near.count() > 120);
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_any_number_of_threads() {
    let (_data, path) = data(&people(250, 5));
    let folders = [folder(), folder(), folder()];
    for (folder, (threads, seed)) in folders.iter().zip([("1", "42"), ("4", "42"), ("4", "43")]) {
        let mut command = command(&path, &["--target", "ill", "--seed", seed, "--quiet"]);
        command
            .arg("--artifacts")
            .arg(folder.path())
            .env("RAYON_NUM_THREADS", threads);
        let _ = succeeded(&command.output().unwrap());
    }
    assert_eq!(model(folders[0].path()), model(folders[1].path()));
    assert_ne!(model(folders[0].path()), model(folders[2].path()));
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_and_resumed_gives_the_same_bytes() {
    let (_data, path) = data(&people(150, 8));
    let run = |folder: &Path| {
        let mut command = command(&path, &["--target", "ill", "--quiet"]);
        command.arg("--artifacts").arg(folder);
        command
    };
    let checkpoint = Stoppable(&run).survives_kills();
    Stoppable(&run).refuses_others(&checkpoint, &["--drop", "score"]);
    let (_data, other) = data(&people(150, 9));
    let run = |folder: &Path| {
        let mut command = command(&other, &["--target", "ill", "--quiet"]);
        command.arg("--artifacts").arg(folder);
        command
    };
    Stoppable(&run).refuses_others(&checkpoint, &[]);
}

#[test]
fn progress_for_programs_is_a_json_object_a_line_and_changes_nothing() {
    let (_data, path) = data(&people(100, 10));
    let folders = [folder(), folder()];
    let run = |folder: &Path, shown: &[&str]| {
        let arguments = [&["--target", "ill", "--models", "trees"], shown].concat();
        let mut command = command(&path, &arguments);
        let output = command.arg("--artifacts").arg(folder).output().unwrap();
        let _ = succeeded(&output);
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run(folders[0].path(), &["--progress", "json"]);
    run(folders[1].path(), &["--quiet"]);
    let (mut steps, mut losses) = (0, 0);
    for line in said.lines().filter(|line| !line.starts_with("note: ")) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["stage"].is_string(), "{line}");
        steps += usize::from(line["done"].is_u64() && line["total"].is_u64());
        losses += usize::from(line["step"].is_u64() && line["loss"].is_f64());
    }
    assert!(steps > 3 && losses > 100, "{said}");
    assert_eq!(model(folders[0].path()), model(folders[1].path()));
    let [told, quiet] = folders
        .each_ref()
        .map(|at| json(at.path(), "provenance.json"));
    assert_eq!(told, quiet);
}

#[test]
fn a_file_is_inspected_without_a_run() {
    let (_data, path) = data(&people(50, 11));
    let printed = succeeded(&command(&path, &["--inspect"]).output().unwrap());
    let found: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(found["columns"].as_array().unwrap().len(), 6);
    assert_eq!(found["name"], "people");
    let error = refused(command(&path, &["--inspect", "--target", "nothing"]), 2);
    assert!(error.contains("there is no column `nothing`"), "{error}");
    let _ = refused(command(&path, &["--inspect", "--stdout"]), 2);
}

#[test]
fn a_schema_is_taken_as_edited() {
    let (_data, path) = data(&people(150, 6));
    let artifacts = folder();
    train(
        &path,
        artifacts.path(),
        &["--target", "ill", "--models", "linear"],
    );
    let schema = artifacts.path().join("schema.toml");
    let edited = fs::read_to_string(&schema).unwrap();
    let edited = edited.replacen(
        "name = \"age\"\ntype = \"number\"\nunit = \"\"",
        "name = \"age\"\ntype = \"number\"\nminimum = 0\nunit = \"years\"",
        1,
    );
    fs::write(&schema, edited).unwrap();
    let again = folder();
    train(
        &path,
        again.path(),
        &["--schema", schema.to_str().unwrap(), "--models", "linear"],
    );
    let help = Embedded::open(&again.path().join("people-inference.wasm")).unwrap();
    let help = help.run(Request {
        arguments: &["--help"],
        input: b"",
    });
    let help = String::from_utf8(help.unwrap().output).unwrap();
    assert!(help.contains("  age: a number from 0 years"), "{help}");
}

#[test]
fn rows_of_a_group_stay_together() {
    // The target is the same for all rows of a group, and the columns tell which group it is: without groups, rows of the same
    // group on both sides would make it look easy.
    let mut random = fastrand::Rng::with_seed(7);
    let mut text = String::from("who,a,b,t\n");
    for who in 0..60 {
        let (a, b, t) = (random.f32(), random.f32(), random.bool());
        for _ in 0..5 {
            writeln!(text, "p{who},{a},{b},{t}").unwrap();
        }
    }
    let (_data, path) = data(&text);
    let accuracy = |arguments: &[&str]| {
        let artifacts = folder();
        train(
            &path,
            artifacts.path(),
            &[&["--target", "t"], arguments].concat(),
        );
        json(artifacts.path(), "report.json")["test"]["classes"]["accuracy"]
            .as_f64()
            .unwrap()
    };
    let (apart, mixed) = (accuracy(&["--group", "who"]), accuracy(&["--drop", "who"]));
    assert!(apart < 0.7 && mixed > 0.9, "{apart} {mixed}");
}

#[test]
fn what_cannot_be_learnt_is_refused_with_the_way_out() {
    let mut wide = (0..3000)
        .map(|column| format!("c{column}"))
        .collect::<Vec<_>>()
        .join(",");
    for row in 0..20 {
        let cells =
            (0..2999).map(|column| format!("{}.5", (row * 7919 + column * 104_729) % 1_000_003));
        write!(
            wide,
            "\n{},{}",
            cells.collect::<Vec<_>>().join(","),
            row % 2
        )
        .unwrap();
    }
    for (text, arguments, expected) in [
        (
            "a,t\n1,x\n2,y\n",
            &["--target", "b"][..],
            "there is no column `b`, which --target names; the columns are `a`, `t`",
        ),
        (
            "a,t\n1,x\n2,y\n",
            &[],
            "which column is to be predicted? name it with --target; the columns are `a`, `t`",
        ),
        (
            "a,t\n1,x\n2,y\n",
            &["--target", "t"],
            "2 rows have a target; expected at least 10",
        ),
        (
            "a,t\n1,x\n2,x\n",
            &["--target", "t"],
            "the target `t` has only the class `x`: there is nothing to predict",
        ),
        (
            "a,t\n1,x\n2,y\n",
            &["--target", "t", "--drop", "a"],
            "no column is left to learn from",
        ),
        (
            "a,t\n1,x\n2,y\n",
            &["--target", "t", "--drop", "t"],
            "the target `t` is also named by --drop",
        ),
        (
            "a,t\n1,1.5\n2,2.5\n",
            &["--target", "t", "--balanced"],
            "the target `t` is a number, and --balanced is for classes",
        ),
        (
            "a,w,t\n1,-1,x\n2,1,y\n",
            &["--target", "t", "--weights", "w"],
            "the column `w`, which --weights names, has values",
        ),
        (
            "a,a,t\n1,1,x\n",
            &["--target", "t"],
            "`a` is the name of column 1 and of column 2",
        ),
        ("", &["--target", "t"], "is empty"),
        (
            &wide,
            &["--target", "c2999"],
            "columns to learn from; expected at most 2048",
        ),
    ] {
        let (_data, path) = data(text);
        let artifacts = folder();
        let mut command = command(&path, arguments);
        command.arg("--artifacts").arg(artifacts.path().join("new"));
        let error = refused(command, 2);
        assert!(error.contains(expected), "{error}");
        assert!(error.contains("error: "), "{error}");
    }
}
