//! `agnews-inference`: tells what a news article is about.

#![cfg_attr(all(target_os = "wasi", not(feature = "burn")), no_std, no_main)]

use inference::model::Model;
use inference::module::Module;
use inference::output::Classes;
use inference::schema::Text;

const MODEL: Model<Classes> = include!(concat!(env!("OUT_DIR"), "/model.rs"));

const MODULE: Module<Text, Classes> = Module {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    about: "Tells what a news article is about: the world, sports, business, or science and technology.",
    example: (
        r#"'{"title": "Late goal sends Ajax to the final", "description": "A header in the last minute of the match won the cup tie for the visitors."}'"#,
        "Sports",
    ),
    input: agnews::input::TEXT,
    model: MODEL,
}
.checked();

#[cfg(not(feature = "burn"))]
inference::entry_point!(MODULE, MODEL.network());

#[cfg(feature = "burn")]
inference::entry_point!(
    MODULE,
    training::reference::Reference::of_module(MODEL_FILE)
);

/// The same weights for Burn.
#[cfg(feature = "burn")]
const MODEL_FILE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/model.safetensors"));
