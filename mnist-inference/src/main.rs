//! `mnist-inference`: tells which digit an image of handwriting shows.

#![cfg_attr(all(target_os = "wasi", not(feature = "burn")), no_std, no_main)]

use inference::model::Model;
use inference::module::Module;
use inference::output::Classes;
use inference::schema::Image;

const MODEL: Model<Classes> = include!(concat!(env!("OUT_DIR"), "/model.rs"));

const MODULE: Module<Image, Classes> = Module {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    about: "Tells which digit an image of handwriting shows.",
    example: (r#""$(convert-image 4.png)""#, "4"),
    input: mnist::input::IMAGE,
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
