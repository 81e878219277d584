//! `images-ndarray`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<images::Images>(training::Backend::NdArray)
}
