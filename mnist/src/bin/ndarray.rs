//! `mnist-ndarray`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<mnist::Mnist>(training::Backend::NdArray)
}
