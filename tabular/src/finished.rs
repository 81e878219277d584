//! Finished models, as a run has left them.

use std::fs;
use std::path::{Path, PathBuf};

use model::AlignedBytes;
use training::TrainingError;

use crate::error::TabularError;
use crate::resume::MODEL;
use crate::view::Subject;

/// The model in `path`: a model file, a module, or a folder of artifacts. It should be one for `subject`.
///
/// # Errors
///
/// If it cannot be read, or is a module without a model.
pub fn model_bytes(path: &Path, subject: Subject) -> Result<AlignedBytes, TabularError> {
    let file = match path.is_dir() {
        true => path.join(MODEL),
        false => PathBuf::from(path),
    };
    let bytes = fs::read(&file).map_err(|source| datasets::DataError::ReadData {
        path: file.clone(),
        source,
    })?;
    let model = match bytes.starts_with(b"\0asm") {
        true => pack::inspect(&bytes)
            .map_err(TrainingError::from)?
            .model
            .ok_or(TabularError::OtherModel(subject))?,
        false => bytes,
    };
    Ok(AlignedBytes::new(&model))
}

/// Where the file `name` of the run is that has left the model in `path`.
#[must_use]
pub fn beside(path: &Path, name: &str) -> PathBuf {
    match path.is_dir() {
        true => path.join(name),
        false => path.with_file_name(name),
    }
}
