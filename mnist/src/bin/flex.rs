//! `mnist-flex`: see [`training::run`].

fn main() -> std::process::ExitCode {
    training::run::main::<mnist::Mnist>(training::Backend::Flex)
}
