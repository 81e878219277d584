//! `iris-flex`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<iris::data::Flowers>(training::Backend::Flex)
}
