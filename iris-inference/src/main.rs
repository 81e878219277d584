//! `iris-inference`: tells the species of an iris flower from four measurements.

#![cfg_attr(target_os = "wasi", no_std, no_main)]

module::program!(
    runtime::Table,
    *include_bytes!("../../artifacts/iris/model.safetensors")
);
