//! `agnews-inference`: tells what a news article is about.

#![cfg_attr(target_os = "wasi", no_std, no_main)]

module::program!(
    runtime::Text,
    *include_bytes!("../../artifacts/agnews/model.safetensors")
);
