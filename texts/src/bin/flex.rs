//! `texts-flex`: see [`texts::run`].

fn main() -> std::process::ExitCode {
    texts::run::main(training::Backend::Flex)
}
