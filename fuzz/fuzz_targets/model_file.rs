//! Any bytes as a model file: refused, or a model that answers or refuses inputs and can be packed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use model::AlignedBytes;
use runtime::{Any, Prediction, Runtime};

fuzz_target!(|data: &[u8]| {
    let bytes = AlignedBytes::new(data);
    let Ok(mut runtime) = Runtime::open::<Any>(&bytes) else {
        return;
    };
    let outputs = runtime.model().output.numbers();
    let numbers = runtime.model().input.numbers();
    let image = format!("[{}]", vec!["0"; numbers.min(4096)].join(","));
    for input in ["{}", "{\"a\": 1}", "\"some words\"", &image] {
        if let Ok(answer) = runtime.predict(input, true) {
            if let Prediction::Class {
                probabilities,
                index,
                ..
            } = answer.prediction
            {
                assert!(probabilities.len() == outputs && index < outputs);
            }
        }
    }
});
