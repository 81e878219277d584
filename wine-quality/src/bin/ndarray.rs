//! `wine-quality-ndarray`: see [`training::run`].

use tabular::preset::Loaded;

fn main() -> std::process::ExitCode {
    training::run::main::<Loaded<wine_quality::WineQuality>>(training::Backend::NdArray)
}
