//! `agnews-ndarray`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<agnews::data::News>(training::Backend::NdArray)
}
