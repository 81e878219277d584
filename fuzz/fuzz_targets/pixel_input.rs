//! Any bytes as the pixels of a digit; the module is asked for images of 3 x 2 pixels, of which a
//! fuzzer finds many.

#![no_main]

mod any_input;

use std::sync::LazyLock;

use datasets::mnist;
use libfuzzer_sys::fuzz_target;
use model::{AlignedBytes, Image, Input};

static MODEL: LazyLock<AlignedBytes> = LazyLock::new(|| {
    any_input::model(Input::Image(Image {
        height: 3,
        width: 2,
        ..mnist::schema()
    }))
});

fuzz_target!(|data: &[u8]| any_input::check(&MODEL, data));
