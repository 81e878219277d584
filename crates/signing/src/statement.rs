//! The signed content: an in-toto statement that lists files, as Model Signing 1.0 defines it.
//!
//! <https://github.com/sigstore/model-transparency/blob/main/src/model_signing/_signing/signing.py>

use std::collections::BTreeMap;

use model::hexadecimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::BundleError;
use crate::manifest::{Manifest, parts};

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://model_signing/signature/v1.0";
const METHOD: &str = "files";
const HASH: &str = "sha256";

#[derive(Serialize, Deserialize)]
struct Statement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<Subject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    predicate: Predicate,
}

#[derive(Serialize, Deserialize)]
struct Subject {
    name: String,
    digest: SubjectDigest,
}

/// SHA-256 of the digests of all files, one after the other.
#[derive(Serialize, Deserialize)]
struct SubjectDigest {
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct Predicate {
    serialization: Serialization,
    resources: Vec<Resource>,
}

/// How the files were taken.
#[derive(Serialize, Deserialize)]
struct Serialization {
    method: String,
    hash_type: String,
    allow_symlinks: bool,
    #[serde(default)]
    ignore_paths: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Resource {
    name: String,
    algorithm: String,
    digest: String,
}

/// The statement about the files of `manifest`.
pub fn write(manifest: &Manifest) -> Result<Vec<u8>, BundleError> {
    let resources = manifest.files().map(|file| Resource {
        name: file.name,
        algorithm: HASH.into(),
        digest: file.sha256,
    });
    let statement = Statement {
        kind: STATEMENT.into(),
        subject: vec![Subject {
            name: manifest.name.clone(),
            digest: SubjectDigest {
                sha256: root(manifest.files.values()),
            },
        }],
        predicate_type: PREDICATE.into(),
        predicate: Predicate {
            serialization: Serialization {
                method: METHOD.into(),
                hash_type: HASH.into(),
                allow_symlinks: false,
                ignore_paths: manifest.ignored.iter().cloned().collect(),
            },
            resources: resources.collect(),
        },
    };
    Ok(serde_json::to_vec(&statement)?)
}

/// The files that a statement is about.
pub fn read(payload: &[u8]) -> Result<Manifest, BundleError> {
    let statement: Statement = serde_json::from_slice(payload)?;
    expect("statement type", statement.kind, STATEMENT)?;
    expect("predicate type", statement.predicate_type, PREDICATE)?;
    let Predicate {
        serialization,
        resources,
    } = statement.predicate;
    expect("serialization", serialization.method, METHOD)?;
    expect("hash type", serialization.hash_type, HASH)?;
    let mut digests = Vec::with_capacity(resources.len());
    let mut files = BTreeMap::new();
    for resource in resources {
        expect("hash of a file", resource.algorithm, HASH)?;
        let digest = digest(&resource.digest).ok_or(BundleError::Statement(
            "the digest of a file is not 64 hexadecimal digits",
        ))?;
        digests.push(digest);
        if files.insert(parts(&resource.name), digest).is_some() {
            return Err(BundleError::Statement("it lists a file twice"));
        }
    }
    let [subject] = <[Subject; 1]>::try_from(statement.subject)
        .map_err(|_| BundleError::Statement("it is not about exactly one model"))?;
    if files.is_empty() {
        return Err(BundleError::Statement("it lists no files"));
    }
    if subject.digest.sha256 != root(&digests) {
        return Err(BundleError::Statement(
            "the digest of the model is not that of its files",
        ));
    }
    let ignored = serialization.ignore_paths.into_iter();
    Ok(Manifest {
        name: subject.name,
        files,
        ignored: ignored.collect(),
    })
}

fn root<'a>(digests: impl IntoIterator<Item = &'a [u8; 32]>) -> String {
    let hasher = digests
        .into_iter()
        .fold(Sha256::new(), Sha256::chain_update);
    hexadecimal(&hasher.finalize())
}

fn digest(text: &str) -> Option<[u8; 32]> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let (pairs, []) = digits.as_ref()?.as_chunks::<2>() else {
        return None;
    };
    let bytes: Vec<u8> = pairs
        .iter()
        .map(|[high, low]| (high << 4 | low) as u8)
        .collect();
    bytes.try_into().ok()
}

/// An error if `found` is not `expected`.
pub fn expect(
    what: &'static str,
    found: String,
    expected: &'static str,
) -> Result<(), BundleError> {
    match found == expected {
        true => Ok(()),
        false => Err(BundleError::Unknown {
            what,
            found,
            expected,
        }),
    }
}
