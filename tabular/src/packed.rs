//! A module of a model.

use model::sha256;
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
    /// Makes a module of the model file `bytes`, which is called `name`. It may have `allowed` KiB. `example` is an input, and
    /// `largest_difference` what [`check`](crate::file::check) has found.
    ///
    /// # Errors
    ///
    /// If the model cannot be packed, or the module is larger.
    pub fn new(
        subject: Subject,
        name: &str,
        bytes: &[u8],
        allowed: usize,
        example: String,
        largest_difference: f64,
    ) -> Result<Self, TabularError> {
        let module = pack::pack(bytes).map_err(TrainingError::from)?;
        if module.len() > allowed * 1024 {
            return Err(TabularError::TooLarge {
                found: module.len().div_ceil(1024),
                allowed,
                subject,
            });
        }
        let files = Files {
            model_sha256: sha256(bytes),
            model_bytes: bytes.len(),
            module: format!("{name}-inference.wasm"),
            module_sha256: sha256(&module),
            module_bytes: module.len(),
            largest_difference,
            example,
        };
        Ok(Self { module, files })
    }
}
