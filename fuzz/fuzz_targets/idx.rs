//! Any bytes as a file of MNIST's, packed or not: refused, or read to the last byte.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../mnist/src/input.rs"]
mod input;
// By path, because the crate's training part would bring Burn in.
#[path = "../../mnist/src/data/gzip.rs"]
mod gzip;
#[path = "../../mnist/src/data/idx.rs"]
mod idx;

const LIMIT: usize = 1 << 20;

fn check(bytes: &[u8]) {
    if let Ok(images) = idx::images(bytes) {
        assert_eq!(images.as_flattened(), &bytes[16..]);
    }
    if let Ok(labels) = idx::labels(bytes) {
        assert_eq!(labels, &bytes[8..]);
        assert!(labels.iter().all(|label| *label <= 9));
    }
}

fuzz_target!(|data: &[u8]| {
    check(data);
    if let Ok(unpacked) = gzip::unpack(data.to_vec(), LIMIT) {
        assert!(unpacked == data || unpacked.len() <= LIMIT);
        check(&unpacked);
    }
});
