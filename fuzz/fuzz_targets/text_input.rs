//! Any bytes as a news article.

#![no_main]

mod module;

use inference::model::{Model, ModelInput, Predict};
use inference::module::Module;
use inference::output::Classes;
use inference::schema::Text;
use libfuzzer_sys::fuzz_target;

const MODULE: Module<Text, Classes> = Module {
    name: "agnews-inference",
    version: "0",
    about: "",
    example: ("", ""),
    input: agnews::input::TEXT,
    model: Model {
        input: ModelInput::Text {
            slots: agnews::input::TEXT.slots,
            vocabulary: agnews::input::TEXT.vocabulary,
        },
        output: Classes(&["a", "b"]),
        layers: &[],
        description: "",
    },
}
.checked();

/// Checks what reaches the network.
struct Checked;

impl Predict for Checked {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        assert_eq!(input.len(), agnews::input::TEXT.slots);
        let empty = input.iter().position(|slot| *slot == 0.0).unwrap_or(input.len());
        assert!(input[empty..].iter().all(|slot| *slot == 0.0));
        let largest = agnews::input::TEXT.vocabulary as f32;
        assert!(input.iter().all(|slot| (0.0..=largest).contains(slot) && slot.fract() == 0.0));
        &[0.25, 0.75]
    }
}

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = str::from_utf8(data) {
        let _ = agnews::cleaning::remove(text);
    }
    module::check(&MODULE, &mut Checked, data);
});
