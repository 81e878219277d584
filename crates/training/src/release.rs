//! The last step of every trainer: the files of a finished model, where they come from, and their signature.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{AlignedBytes, Model, Training, hexadecimal};
use pack::{RUNNER_CRATES, Runner};
use provenance::{Artifact, BILL, Card, Metric, PROVENANCE, Program, Run};
use signing::{PrivateKey, SIGNATURE};

use crate::artifacts::{Artifacts, NamedBytes};
use crate::error::TrainingError;
use crate::shell::file_name;

/// A finished model.
pub struct Release<'a> {
    /// The trainer, such as `iris-flex`.
    pub program: String,
    /// The model file.
    pub model: NamedBytes<'a>,
    /// The module.
    pub module: NamedBytes<'a>,
    /// The options that decided beside the settings.
    pub arguments: Vec<String>,
    /// How the model was made.
    pub training: &'a Training,
    /// Figures of the test rows, by name.
    pub metrics: &'a BTreeMap<String, f64>,
    /// The files and folders that the data was read from; none if it comes with the program.
    pub data: &'a [PathBuf],
    /// The other files.
    pub files: Vec<NamedBytes<'a>>,
}

/// The key in the file `path`, which signs what will lie in `folder`. A trainer calls this before it trains.
///
/// # Errors
///
/// If there is no such key, or it lies in that folder.
pub fn key(path: Option<&Path>, folder: &Path) -> Result<Option<PrivateKey>, TrainingError> {
    let read = |path: &Path| PrivateKey::read_outside(path, folder);
    Ok(path.map(read).transpose()?)
}

impl Release<'_> {
    /// Writes all files, `provenance.json` and `bom.json` to `artifacts`, and signs the folder with `key`.
    ///
    /// # Errors
    ///
    /// If a file of the data can no longer be read, or a file cannot be written.
    pub fn publish(
        self,
        artifacts: &Artifacts,
        key: Option<&PrivateKey>,
    ) -> Result<(), TrainingError> {
        let [statement, bill] = self.origin()?;
        let mut files = self.files;
        files.extend([
            (PROVENANCE, statement),
            (BILL, bill),
            self.module,
            self.model,
        ]);
        // A signature of what was there before holds no longer.
        artifacts.remove(SIGNATURE);
        artifacts.publish(&files)?;
        if let Some(key) = key {
            let signature = signing::sign(&artifacts.path(""), key)?;
            artifacts.publish(&[(SIGNATURE, signature)])?;
        }
        Ok(())
    }

    /// `provenance.json` and `bom.json`.
    fn origin(&self) -> Result<[Vec<u8>; 2], TrainingError> {
        let bytes = AlignedBytes::new(&self.model.1);
        let model = Model::read(&bytes)?;
        let [file, module] =
            [&self.model, &self.module].map(|(name, bytes)| Artifact::new(name, bytes));
        let runner = Runner::for_input(&model.input).map_or_else(
            || Artifact::new("", &[]),
            |runner| Artifact::new(&format!("{}.wasm", runner.name), runner.wasm),
        );
        let trainer = Program {
            name: self.program.clone(),
            version: self.training.version.clone(),
            file: None,
        };
        let data = self.materials()?;
        let seed = self.training.settings.get("seed");
        let arguments = self.arguments.iter().map(|text| without_folder(text));
        let statement = provenance::statement(&Run {
            subjects: vec![file.clone(), module.clone()],
            trainer: trainer.clone(),
            runner,
            data: data.clone(),
            arguments: arguments.collect(),
            settings: self.training.settings.clone(),
            seed: seed.and_then(serde_json::Value::as_u64).unwrap_or_default(),
            reproduce: None,
        })?;
        let libraries = provenance::libraries(RUNNER_CRATES)?;
        let metric = |(name, value): (&String, &f64)| Metric {
            name: name.clone(),
            value: *value,
            interval: None,
        };
        let bill = provenance::bill(&Card {
            metrics: self.metrics.iter().map(metric).collect(),
            data,
            ..Card::new(&model, file, module, trainer, libraries)
        })?;
        Ok([statement, bill])
    }

    /// The files of the data. Of a folder, the digest is that of what was read from it.
    fn materials(&self) -> Result<Vec<Artifact>, TrainingError> {
        let whole = |name: &str| Artifact::with_sha256(name, &self.training.data_sha256);
        if self.data.is_empty() {
            return Ok(vec![whole("the data set of the program")]);
        }
        (self.data.iter())
            .map(|path| match path.is_file() {
                true => {
                    let sha256 = hexadecimal(&signing::digest(path)?);
                    Ok(Artifact::with_sha256(&file_name(path), &sha256))
                }
                false => Ok(whole(&file_name(path))),
            })
            .collect()
    }
}

/// The argument with the name of a file in place of its path: where somebody works is nobody's business, and decides nothing.
fn without_folder(argument: &str) -> String {
    let (option, value) = argument.split_once('=').unwrap_or(("", argument));
    let value = file_name(Path::new(value));
    match option {
        "" => value,
        _ => format!("{option}={value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_do_not_tell_where_somebody_works() {
        for (argument, expected) in [
            ("--test=/home/ada/test.csv", "--test=test.csv"),
            ("/home/ada/pictures", "pictures"),
            ("--seed", "--seed"),
            ("--target=a=b", "--target=a=b"),
        ] {
            assert_eq!(without_folder(argument), expected);
        }
    }
}
