//! The last step of every trainer: the files of a finished model, where they come from, and their signature.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::{AlignedBytes, Model, Training, hexadecimal};
use pack::{Form, RUNNER_CRATES, Runners};
use provenance::{Artifact, BILL, Card, Metric, PROVENANCE, Program, Run};
use signing::{Manifest, SIGNATURE, SigningError};

use crate::artifacts::{Artifacts, NamedBytes};
use crate::destination::Prepared;
use crate::error::TrainingError;
use crate::shell::{file_name, quoted};

/// A finished model.
pub struct Release<'a> {
    /// The trainer, such as `iris-flex`.
    pub program: String,
    /// The model's name, such as `iris`.
    pub name: &'a str,
    /// The model file.
    pub model: NamedBytes<'a>,
    /// The module: the model in the program of `runners`.
    pub module: NamedBytes<'a>,
    /// What the model is put into.
    pub runners: Runners,
    /// The options that decided, the settings among them, each with its value.
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

impl Release<'_> {
    /// Writes all files, `provenance.json` and `bom.json` to `place`, with the signature if it has a key.
    ///
    /// # Errors
    ///
    /// If a file of the data can no longer be read, or a file cannot be written.
    pub fn publish(self, place: &Prepared) -> Result<(), TrainingError> {
        let library = self.runners.library.pack(&self.model.1)?;
        let library_name = [self.name, Form::Library.suffix()].concat();
        let library = (library_name.as_str(), library);
        let [statement, bill] = self.origin(&library, place.program.clone())?;
        let mut files = self.files;
        files.extend([
            (PROVENANCE, statement),
            (BILL, bill),
            library,
            self.module,
            self.model,
        ]);
        let artifacts = &place.artifacts;
        // A signature of what was there before holds no longer.
        artifacts.remove(SIGNATURE);
        match (&place.key, artifacts) {
            (None, _) => artifacts.publish(&files),
            (Some(key), Artifacts::Folder(folder)) => {
                artifacts.publish(&files)?;
                // What else lies there is signed too.
                artifacts.publish(&[(SIGNATURE, signing::sign(folder, key)?)])
            }
            (Some(key), Artifacts::Archive) => {
                let named = files.iter().map(|(name, bytes)| (*name, &bytes[..]));
                let manifest = Manifest::of_files(self.name, named);
                files.push((SIGNATURE, signing::sign_manifest(&manifest, key)?));
                artifacts.publish(&files)
            }
        }
    }

    /// `provenance.json` and `bom.json` of what `program` has made.
    fn origin(
        &self,
        library: &NamedBytes<'_>,
        program: Option<Artifact>,
    ) -> Result<[Vec<u8>; 2], TrainingError> {
        let bytes = AlignedBytes::new(&self.model.1);
        let model = Model::read(&bytes)?;
        let [file, module, library] =
            [&self.model, &self.module, library].map(|(name, bytes)| Artifact::new(name, bytes));
        let modules = vec![module, library];
        let runners = [self.runners.command, self.runners.library]
            .map(|runner| Artifact::new(&format!("{}.wasm", runner.name), runner.wasm));
        let trainer = Program {
            name: self.program.clone(),
            version: self.training.version.clone(),
            file: program,
        };
        let data = self.materials()?;
        let seed = self.training.settings.get("seed");
        let arguments: Vec<_> = (self.arguments.iter())
            .map(|text| without_folder(text))
            .collect();
        let words = [&self.program].into_iter().chain(&arguments);
        let command: Vec<_> = words.map(|word| quoted(Path::new(word))).collect();
        let statement = provenance::statement(&Run {
            subjects: [&file].into_iter().chain(&modules).cloned().collect(),
            trainer: trainer.clone(),
            runners: runners.into(),
            data: data.clone(),
            arguments,
            settings: self.training.settings.clone(),
            seed: seed.and_then(serde_json::Value::as_u64).unwrap_or_default(),
            reproduce: Some(command.join(" ")),
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
            ..Card::new(&model, file, modules, trainer, libraries)
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
                true => Ok(artifact(path)?),
                false => Ok(whole(&file_name(path))),
            })
            .collect()
    }
}

/// The file `path`, by its name and digest.
///
/// # Errors
///
/// If it cannot be read.
pub fn artifact(path: &Path) -> Result<Artifact, SigningError> {
    let sha256 = hexadecimal(&signing::digest(path)?);
    Ok(Artifact::with_sha256(&file_name(path), &sha256))
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
