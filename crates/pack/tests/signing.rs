//! `pack sign` and `pack verify`, beside `openssl` and the official program of Model Signing.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use testing::python;

const IRIS: &[u8] = include_bytes!("../../../artifacts/iris/model.safetensors");
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../signing/tests/keys");

/// The official program, as a module of Python.
const OFFICIAL: &str = "model_signing";

/// A folder `iris` with a model, its module and pages, and the keys beside it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let iris = folder.path().join("iris");
    fs::create_dir_all(iris.join("pages")).unwrap();
    fs::write(iris.join("model.safetensors"), IRIS).unwrap();
    fs::write(iris.join("iris-inference.wasm"), pack::pack(IRIS).unwrap()).unwrap();
    fs::write(iris.join("provenance.json"), "{}").unwrap();
    fs::write(iris.join("pages/report.html"), "<p>").unwrap();
    for key in fs::read_dir(KEYS).unwrap() {
        let key = key.unwrap();
        fs::copy(key.path(), folder.path().join(key.file_name())).unwrap();
    }
    folder
}

/// Runs `command` in `folder`: exit code, and both streams.
fn run(mut command: Command, arguments: &[&str], folder: &Path) -> (Option<i32>, String) {
    command.args(arguments).current_dir(folder);
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    (status.code(), said)
}

fn pack(arguments: &[&str], folder: &Path) -> (Option<i32>, String) {
    run(Command::new(env!("CARGO_BIN_EXE_pack")), arguments, folder)
}

fn succeeds((code, said): (Option<i32>, String)) -> String {
    assert_eq!(code, Some(0), "{said}");
    said
}

#[test]
fn a_signed_folder_is_verified_and_listed() {
    let folder = folder();
    let said = succeeds(pack(&["sign", "--key", "sec1.pem", "iris"], folder.path()));
    assert!(said.starts_with("iris/model.sig ("), "{said}");
    let said = succeeds(pack(
        &["verify", "--key", "public.pem", "iris"],
        folder.path(),
    ));
    let digest = model::sha256(IRIS);
    assert!(
        said.contains(&format!("{digest}  model.safetensors\n")),
        "{said}"
    );
    assert!(said.contains("these 4 files were signed"), "{said}");
    // From within the folder, too.
    let iris = folder.path().join("iris");
    succeeds(pack(&["verify", "--key", "../public.pem", "."], &iris));
}

#[test]
fn changed_bytes_of_large_files_are_found() {
    let folder = folder();
    succeeds(pack(&["sign", "--key", "sec1.pem", "iris"], folder.path()));
    let iris = folder.path().join("iris");
    let signature = fs::read(iris.join("model.sig")).unwrap();
    let key = signing::PublicKey::read(&folder.path().join("public.pem")).unwrap();
    for name in ["model.safetensors", "iris-inference.wasm"] {
        let whole = fs::read(iris.join(name)).unwrap();
        let ends = [0, whole.len() - 1];
        for at in (0..whole.len()).step_by(whole.len() / 50).chain(ends) {
            let mut changed = whole.clone();
            changed[at] ^= 1 << (at % 8);
            fs::write(iris.join(name), changed).unwrap();
            let error = signing::verify(&signature, &key, &iris).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`{name}` is not what was signed")
            );
        }
        fs::write(iris.join(name), &whole[1..]).unwrap();
        let (code, said) = pack(&["verify", "--key", "public.pem", "iris"], folder.path());
        assert_eq!(code, Some(2));
        assert_eq!(
            said,
            format!("error: `iris`: `{name}` is not what was signed\n")
        );
        fs::write(iris.join(name), whole).unwrap();
    }
}

