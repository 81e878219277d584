//! `iris-ndarray`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<iris::Iris>(training::Backend::NdArray)
}
