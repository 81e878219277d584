//! Any bytes as measurements of a flower.

#![no_main]

mod any_input;

use std::sync::LazyLock;

use datasets::{iris, table};
use libfuzzer_sys::fuzz_target;
use model::AlignedBytes;

static MODEL: LazyLock<AlignedBytes> = LazyLock::new(|| any_input::model(table(&iris::FIELDS)));

fuzz_target!(|data: &[u8]| any_input::check(&MODEL, data));
