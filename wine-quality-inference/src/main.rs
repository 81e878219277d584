//! `wine-quality-inference`: estimates the quality of a red wine from eleven measurements.

#![cfg_attr(target_os = "wasi", no_std, no_main)]

module::program!(
    runtime::Table,
    *include_bytes!("../../artifacts/wine-quality/model.safetensors")
);
