//! What is written, held against the schemas and programs of those who define it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;

use model::{AlignedBytes, Model};
use provenance::{Artifact, Card, Metric, Program, Run, bill, libraries, statement};
use serde_json::{Value, json};
use testing::python;

const MODELS: [&[u8]; 4] = [
    include_bytes!("../../../artifacts/agnews/model.safetensors"),
    include_bytes!("../../../artifacts/iris/model.safetensors"),
    include_bytes!("../../../artifacts/mnist/model.safetensors"),
    include_bytes!("../../../artifacts/wine-quality/model.safetensors"),
];
const IRIS: &[u8] = MODELS[1];

fn trainer() -> Program {
    Program {
        name: "iris-flex".into(),
        version: "0.1.0".into(),
        file: Some(Artifact::new("iris-flex.wasm", b"\0asm")),
    }
}

/// Two files of one name, as two folders may have them.
fn data() -> Vec<Artifact> {
    vec![
        Artifact::new("iris.csv", b"5.1,3.5\n"),
        Artifact::with_sha256("iris.csv", &model::sha256(b"4.9")),
    ]
}

fn run() -> Run {
    Run {
        subjects: vec![
            Artifact::new("model.safetensors", IRIS),
            Artifact::new("iris-inference.wasm", &pack::pack(IRIS).unwrap()),
        ],
        trainer: trainer(),
        runners: vec![Artifact::new("runner-table.wasm", pack::RUNNERS[0].wasm)],
        data: data(),
        arguments: vec!["--seed".into(), "42".into()],
        settings: [
            ("epochs".to_owned(), json!(100)),
            (
                "nested".to_owned(),
                json!({"z": 1, "a": {"y": 0.5, "b": null}}),
            ),
        ]
        .into(),
        seed: 42,
        reproduce: Some("cargo xtask reproduce iris".into()),
    }
}

fn card(bytes: &[u8]) -> Card {
    let aligned = AlignedBytes::new(bytes);
    let model = Model::read(&aligned).unwrap();
    let libraries = libraries(pack::RUNNER_CRATES).unwrap();
    let mut card = Card::new(
        &model,
        Artifact::new("model.safetensors", bytes),
        vec![Artifact::new("inference.wasm", &pack::pack(bytes).unwrap())],
        trainer(),
        libraries,
    );
    card.data = data();
    card.license = Some("Apache-2.0".into());
    card.metrics.push(Metric {
        name: "test_accuracy".into(),
        value: 0.9375,
        interval: Some([0.75, 1.0]),
    });
    card
}

/// Runs `script`, with the text to be checked in a file, if Python has `module`.
fn accepts(module: &str, script: &str, text: &[u8]) -> Option<bool> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checked.json");
    fs::write(&path, text).unwrap();
    let output = python::script(module, &["-c", script])?
        .arg(&path)
        .output()
        .unwrap();
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Some(output.status.success())
}

#[test]
fn a_statement_has_all_that_was_used() {
    let text = statement(&run()).unwrap();
    assert_eq!(text, statement(&run()).unwrap());
    let value: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(value["subject"][0]["digest"]["sha256"], model::sha256(IRIS));
    let definition = &value["predicate"]["buildDefinition"];
    assert_eq!(definition["externalParameters"]["settings"]["epochs"], 100);
    let roles: Vec<_> = (definition["resolvedDependencies"]
        .as_array()
        .unwrap()
        .iter())
    .map(|dependency| dependency["annotations"]["role"].as_str().unwrap())
    .collect();
    assert_eq!(roles, ["data", "data", "trainer", "runner"]);
    // Whatever features of serde_json are on.
    let text = String::from_utf8(text).unwrap();
    assert!(text.find("\"a\"") < text.find("\"z\"") && text.find("\"b\"") < text.find("\"y\""));
    assert!(!text.contains("On\""), "no times: {text}");
}

/// in-toto's own definitions, which know every field and no other.
const STATEMENT: &str = r#"
import json, sys
from google.protobuf import json_format
from in_toto_attestation.v1 import statement, statement_pb2
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.predicates.provenance.v1 import provenance_pb2
text = open(sys.argv[1]).read()
message = json_format.Parse(text, statement_pb2.Statement())
statement.Statement.copy_from_pb(message).validate()
predicate = json.loads(text)["predicate"]
provenance = json_format.ParseDict(predicate, provenance_pb2.Provenance())
for resource in provenance.build_definition.resolved_dependencies:
    ResourceDescriptor.copy_from_pb(resource).validate()
"#;

#[test]
fn in_toto_reads_the_statement() {
    let module = "in_toto_attestation";
    let text = statement(&run()).unwrap();
    let Some(accepted) = accepts(module, STATEMENT, &text) else {
        return;
    };
    assert!(accepted);
    let mut empty = run();
    empty.subjects.clear();
    let text = statement(&empty).unwrap();
    assert_eq!(accepts(module, STATEMENT, &text), Some(false));
}

/// The official schema, in which unknown fields are errors.
const BILL: &str = r"
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(str(error)[:2000] if error else 0)
";

#[test]
fn the_schema_of_cyclonedx_accepts_the_bill() {
    for model in MODELS {
        let text = bill(&card(model)).unwrap();
        let Some(accepted) = accepts("cyclonedx", BILL, &text) else {
            return;
        };
        assert!(accepted);
    }
    let mut bare = card(IRIS);
    (bare.data, bare.metrics, bare.libraries, bare.license) = Default::default();
    let text = bill(&bare).unwrap();
    assert_eq!(accepts("cyclonedx", BILL, &text), Some(true));
    bare.model.sha256 = "no digest".into();
    let text = bill(&bare).unwrap();
    assert_eq!(accepts("cyclonedx", BILL, &text), Some(false));
}

#[test]
fn a_bill_has_a_card_and_the_crates() {
    let text = bill(&card(IRIS)).unwrap();
    assert_eq!(text, bill(&card(IRIS)).unwrap());
    let value: Value = serde_json::from_slice(&text).unwrap();
    let model = &value["metadata"]["component"];
    assert_eq!(model["hashes"][0]["content"], model::sha256(IRIS));
    let parameters = &model["modelCard"]["modelParameters"];
    assert_eq!(parameters["task"], "classification");
    assert_eq!(
        parameters["inputs"][0]["format"],
        "sepal_length: number from 0.1 to 20, in cm (length of an outer petal, the sepal)"
    );
    let components = value["components"].as_array().unwrap();
    let find = |name: &str| {
        components
            .iter()
            .find(|component| component["name"] == name)
    };
    let libm = find("libm").unwrap();
    assert!(
        libm["purl"]
            .as_str()
            .unwrap()
            .starts_with("pkg:cargo/libm@")
    );
    assert_eq!(libm["licenses"][0]["expression"], "MIT");
    // crates.io has another crate of this name.
    assert_eq!(find("json").unwrap().get("purl"), None);
    for absent in ["burn", "syn", "thiserror-impl", "std"] {
        assert_eq!(find(absent), None);
    }
    let references = value["dependencies"][0]["dependsOn"].as_array().unwrap();
    let libraries = components
        .iter()
        .filter(|component| component["type"] == "library");
    assert_eq!(references.len(), 1 + libraries.count());
}
