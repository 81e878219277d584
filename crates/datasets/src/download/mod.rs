//! Downloads the files of a data set. What arrives is checked against digests that are part of the
//! program, so a mirror need not be trusted; what was cut off is resumed.

mod error;
#[cfg(not(target_family = "wasm"))]
mod http;
#[cfg(target_family = "wasm")]
mod sandbox;
#[cfg(test)]
mod tests;

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use model::sha256;

#[cfg(not(target_family = "wasm"))]
use http::Client;
#[cfg(target_family = "wasm")]
use sandbox::Client;

pub use error::DownloadError;

/// A file as it is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteFile {
    /// Its name, both on the mirror and in the folder.
    pub name: &'static str,
    /// SHA-256 of the whole file, in lower-case hexadecimal.
    pub sha256: &'static str,
    /// Its size.
    pub bytes: u64,
}

/// Is told a file's name, how many of its bytes are here, and how many there are in all.
pub type Report<'a> = dyn FnMut(&str, u64, u64) + 'a;

/// How long a connection is given.
#[cfg_attr(
    target_family = "wasm",
    expect(dead_code, reason = "without a network there is nothing to wait for")
)]
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// To be made.
    connect: Duration,
    /// To send anything.
    silence: Duration,
    /// Before the first new attempt, if it was cut off. The second waits twice as long, and so on.
    pause: Duration,
}

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(15),
    silence: Duration::from_secs(30),
    pause: Duration::from_secs(1),
};

/// New attempts after a connection was cut off, for each file.
const RETRIES: u32 = 3;

/// Downloads `files` from below the URL `mirror` into `folder`, which it makes if need be. Files
/// that are already there as they are to be cause no request. Each of the others is written to
/// `<name>.partial` and appears under its name when it is whole and its digest is right.
///
/// # Errors
///
/// If a file could not be downloaded or written. When a connection is cut off, what arrived stays
/// in `<name>.partial`; the next call asks for the rest only.
pub fn fetch(
    mirror: &str,
    files: &[RemoteFile],
    folder: &Path,
    report: &mut Report<'_>,
) -> Result<(), DownloadError> {
    fetch_with(PATIENCE, mirror, files, folder, report)
}

fn fetch_with(
    patience: Patience,
    mirror: &str,
    files: &[RemoteFile],
    folder: &Path,
    report: &mut Report<'_>,
) -> Result<(), DownloadError> {
    fs::create_dir_all(folder).map_err(|source| DownloadError::disk(folder, source))?;
    let client = Client::new(patience);
    files.iter().try_for_each(|file| {
        let target = Target {
            file,
            url: format!("{}/{}", mirror.trim_end_matches('/'), file.name),
            path: folder.join(file.name),
            partial: folder.join(format!("{}.partial", file.name)),
        };
        target.fetch(&client, patience.pause, report)
    })
}

/// A file, where it comes from and where it goes to.
struct Target<'a> {
    file: &'a RemoteFile,
    url: String,
    path: PathBuf,
    partial: PathBuf,
}

impl Target<'_> {
    fn fetch(
        &self,
        client: &Client,
        pause: Duration,
        report: &mut Report<'_>,
    ) -> Result<(), DownloadError> {
        if self.is_there() {
            report(self.file.name, self.file.bytes, self.file.bytes);
            return Ok(());
        }
        let mut retry = 0;
        loop {
            match self.attempt(client, report) {
                Err(DownloadError::CutOff { .. }) if retry < RETRIES => {
                    retry += 1;
                    thread::sleep(pause * retry);
                }
                result => return result,
            }
        }
    }

    /// Whether the file is already as it is to be. One that cannot be read counts as missing: what
    /// is wrong with it will show when it is to be replaced.
    fn is_there(&self) -> bool {
        // The size first, which spares reading whatever large file has this name.
        fs::metadata(&self.path).is_ok_and(|metadata| metadata.len() == self.file.bytes)
            && fs::read(&self.path).is_ok_and(|bytes| sha256(&bytes) == self.file.sha256)
    }

    fn attempt(&self, client: &Client, report: &mut Report<'_>) -> Result<(), DownloadError> {
        let have = match fs::metadata(&self.partial) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(source) => return Err(DownloadError::disk(&self.partial, source)),
        };
        if have != self.file.bytes {
            // More than there can be is not what we left.
            let have = if have < self.file.bytes { have } else { 0 };
            client.receive(self, have, report)?;
        }
        self.accept()
    }

    /// Moves the partial file to its place, if its digest is right.
    fn accept(&self) -> Result<(), DownloadError> {
        let disk = |source| DownloadError::disk(&self.partial, source);
        // Windows syncs only what is open for writing.
        let mut file = (OpenOptions::new().read(true).write(true))
            .open(&self.partial)
            .map_err(disk)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(disk)?;
        let found = sha256(&bytes);
        if found != self.file.sha256 {
            drop(file);
            return Err(self.refuse(DownloadError::WrongDigest {
                url: self.url.clone(),
                expected: self.file.sha256,
                found,
            }));
        }
        // A rename could otherwise outlive a power failure that the bytes do not.
        file.sync_all().map_err(disk)?;
        drop(file);
        fs::rename(&self.partial, &self.path)
            .map_err(|source| DownloadError::disk(&self.path, source))
    }

    /// Removes the partial file, for there is nothing in it to resume from, and passes `error` on.
    fn refuse(&self, error: DownloadError) -> DownloadError {
        // If it cannot be removed, the next attempt's check refuses it once more.
        let _ = fs::remove_file(&self.partial);
        error
    }
}
