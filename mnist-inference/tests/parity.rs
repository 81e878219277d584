//! The module against Burn's own forward pass of the same weights, natively and in the sandbox.
//!
//! On drawn images, because MNIST is not part of the project, and few, because Burn is slow without
//! optimisation: `cargo xtask bench accuracy` compares all test images.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(feature = "burn")]

use std::path::Path;

use inference::frozen::Frozen;
use inference::model::Predict;
use mnist::input::{SIDE, scaled};
use testing::{Embedded, Request, answers};

/// How far two probabilities may be apart; the printed ones are rounded to 6 decimals.
const TOLERANCE: f64 = 1e-5;
const IMAGES: usize = 24;

/// Strokes here and there, some of them digits to a kind eye.
fn image(index: usize) -> Vec<u8> {
    let (mut x, mut y) = (6 + index * 5 % 15, 4 + index * 3 % 11);
    let mut pixels = vec![0; SIDE * SIDE];
    for step in 0..40 {
        for (across, down) in [(0, 0), (1, 0), (0, 1)] {
            pixels[(y + down) * SIDE + x + across] = 255 - (step * 3) as u8;
        }
        match (step + index) / (3 + index % 4) % 4 {
            0 => x = (x + 1).min(SIDE - 4),
            1 => y = (y + 1).min(SIDE - 4),
            2 => x = x.saturating_sub(1).max(3),
            _ => y = (y + 2).min(SIDE - 4),
        }
    }
    pixels
}

/// The images as a stream.
fn stream() -> Vec<u8> {
    let line = |index| serde_json::to_string(&image(index)).unwrap() + "\n";
    (0..IMAGES).map(line).collect::<String>().into_bytes()
}

/// The largest difference between two programs' probabilities; their classes must be the same.
fn difference(left: &[u8], right: &[u8]) -> f64 {
    let [left, right] = [left, right].map(|output| answers::answers(output).unwrap());
    assert_eq!((left.len(), right.len()), (IMAGES, IMAGES));
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
    let burn_natively = Path::new(env!("CARGO_BIN_EXE_mnist-inference"));
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
    let bytes = std::fs::read("../artifacts/mnist/model.safetensors").unwrap();
    let device = training::Backend::Flex.device();
    let mut burn = training::reference::Reference::new(&bytes, &device).unwrap();
    let frozen = Frozen::from_bytes(&bytes).unwrap();
    let apart = frozen.with_network(|network| {
        let mut largest = 0.0_f32;
        for index in 0..IMAGES {
            let pixels = image(index).into_iter().map(f32::from);
            let input: Vec<f32> = pixels.map(scaled).collect();
            let pairs = network.predict(&input).iter().zip(burn.predict(&input));
            largest = pairs.fold(largest, |largest, (a, b)| largest.max((a - b).abs()));
        }
        largest
    });
    assert!(f64::from(apart.unwrap()) <= TOLERANCE);
}
