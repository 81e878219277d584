//! Where a training run writes to. Files appear whole or not at all.

use std::fmt::{self, Display, Formatter};
use std::fs::{self, File};
use std::io::{self, Write, stdout};
use std::path::{Path, PathBuf};

use crate::error::TrainingError;

/// A file to be.
pub type NamedBytes<'a> = (&'a str, Vec<u8>);

/// Where artifacts go.
#[derive(Debug, Clone)]
pub enum Artifacts {
    /// A folder. It keeps checkpoints too.
    Folder(PathBuf),
    /// A tar archive on standard output.
    Archive,
}

impl Artifacts {
    /// Makes sure, before any work is done, that the folder `folder` exists and takes files.
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
        Ok(Self::Folder(folder.into()))
    }

    /// The path of the file called `name`.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.join(name),
            Self::Archive => name.into(),
        }
    }

    /// Whether there is a file called `name`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        matches!(self, Self::Folder(_)) && self.path(name).exists()
    }

    /// Writes all `files`. In a folder, they are written beside their places, and only then moved there: a full disk
    /// leaves the files of an earlier run as they were.
    ///
    /// # Errors
    ///
    /// If one could not be written: none in a folder has changed then. If one could not be moved, which takes a
    /// folder of its name in its place, those before it have.
    pub fn publish(&self, files: &[NamedBytes<'_>]) -> Result<(), TrainingError> {
        match self {
            Self::Folder(_) => self.write(files),
            Self::Archive => write_archive(stdout().lock(), files).map_err(TrainingError::Output),
        }
    }

    /// Writes the checkpoint `bytes` to the file called `name`. Standard output takes none.
    ///
    /// # Errors
    ///
    /// Those of [`publish`](Self::publish).
    pub fn save(&self, name: &str, bytes: Vec<u8>) -> Result<(), TrainingError> {
        match self {
            Self::Folder(_) => self.write(&[(name, bytes)]),
            Self::Archive => Ok(()),
        }
    }

    fn write(&self, files: &[NamedBytes<'_>]) -> Result<(), TrainingError> {
        let moves: Vec<(PathBuf, PathBuf)> = (files.iter())
            .map(|(name, _)| (self.path(&format!(".{name}.partial")), self.path(name)))
            .collect();
        let written = moves.iter().zip(files).try_for_each(|(paths, (_, bytes))| {
            let (partial, path) = paths;
            write_to_disk(partial, bytes).map_err(|source| TrainingError::WriteArtifact {
                path: path.clone(),
                source,
            })
        });
        let result = written.and_then(|()| {
            moves.iter().try_for_each(|(partial, path)| {
                fs::rename(partial, path).map_err(|source| TrainingError::MoveArtifact {
                    path: path.clone(),
                    source,
                })
            })
        });
        if result.is_err() {
            for (partial, _) in &moves {
                // What cannot be removed now will be overwritten by the next run.
                let _ = fs::remove_file(partial);
            }
        }
        result
    }

    /// Removes the file called `name`, if there is one.
    pub fn remove(&self, name: &str) {
        if let Self::Folder(folder) = self {
            // A file that cannot be removed does no harm.
            let _ = fs::remove_file(folder.join(name));
        }
    }
}

impl Display for Artifacts {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Archive => f.write_str("the archive"),
        }
    }
}

/// Writes `files` as a tar archive, the same bytes each time: it holds no date and no owner.
fn write_archive(output: impl Write, files: &[NamedBytes<'_>]) -> io::Result<()> {
    let mut archive = tar::Builder::new(output);
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, &bytes[..])?;
    }
    archive.into_inner()?.flush()
}

/// Writes a file and waits until it is on the disk: a rename before that could outlive a power
/// failure that the bytes do not.
fn write_to_disk(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        text.as_bytes().to_vec()
    }

    /// A folder with the artifacts `a` and `b` of an earlier run.
    fn earlier() -> (tempfile::TempDir, Artifacts) {
        let folder = tempfile::tempdir().unwrap();
        let artifacts = Artifacts::prepare(&folder.path().join("new/er")).unwrap();
        artifacts
            .publish(&[("a", bytes("old a")), ("b", bytes("old b"))])
            .unwrap();
        (folder, artifacts)
    }

    fn names(artifacts: &Artifacts) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(artifacts.path(""))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn files_replace_earlier_ones_and_leave_nothing_beside() {
        let (_folder, artifacts) = earlier();
        artifacts
            .publish(&[("b", bytes("new b")), ("c", bytes("new c"))])
            .unwrap();
        assert_eq!(names(&artifacts), ["a", "b", "c"]);
        assert_eq!(fs::read(artifacts.path("a")).unwrap(), b"old a");
        assert_eq!(fs::read(artifacts.path("b")).unwrap(), b"new b");
    }

    #[test]
    fn a_file_that_cannot_be_written_leaves_all_earlier_ones() {
        let (_folder, artifacts) = earlier();
        fs::create_dir(artifacts.path(".b.partial")).unwrap();
        let error = artifacts
            .publish(&[("a", bytes("new a")), ("b", bytes("new b"))])
            .unwrap_err();
        assert!(matches!(&error, TrainingError::WriteArtifact { path, .. } if path.ends_with("b")));
        assert_eq!(error.exit_code(), 1);
        assert_eq!(fs::read(artifacts.path("a")).unwrap(), b"old a");
        assert_eq!(fs::read(artifacts.path("b")).unwrap(), b"old b");
        assert_eq!(names(&artifacts), [".b.partial", "a", "b"]);
    }

    #[test]
    fn a_file_that_cannot_be_moved_is_said() {
        let (_folder, artifacts) = earlier();
        fs::create_dir(artifacts.path("c")).unwrap();
        let error = artifacts.publish(&[("c", bytes("new c"))]).unwrap_err();
        assert!(
            matches!(error, TrainingError::MoveArtifact { .. }),
            "{error}"
        );
        assert_eq!(names(&artifacts), ["a", "b", "c"]);
    }
}
