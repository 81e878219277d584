//! Any bytes as a PNG file of a digit: refused, or an image.

#![no_main]

use datasets::mnist::png;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = png::decode(data);
});
