//! `mnist-inference`: tells which digit an image of handwriting shows.

#![cfg_attr(target_os = "wasi", no_std, no_main)]

module::program!(
    runtime::Image,
    *include_bytes!("../../artifacts/mnist/model.safetensors")
);
