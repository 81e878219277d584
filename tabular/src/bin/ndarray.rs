//! `tabular-ndarray`: see [`tabular::run`].

fn main() -> std::process::ExitCode {
    tabular::run::main(training::Backend::NdArray)
}
