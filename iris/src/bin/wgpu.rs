#![recursion_limit = "256"]
//! `iris-wgpu`: see [`training::run`].

use tabular::preset::Loaded;

fn main() -> std::process::ExitCode {
    training::run::main::<Loaded<iris::Iris>>(training::Backend::Wgpu)
}
