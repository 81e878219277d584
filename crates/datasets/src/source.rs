//! Where a data set is looked for, and where it can be got.

use std::path::{Path, PathBuf};

use crate::DataError;
use crate::download::RemoteFile;

/// Names a folder to look for data sets in, after `--data`.
pub const VARIABLE: &str = "BURN_ALGORITHMS_DATA";

/// Where a data set comes from.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// Folders to look in, relative to the current one; none if the data set comes with the program.
    pub folders: &'static [&'static str],
    /// Where it can be downloaded, if it can.
    pub remote: Option<Remote>,
    /// Whether several paths may be named.
    pub several: bool,
    /// Whether it is of images, which may be stored column by column.
    pub images: bool,
    /// Whether it is the user's own: it has to be named, and the model is named after it.
    pub own: bool,
}

/// A data set on the network.
#[derive(Debug, Clone, Copy)]
pub struct Remote {
    /// Address of the folder that has the files, with a slash at the end.
    pub mirror: &'static str,
    /// The files.
    pub files: &'static [RemoteFile],
    /// The folder that they go to, relative to the current one.
    pub folder: &'static str,
}

impl Source {
    /// A data set that comes with the program.
    pub const EMBEDDED: Self = Self {
        folders: &[],
        remote: None,
        several: false,
        images: false,
        own: false,
    };

    /// A data set of the user's own.
    pub const OWN: Self = Self {
        own: true,
        ..Self::EMBEDDED
    };

    /// Where to read the data set: what the user names, or the first place that has one; nothing if it
    /// comes with the program.
    ///
    /// `command` is the program's name, for the message.
    ///
    /// # Errors
    ///
    /// If there is none, with the command that gets it.
    pub fn find(&self, named: Vec<PathBuf>, command: &str) -> Result<Vec<PathBuf>, DataError> {
        if !named.is_empty() || self.folders.is_empty() {
            return Ok(named);
        }
        let variable = std::env::var_os(VARIABLE).filter(|folder| !folder.is_empty());
        if let Some(folder) = variable {
            return Ok(vec![folder.into()]);
        }
        let folder = self.folders.iter().map(Path::new).find(|f| f.is_dir());
        match folder {
            Some(folder) => Ok(vec![folder.to_owned()]),
            None => Err(DataError::MissingData {
                folders: self.folders,
                command: command.to_owned(),
                download: self.remote.is_some(),
            }),
        }
    }
}
