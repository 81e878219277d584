//! Any bytes as measurements of a flower.

#![no_main]

mod module;

use inference::model::{Model, ModelInput, Predict};
use inference::module::Module;
use inference::output::Classes;
use inference::schema::Field;
use libfuzzer_sys::fuzz_target;

const MODULE: Module<&'static [Field], Classes> = Module {
    name: "iris-inference",
    version: "0",
    about: "",
    example: ("", ""),
    input: iris::input::FIELDS,
    model: Model {
        input: ModelInput::Fields(&["sepal_length", "sepal_width", "petal_length", "petal_width"]),
        output: Classes(&["a", "b", "c"]),
        layers: &[],
        description: "",
    },
}
.checked();

/// Checks what reaches the network.
struct Checked;

impl Predict for Checked {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        assert_eq!(input.len(), 4);
        assert!(input.iter().all(|x| (0.1..=20.0).contains(x)));
        &[0.25, 0.5, 0.25]
    }
}

fuzz_target!(|data: &[u8]| module::check(&MODULE, &mut Checked, data));
