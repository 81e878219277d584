//! What a module says of its model.

use alloc::format;
use alloc::string::String;

use model::json::{self, Count, Shown};
use runtime::Runtime;

/// The version of every program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Appends the model's metadata, the number of its weights, and the program's version: a JSON object over several lines.
#[inline(never)]
pub fn describe(runtime: &Runtime<'_>, output: &mut String) {
    let model = runtime.model();
    let header = model.header();
    let members = header.trim_ascii().strip_suffix('}');
    let whole = format!(
        "{},\"weights\":{},\"module_version\":\"{}\"}}",
        Shown(members.unwrap_or_default()),
        Count(model.weights()),
        Shown(VERSION)
    );
    json::push_pretty(output, &whole);
    output.push('\n');
}
