//! Where the files of a model go: a folder, or standard output.

use std::path::{Path, PathBuf};

use provenance::Artifact;
use signing::PrivateKey;

use crate::artifacts::Artifacts;
use crate::console;
use crate::error::TrainingError;
use crate::release::artifact;

/// What the user says of it.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub struct Destination {
    /// Folder for the model, the module and the report; by default artifacts/NAME.
    #[arg(long, value_name = "FOLDER")]
    pub artifacts: Option<PathBuf>,
    /// Write all files to standard output as one tar archive, and nothing to a folder. What a run prints goes to
    /// standard error then.
    #[arg(long, conflicts_with_all = ["artifacts", "resume", "cross_validate"])]
    pub stdout: bool,
    /// Sign the artifacts with the private key in FILE (P-256, PEM): see docs/signing.md.
    #[arg(long, value_name = "FILE", conflicts_with = "cross_validate")]
    pub sign: Option<PathBuf>,
    /// The file of this program, whose digest goes into provenance.json. A program in a sandbox cannot find it by
    /// itself.
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
}

/// A place that is ready to take files.
pub struct Prepared {
    /// The place.
    pub artifacts: Artifacts,
    /// What signs them.
    pub key: Option<PrivateKey>,
    /// The trainer's own file, where it can be read and a model is to be kept.
    pub program: Option<Artifact>,
}

impl Destination {
    /// Makes sure, before any work is done, that the files of the model `name` can be written and signed. The program's file is
    /// read only if a model `is_kept`: its origin is told then.
    ///
    /// # Errors
    ///
    /// If the folder takes no files, there is no such key, or the key lies in that folder, or the program's file cannot
    /// be read.
    pub fn prepare(&self, name: &str, is_kept: bool) -> Result<Prepared, TrainingError> {
        let folder = self.folder(name);
        let artifacts = match self.stdout {
            true => {
                console::leave_standard_output();
                Artifacts::Archive
            }
            false => Artifacts::prepare(&folder)?,
        };
        let key = |path: &PathBuf| PrivateKey::read_outside(path, &folder);
        Ok(Prepared {
            artifacts,
            key: self.sign.as_ref().map(key).transpose()?,
            program: if is_kept { self.program()? } else { None },
        })
    }

    /// The folder for the model `name`.
    fn folder(&self, name: &str) -> PathBuf {
        let named = self.artifacts.clone();
        named.unwrap_or_else(|| Path::new("artifacts").join(name))
    }

    /// The program's file: the one that is named, or else the one that the system tells.
    fn program(&self) -> Result<Option<Artifact>, TrainingError> {
        let found = std::env::current_exe().ok();
        let Some(path) = self.program.as_ref().or(found.as_ref()) else {
            return Ok(None);
        };
        match artifact(path) {
            Ok(program) => Ok(Some(program)),
            Err(error) if self.program.is_some() => Err(error.into()),
            // Another system may not let a program read itself.
            Err(_) => Ok(None),
        }
    }
}
