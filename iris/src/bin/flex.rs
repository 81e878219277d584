//! `iris-flex`: see [`training::run`].

use tabular::preset::Loaded;

fn main() -> std::process::ExitCode {
    training::run::main::<Loaded<iris::Iris>>(training::Backend::Flex)
}
