//! Any bytes as a PNG file of a digit: refused, or an image.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../mnist/src/input.rs"]
mod input;
// By path, because the crate's training part would bring Burn in.
#[allow(dead_code, reason = "only the size of an image is needed")]
#[path = "../../mnist/src/data/idx.rs"]
mod idx;
#[path = "../../mnist/src/data/png.rs"]
mod png_digit;

fuzz_target!(|data: &[u8]| {
    let _ = png_digit::decode(data);
});
