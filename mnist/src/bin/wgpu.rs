#![recursion_limit = "256"]
//! `mnist-wgpu`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<mnist::Mnist>(training::Backend::Wgpu)
}
