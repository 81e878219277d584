#![recursion_limit = "256"]
//! `agnews-wgpu`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<agnews::AgNews>(training::Backend::Wgpu)
}
