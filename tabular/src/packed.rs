//! A module of a model.

use model::sha256;
use pack::{Form, Runner};
use training::TrainingError;

use crate::error::TabularError;
use crate::report::Files;
use crate::view::Subject;

/// A module, and what is known of it and of its model.
pub struct Packed {
    /// The module.
    pub module: Vec<u8>,
    /// What is known of both.
    pub files: Files,
}

impl Packed {
    /// Puts the model file `bytes` into `runner`. The model is called `name`. It may have `allowed` KiB. `example` is an input, and
    /// `largest_difference` what [`check`](crate::file::check) has found.
    ///
    /// # Errors
    ///
    /// If the model cannot be packed, or the module is larger.
    pub fn new(
        subject: Subject,
        runner: &Runner,
        name: &str,
        bytes: &[u8],
        allowed: usize,
        example: String,
        largest_difference: f64,
    ) -> Result<Self, TabularError> {
        let module = runner.pack(bytes).map_err(TrainingError::from)?;
        if module.len() > allowed * 1024 {
            return Err(TabularError::TooLarge {
                found: module.len().div_ceil(1024),
                allowed,
                subject,
            });
        }
        let files = files_of(name, [bytes, &module], example, largest_difference);
        Ok(Self { module, files })
    }
}

/// What is known of the model file and of the module of the model `name`.
#[must_use]
pub fn files_of(
    name: &str,
    [model, module]: [&[u8]; 2],
    example: String,
    largest_difference: f64,
) -> Files {
    Files {
        model_sha256: sha256(model),
        model_bytes: model.len(),
        module: [name, Form::Command.suffix()].concat(),
        module_sha256: sha256(module),
        module_bytes: module.len(),
        largest_difference,
        example,
    }
}
