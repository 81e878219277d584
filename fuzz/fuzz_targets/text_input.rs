//! Any bytes as a news article.

#![no_main]

mod any_input;

use std::sync::LazyLock;

use datasets::news::{self, cleaning};
use libfuzzer_sys::fuzz_target;
use model::{AlignedBytes, Input};

static MODEL: LazyLock<AlignedBytes> =
    LazyLock::new(|| any_input::model(Input::Text(news::schema())));

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = str::from_utf8(data) {
        let _ = cleaning::remove(text);
    }
    any_input::check(&MODEL, data);
});
