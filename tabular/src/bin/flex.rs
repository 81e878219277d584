//! `tabular-flex`: see [`tabular::run`].

fn main() -> std::process::ExitCode {
    tabular::run::main(training::Backend::Flex)
}
