//! `iris-inference`: tells the species of an iris flower from four measurements.

#![cfg_attr(all(target_os = "wasi", not(feature = "burn")), no_std, no_main)]

use inference::model::Model;
use inference::module::Module;
use inference::output::Classes;
use inference::schema::Field;

const MODEL: Model<Classes> = include!(concat!(env!("OUT_DIR"), "/model.rs"));

const MODULE: Module<&'static [Field], Classes> = Module {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    about: "Tells the species of an iris flower from four measurements.",
    example: (
        r#"'{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}'"#,
        "Iris-versicolor",
    ),
    input: iris::input::FIELDS,
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
