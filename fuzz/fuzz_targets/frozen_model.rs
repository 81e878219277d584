//! Any bytes as a model file: refused, or a model that can be run, turned into source and written.

#![no_main]

use inference::frozen::{Frozen, source};
use inference::model::Predict;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(frozen) = Frozen::from_bytes(data) else {
        return;
    };
    let input = vec![1.0; frozen.header.inputs.numbers()];
    let outputs = frozen.with_network(|network| network.predict(&input).len());
    assert_eq!(outputs.ok(), Some(frozen.header.output.numbers()));
    assert!(source(data).is_ok());
    let bytes = frozen.to_bytes().expect("what was read can be written");
    assert_eq!(Frozen::from_bytes(&bytes).ok(), Some(frozen));
});
