//! The folder that a training run writes to. Files appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::TrainingError;

/// A file to be.
pub type NamedBytes<'a> = (&'a str, Vec<u8>);

/// A folder of artifacts.
#[derive(Debug, Clone)]
pub struct Artifacts {
    folder: PathBuf,
}

impl Artifacts {
    /// Makes sure, before any work is done, that the folder exists and takes files.
    ///
    /// # Errors
    ///
    /// If it does not.
    pub fn prepare(folder: &Path) -> Result<Self, TrainingError> {
        let probe = folder.join(".probe.partial");
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&probe, b"artifacts go here"))
            .and_then(|()| fs::remove_file(&probe))
            .map_err(|source| TrainingError::ArtifactsFolder {
                path: folder.into(),
                source,
            })?;
        Ok(Self {
            folder: folder.into(),
        })
    }

    /// The path of the file called `name`.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes all `files` beside their places, and only then moves them there: a full disk leaves
    /// the files of an earlier run as they were.
    ///
    /// # Errors
    ///
    /// If one could not be written. None has changed then.
    pub fn publish(&self, files: &[NamedBytes<'_>]) -> Result<(), TrainingError> {
        let moves: Vec<(PathBuf, PathBuf)> = (files.iter())
            .map(|(name, _)| (self.path(&format!(".{name}.partial")), self.path(name)))
            .collect();
        for ((partial, path), (_, bytes)) in moves.iter().zip(files) {
            if let Err(source) = write_durably(partial, bytes) {
                for (partial, _) in &moves {
                    // What cannot be removed now will be overwritten by the next run.
                    let _ = fs::remove_file(partial);
                }
                return Err(TrainingError::WriteArtifact {
                    path: path.clone(),
                    source,
                });
            }
        }
        for (partial, path) in moves {
            fs::rename(&partial, &path).map_err(|source| TrainingError::WriteArtifact {
                path: path.clone(),
                source,
            })?;
        }
        Ok(())
    }

    /// Removes the file called `name`, if there is one.
    pub fn remove(&self, name: &str) {
        // A file that cannot be removed does no harm.
        let _ = fs::remove_file(self.path(name));
    }
}

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    // Some file systems report a full disk only now.
    file.flush()
}
