//! `pack sign` and `pack verify`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use signing::{PrivateKey, PublicKey, SIGNATURE};

/// What `pack sign --help` ends with.
pub const SIGN_HELP: &str = "Examples:\n  \
    openssl ecparam -genkey -name prime256v1 -noout -out KEY.pem   make a key\n  \
    pack sign --key KEY.pem artifacts/iris                         write artifacts/iris/model.sig\n\n\
    Hidden files, checkpoint.safetensors and model.sig itself are not signed.\n\n\
    Exit codes: 0 success, 2 bad usage, or a key or file that cannot be used.";

/// What `pack verify --help` ends with.
pub const VERIFY_HELP: &str = "Examples:\n  \
    openssl ec -in KEY.pem -pubout -out PUB.pem   write the public key that belongs to a private one\n  \
    pack verify --key PUB.pem artifacts/iris      check the folder with artifacts/iris/model.sig\n\n\
    On success each file is listed with its SHA-256.\n\n\
    Exit codes: 0 success, 2 a file that differs, is missing or is extra, another key, or bad usage.";

/// What both are given.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// The key for NIST P-256, in PEM form: the private one to sign, the public one to verify.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The folder.
    folder: PathBuf,
}

/// Writes the signature of a folder.
pub fn sign(options: &Options) -> Result<()> {
    let Options { key, folder } = options;
    let key = PrivateKey::read_outside(key, folder)?;
    let signature =
        signing::sign(folder, &key).with_context(|| format!("`{}`", folder.display()))?;
    super::write(&folder.join(SIGNATURE), &signature)
}

/// Checks a folder with its signature, and lists what was signed.
pub fn verify(options: &Options) -> Result<()> {
    let Options { key, folder } = options;
    let key = PublicKey::read(key)?;
    let path = folder.join(SIGNATURE);
    let signature = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let files = signing::verify(&signature, &key, folder)
        .with_context(|| format!("`{}`", folder.display()))?;
    let lines = files
        .iter()
        .map(|file| format!("{}  {}\n", file.sha256, file.name));
    super::print(&format!(
        "{}verified: these {} files were signed\nwith the key {}\n",
        lines.collect::<String>(),
        files.len(),
        key.fingerprint()?
    ))
}
