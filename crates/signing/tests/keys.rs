//! Keys of every kind that `openssl` writes, and every way to give the wrong one.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;

use signing::{KeyError, PrivateKey, PublicKey};

macro_rules! key {
    ($name:literal) => {
        include_bytes!(concat!("keys/", $name, ".pem"))
    };
}

#[test]
fn all_forms_of_openssl_are_read() {
    let public = PublicKey::from_pem(key!("public")).unwrap();
    for pem in [&key!("sec1")[..], key!("pkcs8")] {
        assert_eq!(PrivateKey::from_pem(pem).unwrap().public(), public);
    }
    let other = PublicKey::from_pem(key!("other-public")).unwrap();
    let key = PrivateKey::from_pem(key!("other")).unwrap();
    assert_eq!(key.public(), other);
    assert_ne!(public.fingerprint().unwrap(), other.fingerprint().unwrap());
    PrivateKey::from_pem(key!("parameters")).unwrap();
    // As an editor of Windows saves it, and with notes around it.
    let text = str::from_utf8(key!("sec1")).unwrap();
    let text = format!("a note\n{text}another\n").replace('\n', "\r\n");
    assert_eq!(
        PrivateKey::from_pem(text.as_bytes()).unwrap().public(),
        public
    );
}

#[test]
fn a_key_of_another_kind_is_named() {
    for (pem, kind) in [
        (&key!("p384")[..], "NIST P-384"),
        (key!("p384-sec1"), "NIST P-384"),
        (key!("rsa"), "RSA"),
        (key!("rsa-pkcs1"), "RSA PRIVATE KEY"),
        (key!("ed25519"), "Ed25519"),
    ] {
        let error = PrivateKey::from_pem(pem).unwrap_err();
        assert_eq!(error, KeyError::Kind(kind.into()));
    }
    for (pem, kind) in [
        (&key!("p384-public")[..], "NIST P-384"),
        (key!("rsa-public"), "RSA"),
        (key!("ed25519-public"), "Ed25519"),
    ] {
        let error = PublicKey::from_pem(pem).unwrap_err();
        assert_eq!(error, KeyError::Kind(kind.into()));
    }
}

#[test]
fn an_encrypted_key_and_the_other_half_of_the_pair_are_told() {
    for pem in [&key!("encrypted-sec1")[..], key!("encrypted-pkcs8")] {
        let error = PrivateKey::from_pem(pem).unwrap_err();
        assert_eq!(error, KeyError::Encrypted);
        let error = PublicKey::from_pem(pem).unwrap_err();
        assert_eq!(error, KeyError::Private);
    }
    let error = PrivateKey::from_pem(key!("public")).unwrap_err();
    assert_eq!(error, KeyError::Public);
    for pem in [&key!("sec1")[..], key!("parameters"), key!("rsa")] {
        assert_eq!(PublicKey::from_pem(pem).unwrap_err(), KeyError::Private);
    }
}

#[test]
fn a_key_cut_off_anywhere_is_an_error() {
    for pem in [&key!("sec1")[..], key!("pkcs8")] {
        // Without its last line feed it is whole.
        for length in 0..pem.len() - 1 {
            let error = PrivateKey::from_pem(&pem[..length]).unwrap_err();
            let expected = matches!(error, KeyError::NotPem(_) | KeyError::Damaged(_));
            assert!(expected, "{length}: {error}");
        }
    }
    let pem = key!("public");
    for length in 0..pem.len() - 1 {
        PublicKey::from_pem(&pem[..length]).unwrap_err();
    }
}

#[test]
fn what_is_no_key_is_told() {
    for bytes in [&b""[..], b"no key", b"\xff\xfe-", &[0; 99]] {
        let error = PrivateKey::from_pem(bytes).unwrap_err();
        assert_eq!(error, KeyError::NotPem("PRIVATE KEY"));
        let error = PublicKey::from_pem(bytes).unwrap_err();
        assert_eq!(error, KeyError::NotPem("PUBLIC KEY"));
    }
    let error = PrivateKey::read("nowhere.pem".as_ref()).unwrap_err();
    assert!(error.to_string().starts_with("cannot read `nowhere.pem`: "));
}

#[test]
fn a_private_key_is_not_shown() {
    let key = PrivateKey::from_pem(key!("sec1")).unwrap();
    assert_eq!(format!("{key:?}"), "PrivateKey(…)");
    // Errors quote no part of a key either.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.pem");
    let text = str::from_utf8(key!("sec1")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    fs::write(&path, text.replace(lines[3], &lines[3][1..])).unwrap();
    let error = PrivateKey::read(&path).unwrap_err();
    let shown = format!("{error} {error:?}");
    for line in &lines[1..lines.len() - 1] {
        assert!(!shown.contains(&line[1..]), "{shown}");
    }
}
