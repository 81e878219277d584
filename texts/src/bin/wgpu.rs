#![recursion_limit = "256"]
//! `texts-wgpu`: see [`texts::run`].

fn main() -> std::process::ExitCode {
    texts::run::main(training::Backend::Wgpu)
}
