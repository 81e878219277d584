#![recursion_limit = "256"]
//! `wine-quality-wgpu`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<wine_quality::WineQuality>(training::Backend::Wgpu)
}
