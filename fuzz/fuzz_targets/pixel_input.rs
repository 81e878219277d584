//! Any bytes as the pixels of a digit; the module is asked for images of 3 x 2 pixels, of which a
//! fuzzer finds many.

#![no_main]

mod module;

use inference::model::{Model, ModelInput, Predict};
use inference::module::Module;
use inference::output::Classes;
use inference::schema::Image;
use libfuzzer_sys::fuzz_target;

const MODULE: Module<Image, Classes> = Module {
    name: "mnist-inference",
    version: "0",
    about: "",
    example: ("", ""),
    input: Image { height: 3, width: 2, ..mnist::input::IMAGE },
    model: Model {
        input: ModelInput::Image { height: 3, width: 2, maximum: 255 },
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
        assert_eq!(input.len(), 6);
        let (least, most) = (mnist::input::scaled(0.0), mnist::input::scaled(255.0));
        assert!(input.iter().all(|x| (least..=most).contains(x)));
        &[0.25, 0.75]
    }
}

fuzz_target!(|data: &[u8]| module::check(&MODULE, &mut Checked, data));
