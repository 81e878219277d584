//! A runner with Burn's own forward pass in it, in place of this project's: benchmarks pack the same models into
//! it and measure modules beside it.

use std::process::ExitCode;

use model::{Model, ModelError};
use module::host::Standard;
use module::{program, slot};
use runtime::{Any, Runtime};
use training::Backend;
use training::reference::Reference;

fn main() -> ExitCode {
    let Some(bytes) = slot::model() else {
        return program::without_model(&mut Standard).into();
    };
    match open(bytes) {
        Ok(runtime) => program::run_with(runtime, &mut Standard).into(),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn open(bytes: &[u8]) -> Result<Runtime<'_>, ModelError> {
    let model = Model::read(bytes)?;
    let network = Reference::new(&model, &Backend::Flex.device())?;
    Runtime::with_network::<Any>(model, Box::new(network))
}
