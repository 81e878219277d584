//! The module against Burn's own forward pass of the same weights, on every flower of the data set,
//! natively and in the sandbox.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(feature = "burn")]

use std::path::Path;

use inference::frozen::Frozen;
use inference::model::Predict;
use serde_json::Value;
use testing::{Embedded, Request, answers};

/// How far two probabilities may be apart; the printed ones are rounded to 6 decimals.
const TOLERANCE: f64 = 1e-5;

/// The rows of the data set, in the order of the model's inputs.
fn flowers() -> Vec<Vec<f32>> {
    let rows: Vec<Vec<f32>> = include_str!("../../iris/datasets/Iris.csv")
        .lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .skip(1)
                .take(4)
                .map(|x| x.parse().unwrap())
                .collect()
        })
        .collect();
    assert_eq!(rows.len(), 150);
    rows
}

/// The rows as a stream of JSON objects.
fn stream() -> Vec<u8> {
    let names: Vec<_> = iris::input::FIELDS.iter().map(|field| field.name).collect();
    let object = |row: &Vec<f32>| {
        let fields: serde_json::Map<String, Value> = (names.iter().zip(row))
            .map(|(name, x)| {
                (
                    (*name).to_owned(),
                    serde_json::from_str(&x.to_string()).unwrap(),
                )
            })
            .collect();
        Value::Object(fields).to_string() + "\n"
    };
    flowers()
        .iter()
        .map(object)
        .collect::<String>()
        .into_bytes()
}

/// The largest difference between two programs' probabilities; their classes must be the same.
fn difference(left: &[u8], right: &[u8]) -> f64 {
    let [left, right] = [left, right].map(|output| answers::answers(output).unwrap());
    assert_eq!((left.len(), right.len()), (150, 150));
    let (others, largest) = answers::difference(&left, &right);
    assert_eq!(others, 0);
    largest
}

#[test]
fn frozen_and_burn_agree_natively_and_in_the_sandbox() {
    let (folder, temporary) = (env!("CARGO_MANIFEST_DIR"), env!("CARGO_TARGET_TMPDIR"));
    let input = stream();
    let request = Request {
        arguments: &["--json", "-"],
        input: &input,
    };
    let burn_natively = Path::new(env!("CARGO_BIN_EXE_iris-inference"));
    let burn_natively = testing::native(burn_natively, request).unwrap();
    let frozen_in_sandbox = Embedded::open(&testing::build(folder, temporary).unwrap())
        .unwrap()
        .run(request)
        .unwrap();
    let apart = difference(&burn_natively.output, &frozen_in_sandbox.output);
    assert!(apart <= TOLERANCE, "{apart}");

    let reference = testing::build_reference(folder, temporary).unwrap();
    let Some(burn_in_sandbox) = testing::wasmtime(&reference, None, request).unwrap() else {
        assert!(
            std::env::var_os("CI").is_none(),
            "wasmtime is not installed"
        );
        eprintln!("wasmtime is not installed: Burn in the sandbox is left out");
        return;
    };
    let apart = difference(&burn_in_sandbox.output, &frozen_in_sandbox.output);
    assert!(apart <= TOLERANCE, "{apart}");
}

#[test]
fn frozen_and_burn_agree_in_one_process() {
    let bytes = std::fs::read("../artifacts/iris/model.safetensors").unwrap();
    let device = training::Backend::Flex.device();
    let mut burn = training::reference::Reference::new(&bytes, &device).unwrap();
    let frozen = Frozen::from_bytes(&bytes).unwrap();
    let apart = frozen
        .with_network(|network| {
            let mut largest = 0.0_f32;
            for flower in flowers() {
                let pairs = network.predict(&flower).iter().zip(burn.predict(&flower));
                largest = pairs.fold(largest, |largest, (a, b)| largest.max((a - b).abs()));
            }
            largest
        })
        .unwrap();
    assert!(f64::from(apart) <= TOLERANCE, "{apart}");
}
