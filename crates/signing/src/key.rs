//! Keys, as `openssl` writes them.

use std::fmt::{self, Debug, Formatter};
use std::path::Path;

use model::sha256;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use p256::elliptic_curve::zeroize::Zeroizing;
use p256::pkcs8::der::{Document, SecretDocument};
use p256::pkcs8::{
    AlgorithmIdentifierRef, DecodePrivateKey, DecodePublicKey, EncodePublicKey, LineEnding,
    ObjectIdentifier, PrivateKeyInfoRef, SubjectPublicKeyInfoRef,
};
use sec1::EcPrivateKey;

use crate::{BundleError, KeyError, SigningError};

/// What a file with a private key begins with; `openssl ecparam -noout` writes one with `EC` in it.
const PRIVATE: &str = "PRIVATE KEY";
/// What a file with a public key begins with.
const PUBLIC: &str = "PUBLIC KEY";

/// The names of algorithms and curves that keys are mistaken for, from RFC 3279, RFC 5480 and RFC 8410.
const KINDS: [(&str, &str); 6] = [
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.3.101.112", "Ed25519"),
    ("1.2.840.10045.2.1", "elliptic curve without a named curve"),
    ("1.3.132.0.34", "NIST P-384"),
    ("1.3.132.0.35", "NIST P-521"),
    ("1.3.132.0.10", "secp256k1"),
];
const ELLIPTIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// A private key for NIST P-256. Its memory is overwritten when it is dropped.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// Reads the file of [`from_pem`](Self::from_pem).
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is no such key.
    pub fn read(path: &Path) -> Result<Self, SigningError> {
        read(path, Self::from_pem)
    }

    /// Reads the file of [`from_pem`](Self::from_pem), which may not lie in the `folder` that is to be signed: such a
    /// folder is given away.
    ///
    /// # Errors
    ///
    /// If it does, cannot be read, or is no such key.
    pub fn read_outside(path: &Path, folder: &Path) -> Result<Self, SigningError> {
        let key = Self::read(path)?;
        // Not every sandbox has absolute paths.
        let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.into());
        match absolute(path).starts_with(absolute(folder)) {
            true => Err(SigningError::KeyInFolder(path.into())),
            false => Ok(key),
        }
    }

    /// Reads a key as `openssl ecparam -genkey -name prime256v1 -noout` (SEC1) or `openssl genpkey` (PKCS#8) writes
    /// it.
    ///
    /// # Errors
    ///
    /// If it is no key, encrypted, damaged, or for another algorithm or curve.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let block = block(pem, PRIVATE)?;
        if block.contains("ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        let (label, document) = SecretDocument::from_pem(block).map_err(damaged)?;
        let der = document.as_bytes();
        let key = match label {
            "EC PRIVATE KEY" => {
                let key = EcPrivateKey::try_from(der).map_err(damaged)?;
                if let Some(curve) = key.parameters.and_then(sec1::EcParameters::named_curve) {
                    check_curve(curve)?;
                }
                SigningKey::from_slice(key.private_key).map_err(damaged)?
            }
            PRIVATE => {
                let info = PrivateKeyInfoRef::try_from(der).map_err(damaged)?;
                check_algorithm(&info.algorithm)?;
                SigningKey::from_pkcs8_der(der).map_err(damaged)?
            }
            PUBLIC => return Err(KeyError::Public),
            other => return Err(KeyError::Kind(other.into())),
        };
        Ok(Self(key))
    }

    /// The key that verifies what this one signs.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(*self.0.verifying_key())
    }

    /// The signature of `message`: ECDSA with SHA-256 and the nonce of RFC 6979, in DER.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature: DerSignature = self.0.sign(message);
        signature.as_bytes().to_vec()
    }
}

impl Debug for PrivateKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

/// A public key for NIST P-256.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads the file of [`from_pem`](Self::from_pem).
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is no such key.
    pub fn read(path: &Path) -> Result<Self, SigningError> {
        read(path, Self::from_pem)
    }

    /// Reads a key as `openssl ec -pubout` writes it.
    ///
    /// # Errors
    ///
    /// If it is no key, damaged, or for another algorithm or curve.
    pub fn from_pem(pem: &[u8]) -> Result<Self, KeyError> {
        let block = block(pem, PUBLIC)?;
        // Before it is decoded: a private key is no business of this function.
        if block.contains(PRIVATE) {
            return Err(KeyError::Private);
        }
        let (label, document) = Document::from_pem(block).map_err(damaged)?;
        if label != PUBLIC {
            return Err(KeyError::Kind(label.into()));
        }
        let der = document.as_bytes();
        let info = SubjectPublicKeyInfoRef::try_from(der).map_err(damaged)?;
        check_algorithm(&info.algorithm)?;
        let key = VerifyingKey::from_public_key_der(der).map_err(damaged)?;
        Ok(Self(key))
    }

    /// SHA-256 of the key as `openssl ec -pubout` writes it, in hexadecimal. A signature names its key by it.
    ///
    /// # Errors
    ///
    /// If the key could not be written, which no key is known to cause.
    pub fn fingerprint(&self) -> Result<String, BundleError> {
        let pem = p256::PublicKey::from(self.0).to_public_key_pem(LineEnding::LF);
        let pem = pem.map_err(|_| BundleError::Signature)?;
        Ok(sha256(pem.as_bytes()))
    }

    /// Whether `signature`, in DER, is one of `message` by this key's private key.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        DerSignature::from_bytes(signature)
            .is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}

fn read<K>(path: &Path, parse: fn(&[u8]) -> Result<K, KeyError>) -> Result<K, SigningError> {
    let bytes = std::fs::read(path).map_err(|source| SigningError::Read {
        path: path.into(),
        source,
    })?;
    parse(&Zeroizing::new(bytes)).map_err(|source| SigningError::Key {
        path: path.into(),
        source,
    })
}

/// The first block of a PEM file, without the curve's parameters that `openssl ecparam` puts before a key.
fn block<'a>(pem: &'a [u8], expected: &'static str) -> Result<&'a str, KeyError> {
    let text = str::from_utf8(pem).map_err(|_| KeyError::NotPem(expected))?;
    let mut starts = text.match_indices("-----BEGIN ");
    let start = starts.find(|(at, _)| !text[*at..].starts_with("-----BEGIN EC PARAMETERS-----"));
    let (start, _) = start.ok_or(KeyError::NotPem(expected))?;
    let rest = &text[start..];
    let end = rest.find("\n-----END ");
    let end = end.ok_or_else(|| KeyError::Damaged("there is no line `-----END …`".into()))?;
    let line = rest[end + 1..].lines().next().unwrap_or_default();
    Ok(&rest[..end + 1 + line.len()])
}

fn check_algorithm(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), KeyError> {
    match algorithm.parameters_oid() {
        Ok(curve) if algorithm.oid == ELLIPTIC => check_curve(curve),
        _ => Err(kind(algorithm.oid)),
    }
}

fn check_curve(curve: ObjectIdentifier) -> Result<(), KeyError> {
    match curve == P256 {
        true => Ok(()),
        false => Err(kind(curve)),
    }
}

fn kind(oid: ObjectIdentifier) -> KeyError {
    let oid = oid.to_string();
    let known = KINDS.into_iter().find(|(number, _)| *number == oid);
    KeyError::Kind(known.map_or(oid, |(_, name)| name.into()))
}

#[expect(clippy::needless_pass_by_value, reason = "what `map_err` passes")]
fn damaged(error: impl ToString) -> KeyError {
    KeyError::Damaged(error.to_string())
}
