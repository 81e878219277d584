//! `wine-quality-ndarray`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<wine_quality::WineQuality>(training::Backend::NdArray)
}
