//! The files of a folder, with their digests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use model::hexadecimal;
use sha2::{Digest, Sha256};

use crate::{Difference, SIGNATURE, SigningError};

/// What is never signed: the signature itself, what a stopped run leaves to go on from, and what Git keeps.
const LEFT_OUT: [&str; 7] = [
    SIGNATURE,
    "checkpoint.safetensors",
    "checkpoint.journal",
    ".git",
    ".gitattributes",
    ".github",
    ".gitignore",
];

/// Files by their names, relative to a folder and with `/` between their parts, each with its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    pub(crate) name: String,
    /// By the parts of their names, which is the order in which Model Signing lists them.
    pub(crate) files: BTreeMap<Vec<String>, [u8; 32]>,
    /// Files and folders that are left out.
    pub(crate) ignored: BTreeSet<String>,
}

/// A file that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedFile {
    /// Its name, relative to the folder.
    pub name: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Hashes `files`, names and bytes, of a folder or archive called `name`.
    #[must_use]
    pub fn of_files<'a>(name: &str, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Self {
        let files = files.into_iter();
        Self {
            name: name.into(),
            files: files
                .map(|(name, bytes)| (parts(name), Sha256::digest(bytes).into()))
                .collect(),
            ignored: LEFT_OUT.map(Into::into).into(),
        }
    }

    /// Hashes all files of `folder` and of the folders in it, except [`SIGNATURE`], checkpoints and hidden files,
    /// which a name with a dot in front is.
    ///
    /// # Errors
    ///
    /// If something cannot be read, is a symbolic link, or has a name that is not UTF-8.
    pub fn of_folder(folder: &Path) -> Result<Self, SigningError> {
        let mut manifest = Self::of_files(&name(folder), []);
        manifest.add(folder, &[], &BTreeMap::new())?;
        Ok(manifest)
    }

    /// The files, sorted by name.
    pub fn files(&self) -> impl Iterator<Item = SignedFile> {
        self.files.iter().map(|(parts, digest)| SignedFile {
            name: parts.join("/"),
            sha256: hexadecimal(digest),
        })
    }

    /// Hashes what `folder` has now: the files of this manifest, and all others that it does not leave out.
    pub(crate) fn look_at(&self, folder: &Path) -> Result<Self, SigningError> {
        let mut found = Self {
            name: self.name.clone(),
            files: BTreeMap::new(),
            ignored: self.ignored.clone(),
        };
        // Where the signer put it does not matter here.
        found.ignored.insert(SIGNATURE.into());
        found.add(folder, &[], &self.files)?;
        Ok(found)
    }

    /// How `found` differs from this one.
    pub(crate) fn differences(&self, found: &Self) -> Vec<Difference> {
        let signed = self.files.iter();
        let signed = signed.filter_map(|(parts, digest)| match found.files.get(parts) {
            Some(other) if other == digest => None,
            Some(_) => Some(Difference::Changed(parts.join("/"))),
            None => Some(Difference::Missing(parts.join("/"))),
        });
        let found = found.files.keys();
        let extra = found.filter(|parts| !self.files.contains_key(*parts));
        signed
            .chain(extra.map(|parts| Difference::Extra(parts.join("/"))))
            .collect()
    }

    /// Adds what is in `folder`, which is called `parents` from the top. Names in `wanted`, and the folders on the way
    /// to them, are taken even if they are hidden.
    fn add(
        &mut self,
        folder: &Path,
        parents: &[String],
        wanted: &BTreeMap<Vec<String>, [u8; 32]>,
    ) -> Result<(), SigningError> {
        for entry in fs::read_dir(folder).map_err(reading(folder))? {
            let entry = entry.map_err(reading(folder))?;
            let path = entry.path();
            let Ok(name) = entry.file_name().into_string() else {
                return Err(SigningError::Name(path));
            };
            let hidden = name.starts_with('.');
            let mut parts = parents.to_vec();
            parts.push(name);
            let next = wanted.range(parts.clone()..).next();
            let is_wanted = next.is_some_and(|(file, _)| file.starts_with(&parts));
            if !is_wanted && (hidden || self.ignored.contains(&parts.join("/"))) {
                // A verifier that looks at hidden files is told to leave this one out.
                self.ignored.insert(parts.join("/"));
                continue;
            }
            let kind = entry.file_type().map_err(reading(&path))?;
            if kind.is_dir() {
                self.add(&path, &parts, wanted)?;
            } else if kind.is_file() {
                self.files.insert(parts, digest(&path)?);
            } else {
                return Err(SigningError::NotPlain(path));
            }
        }
        Ok(())
    }
}

/// What the folder is called, which verifiers may show. `.` has its name elsewhere, and not in every sandbox.
fn name(folder: &Path) -> String {
    let absolute = || fs::canonicalize(folder).ok();
    let name = folder.file_name().map(Into::into);
    let name = name.or_else(|| Some(absolute()?.file_name()?.to_owned()));
    name.map_or_else(|| "model".into(), |name| name.to_string_lossy().into())
}

/// The parts of a name.
pub(crate) fn parts(name: &str) -> Vec<String> {
    name.split('/').map(Into::into).collect()
}

/// SHA-256 of a file, of which no more than a piece is in memory.
///
/// # Errors
///
/// If it cannot be read.
pub fn digest(path: &Path) -> Result<[u8; 32], SigningError> {
    let mut file = File::open(path).map_err(reading(path))?;
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let length = file.read(&mut piece).map_err(reading(path))?;
        match piece.get(..length) {
            None | Some([]) => return Ok(hasher.finalize().into()),
            Some(read) => hasher.update(read),
        }
    }
}

fn reading(path: &Path) -> impl Fn(std::io::Error) -> SigningError {
    move |source| SigningError::Read {
        path: path.into(),
        source,
    }
}
