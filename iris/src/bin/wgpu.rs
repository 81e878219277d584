#![recursion_limit = "256"]
//! `iris-wgpu`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<iris::Iris>(training::Backend::Wgpu)
}
