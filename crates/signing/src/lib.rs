//! Signs a folder of artifacts, and verifies it.
//!
//! A signature is a file `model.sig` beside the artifacts, in the form of [OpenSSF Model Signing] 1.0: a Sigstore
//! bundle of version 0.3 (JSON) around a [DSSE] envelope around an [in-toto statement] that lists every file with
//! its SHA-256. The official program, `model-signing` in Python, verifies it, and this crate verifies what that
//! program signs with a P-256 key.
//!
//! [`sign`] and [`verify`] are the whole way. A program that has its files in memory makes a [`Manifest`] of them
//! and calls [`sign_manifest`]. Signatures are deterministic (RFC 6979): the same files and the same key give the
//! same bytes.
//!
//! [OpenSSF Model Signing]: https://github.com/sigstore/model-transparency
//! [DSSE]: https://github.com/secure-systems-lab/dsse/blob/v1.0.0/protocol.md
//! [in-toto statement]: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md

mod bundle;
mod error;
mod key;
mod manifest;
mod statement;

use std::path::Path;

pub use error::{BundleError, Difference, KeyError, SigningError};
pub use key::{PrivateKey, PublicKey};
pub use manifest::{Manifest, SignedFile, digest};

/// The name of the signature in a folder of artifacts.
pub const SIGNATURE: &str = "model.sig";

/// Signs all files of `folder` that [`Manifest::of_folder`] takes: the bytes of [`SIGNATURE`].
///
/// # Errors
///
/// If the folder cannot be read, has no file to be signed, or has a symbolic link or a name that is not UTF-8.
pub fn sign(folder: &Path, key: &PrivateKey) -> Result<Vec<u8>, SigningError> {
    sign_manifest(&Manifest::of_folder(folder)?, key)
}

/// Signs files that have been hashed already: the bytes of [`SIGNATURE`].
///
/// # Errors
///
/// If there is no file.
pub fn sign_manifest(manifest: &Manifest, key: &PrivateKey) -> Result<Vec<u8>, SigningError> {
    if manifest.files().next().is_none() {
        return Err(SigningError::NoFiles);
    }
    Ok(bundle::sign(&statement::write(manifest)?, key)?)
}

/// Verifies that `signature` was made with the private key of `key`, and that `folder` has exactly the files that
/// were signed. Returns them, sorted by name. Hidden files and those that the signer left out are not looked at.
///
/// # Errors
///
/// If the signature is damaged or of another key, or a file differs, is missing or is extra: all of them are named.
pub fn verify(
    signature: &[u8],
    key: &PublicKey,
    folder: &Path,
) -> Result<Vec<SignedFile>, SigningError> {
    let signed = statement::read(&bundle::open(signature, key)?)?;
    let differences = signed.differences(&signed.look_at(folder)?);
    if !differences.is_empty() {
        return Err(SigningError::Differs(differences));
    }
    Ok(signed.files().collect())
}
