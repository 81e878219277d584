//! Signing a folder, and everything that may happen to it afterwards.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use signing::{
    BundleError, Difference, Manifest, PrivateKey, PublicKey, SIGNATURE, SigningError, sign,
    sign_manifest, verify,
};
use tempfile::TempDir;

/// The files of a small run.
const FILES: [(&str, &[u8]); 4] = [
    ("iris-inference.wasm", b"\0asm\x01\0\0\0 code"),
    ("model.safetensors", b"weights"),
    ("pages/report.html", b"<p>"),
    ("provenance.json", b"{}"),
];

fn key() -> PrivateKey {
    PrivateKey::from_pem(include_bytes!("keys/sec1.pem")).unwrap()
}

fn public() -> PublicKey {
    PublicKey::from_pem(include_bytes!("keys/public.pem")).unwrap()
}

/// A signed folder, with what is never signed beside it.
fn signed() -> (TempDir, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    for (name, bytes) in FILES {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    for name in ["checkpoint.safetensors", ".DS_Store", SIGNATURE] {
        fs::write(folder.path().join(name), "left out").unwrap();
    }
    let signature = sign(folder.path(), &key()).unwrap();
    fs::write(folder.path().join(SIGNATURE), &signature).unwrap();
    (folder, signature)
}

fn differences(folder: &Path, signature: &[u8]) -> Vec<Difference> {
    match verify(signature, &public(), folder) {
        Ok(_) => Vec::new(),
        Err(SigningError::Differs(differences)) => differences,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_was_signed_is_verified() {
    let (folder, signature) = signed();
    let files = verify(&signature, &public(), folder.path()).unwrap();
    let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, FILES.map(|(name, _)| name));
    assert!(files.iter().all(|file| file.sha256.len() == 64));
    assert_eq!(
        signature,
        sign(folder.path(), &key()).unwrap(),
        "the same bytes"
    );
    // What is left out may come and go.
    fs::remove_file(folder.path().join(".DS_Store")).unwrap();
    fs::write(folder.path().join(".note"), "").unwrap();
    fs::write(folder.path().join("checkpoint.safetensors"), "later").unwrap();
    assert_eq!(differences(folder.path(), &signature), []);
}

#[test]
fn files_in_memory_are_signed_alike() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("iris");
    fs::create_dir_all(folder.join("pages")).unwrap();
    for (name, bytes) in FILES {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let manifest = Manifest::of_files("iris", FILES);
    assert_eq!(
        sign_manifest(&manifest, &key()).unwrap(),
        sign(&folder, &key()).unwrap()
    );
}

#[test]
fn every_flipped_bit_of_every_file_is_found_and_named() {
    let (folder, signature) = signed();
    for (name, bytes) in FILES {
        let path = folder.path().join(name);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.to_vec();
                changed[at] ^= 1 << bit;
                fs::write(&path, changed).unwrap();
                let found = differences(folder.path(), &signature);
                assert_eq!(found, [Difference::Changed(name.into())]);
            }
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(differences(folder.path(), &signature), []);
}

#[test]
fn every_changed_byte_of_the_signature_is_found() {
    let (folder, signature) = signed();
    for at in 0..signature.len() {
        let mut changed = signature.clone();
        changed[at] ^= 1 << (at % 8);
        let error = verify(&changed, &public(), folder.path()).unwrap_err();
        let (differs, message) = (matches!(error, SigningError::Differs(_)), error.to_string());
        assert!(
            !differs && message.contains("`model.sig`"),
            "{at}: {message}"
        );
    }
    for length in 0..signature.len() {
        verify(&signature[..length], &public(), folder.path()).unwrap_err();
    }
}

#[test]
fn missing_extra_and_swapped_files_are_named() {
    let (folder, signature) = signed();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("pages/extra.txt"), "").unwrap();
    fs::rename(path("provenance.json"), path("other.json")).unwrap();
    let expected = [
        Difference::Missing("provenance.json".into()),
        Difference::Extra("other.json".into()),
        Difference::Extra("pages/extra.txt".into()),
    ];
    assert_eq!(differences(folder.path(), &signature), expected);
    fs::remove_file(path("pages/extra.txt")).unwrap();
    fs::rename(path("other.json"), path("provenance.json")).unwrap();
    // The same bytes under each other's names.
    fs::rename(path("model.safetensors"), path("x")).unwrap();
    fs::rename(path("iris-inference.wasm"), path("model.safetensors")).unwrap();
    fs::rename(path("x"), path("iris-inference.wasm")).unwrap();
    let error = verify(&signature, &public(), folder.path()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`iris-inference.wasm` is not what was signed; `model.safetensors` is not what was signed"
    );
}

#[test]
fn a_signature_of_another_key_is_told() {
    let (folder, signature) = signed();
    let other = PublicKey::from_pem(include_bytes!("keys/other-public.pem")).unwrap();
    let error = verify(&signature, &other, folder.path()).unwrap_err();
    let SigningError::AnotherKey { signer, given } = error else {
        panic!("{error}");
    };
    assert_eq!(signer, public().fingerprint().unwrap());
    assert_eq!(given, other.fingerprint().unwrap());
    // One that only claims to be of this key.
    let forged = str::from_utf8(&signature).unwrap().replace(&signer, &given);
    let error = verify(forged.as_bytes(), &other, folder.path()).unwrap_err();
    let expected = matches!(error, SigningError::Bundle(BundleError::Signature));
    assert!(expected, "{error}");
}

#[test]
fn what_cannot_be_signed_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let error = sign(folder.path(), &key()).unwrap_err();
    assert!(matches!(error, SigningError::NoFiles), "{error}");
    let error = sign(&folder.path().join("nowhere"), &key()).unwrap_err();
    assert!(matches!(error, SigningError::Read { .. }), "{error}");
}

#[cfg(unix)]
#[test]
fn links_and_names_that_are_no_text_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let (folder, signature) = signed();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("model.safetensors", &link).unwrap();
    for error in [
        sign(folder.path(), &key()).unwrap_err(),
        verify(&signature, &public(), folder.path()).unwrap_err(),
    ] {
        assert!(matches!(error, SigningError::NotPlain(_)), "{error}");
    }
    fs::remove_file(link).unwrap();
    // Some file systems have no such names.
    if fs::write(folder.path().join(OsStr::from_bytes(b"\xff")), "").is_ok() {
        let error = sign(folder.path(), &key()).unwrap_err();
        assert!(matches!(error, SigningError::Name(_)), "{error}");
    }
}
