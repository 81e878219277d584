//! Any bytes as a file of MNIST's, packed or not: refused, or read to the last byte.

#![no_main]

use datasets::gzip;
use datasets::mnist::idx;
use libfuzzer_sys::fuzz_target;

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
