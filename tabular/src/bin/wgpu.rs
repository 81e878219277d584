#![recursion_limit = "256"]
//! `tabular-wgpu`: see [`tabular::run`].

fn main() -> std::process::ExitCode {
    tabular::run::main(training::Backend::Wgpu)
}
