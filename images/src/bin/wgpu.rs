#![recursion_limit = "256"]
//! `images-wgpu`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<images::Images>(training::Backend::Wgpu)
}
