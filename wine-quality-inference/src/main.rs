//! `wine-quality-inference`: estimates the quality of a wine from eleven measurements.

#![cfg_attr(all(target_os = "wasi", not(feature = "burn")), no_std, no_main)]

use inference::model::Model;
use inference::module::Module;
use inference::output::Quantity;
use inference::schema::Field;

const MODEL: Model<Quantity> = include!(concat!(env!("OUT_DIR"), "/model.rs"));

const MODULE: Module<&'static [Field], Quantity> = Module {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
    about: "Estimates the quality of a wine, from 0 to 10, from eleven measurements.",
    example: (
        r#"'{"fixed_acidity": 7.4, "volatile_acidity": 0.7, "citric_acid": 0, "residual_sugar": 1.9, "chlorides": 0.076, "free_sulfur_dioxide": 11, "total_sulfur_dioxide": 34, "density": 0.9978, "pH": 3.51, "sulphates": 0.56, "alcohol": 9.4}'"#,
        "5.2",
    ),
    input: wine_quality::input::FIELDS,
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