#[test]
fn what_the_user_can_mend_ends_with_2_and_a_line() {
    let folder = folder();
    succeeds(pack(&["sign", "--key", "sec1.pem", "iris"], folder.path()));
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::copy(
        folder.path().join("sec1.pem"),
        folder.path().join("iris/pages/key.pem"),
    )
    .unwrap();
    for (task, key, what, part) in [
        ("sign", "nowhere.pem", "iris", "cannot read `nowhere.pem`"),
        (
            "sign",
            "rsa.pem",
            "iris",
            "`rsa.pem`: a key of the kind `RSA`",
        ),
        ("sign", "p384.pem", "iris", "kind `NIST P-384`"),
        ("sign", "encrypted-sec1.pem", "iris", "the key is encrypted"),
        (
            "sign",
            "encrypted-pkcs8.pem",
            "iris",
            "the key is encrypted",
        ),
        ("sign", "public.pem", "iris", "`public.pem`: a public key"),
        ("sign", "README.md", "iris", "not a key in PEM form"),
        ("sign", "iris/pages/key.pem", "iris", "is kept elsewhere"),
        ("sign", "sec1.pem", "empty", "`empty`: there is no file"),
        ("sign", "sec1.pem", "nowhere", "cannot read `nowhere`"),
        (
            "verify",
            "public.pem",
            "empty",
            "cannot read `empty/model.sig`",
        ),
        ("verify", "sec1.pem", "iris", "`sec1.pem`: a private key"),
        ("verify", "rsa-public.pem", "iris", "kind `RSA`"),
        (
            "verify",
            "other-public.pem",
            "iris",
            "made with another key",
        ),
        (
            "verify",
            "public.pem",
            "iris",
            "`iris`: `pages/key.pem` was not signed",
        ),
    ] {
        let (code, said) = pack(&[task, "--key", key, what], folder.path());
        assert_eq!(code, Some(2), "{task} {key}: {said}");
        assert!(said.contains(part), "{task} {key}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let (code, said) = pack(&["sign", "iris"], folder.path());
    assert_eq!(code, Some(2));
    assert!(said.contains("--key <FILE>"), "{said}");
}

/// Whether the program that makes keys is here.
fn has_openssl() -> bool {
    let found = Command::new("openssl").arg("version").output().is_ok();
    let ci = std::env::var_os("CI").is_some();
    assert!(found || !ci, "openssl is not installed");
    if !found {
        eprintln!("openssl is not installed: left out");
    }
    found
}

#[test]
fn keys_come_from_openssl() {
    if !has_openssl() {
        return;
    }
    let folder = folder();
    let openssl = |arguments: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        succeeds(run(Command::new("openssl"), &arguments, folder.path()));
    };
    for make in [
        "ecparam -genkey -name prime256v1 -noout -out KEY.pem",
        "ecparam -genkey -name prime256v1 -out KEY.pem",
        "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out KEY.pem",
    ] {
        openssl(make);
        openssl("ec -in KEY.pem -pubout -out PUB.pem");
        succeeds(pack(&["sign", "--key", "KEY.pem", "iris"], folder.path()));
        let said = succeeds(pack(&["verify", "--key", "PUB.pem", "iris"], folder.path()));
        // The key is named by what `sha256sum PUB.pem` prints.
        let digest = model::sha256(&fs::read(folder.path().join("PUB.pem")).unwrap());
        assert!(
            said.ends_with(&format!("with the key {digest}\n")),
            "{said}"
        );
    }
}

/// Every command of `docs/signing.md`, typed into a shell in the order of the page.
#[cfg(unix)]
#[test]
fn the_commands_of_the_page_work() {
    const PAGE: &str = include_str!("../../../docs/signing.md");
    if !has_openssl() || python::module(OFFICIAL).is_none() {
        return;
    }
    let folder = folder();
    let artifacts = folder.path().join("artifacts");
    fs::create_dir(&artifacts).unwrap();
    fs::rename(folder.path().join("iris"), artifacts.join("iris")).unwrap();
    let commands = PAGE.lines().filter_map(|line| line.strip_prefix("$ "));
    let mut typed = 0;
    for command in commands {
        let command = command
            .replace("target/release/pack", env!("CARGO_BIN_EXE_pack"))
            .replace(OFFICIAL, &format!("python3 -m {OFFICIAL}"));
        let mut shell = Command::new("sh");
        shell.env("PASSWORD", "a password");
        let (code, said) = run(shell, &["-c", &command], folder.path());
        assert_eq!(code, Some(0), "$ {command}\n{said}");
        typed += 1;
    }
    assert_eq!(typed, 10);
}

#[test]
fn the_official_program_verifies_ours() {
    let folder = folder();
    // What it would take for a part of the model, if it were not told.
    fs::write(folder.path().join("iris/.DS_Store"), "hidden").unwrap();
    fs::write(folder.path().join("iris/checkpoint.safetensors"), "").unwrap();
    succeeds(pack(&["sign", "--key", "sec1.pem", "iris"], folder.path()));
    let verify = |key| {
        let signature = ["--signature", "iris/model.sig", "iris"];
        let arguments = ["verify", "key", "--public_key", key];
        let command = python::module(OFFICIAL)?;
        Some(run(
            command,
            &[&arguments[..], &signature].concat(),
            folder.path(),
        ))
    };
    let Some(result) = verify("public.pem") else {
        return;
    };
    let said = succeeds(result);
    assert!(said.contains("Verification succeeded"), "{said}");
    // It would not say so of anything.
    let (code, said) = verify("other-public.pem").unwrap();
    assert_ne!(code, Some(0), "{said}");
    fs::write(folder.path().join("iris/provenance.json"), "{ }").unwrap();
    let (code, said) = verify("public.pem").unwrap();
    assert!(
        code != Some(0) && said.contains("provenance.json"),
        "{said}"
    );
}

#[test]
fn ours_verifies_the_official_program() {
    let folder = folder();
    fs::write(folder.path().join("iris/.note"), "hidden, but signed").unwrap();
    for key in ["sec1.pem", "pkcs8.pem"] {
        let Some(command) = python::module(OFFICIAL) else {
            return;
        };
        let arguments = ["sign", "key", "--private_key", key];
        let signature = ["--signature", "iris/model.sig", "iris"];
        succeeds(run(
            command,
            &[&arguments[..], &signature].concat(),
            folder.path(),
        ));
        let said = succeeds(pack(
            &["verify", "--key", "public.pem", "iris"],
            folder.path(),
        ));
        assert!(said.contains("  .note\n"), "{said}");
    }
    fs::write(folder.path().join("iris/.note"), "changed").unwrap();
    fs::remove_file(folder.path().join("iris/provenance.json")).unwrap();
    let (code, said) = pack(&["verify", "--key", "public.pem", "iris"], folder.path());
    assert_eq!(code, Some(2));
    let expected = "error: `iris`: `.note` is not what was signed; \
        `provenance.json` was signed and is missing\n";
    assert_eq!(said, expected);
}
