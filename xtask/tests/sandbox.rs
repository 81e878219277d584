//! The trainers as modules: from data to a prediction without leaving the sandbox, the same bytes in every host, and
//! what happens when something is missing.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use common::quick::PROGRAMS;
use testing::trainer::{Trainer, folder, json, model, names, succeeded};
use testing::{Embedded, Request, WASMTIME, host};
use xtask::trainers;

const FLOWER: &str = xtask::modules::FLOWER;

/// The trainer of Iris as a module.
static IRIS: LazyLock<PathBuf> = LazyLock::new(|| PROGRAMS.join("iris-flex.wasm"));

/// The same, compiled once for all runs that set no limit, and all processes that test.
static COMPILED: LazyLock<PathBuf> = LazyLock::new(|| {
    let compiled = Path::new(env!("CARGO_TARGET_TMPDIR")).join("iris-flex.cwasm");
    let modified = |file: &Path| fs::metadata(file).and_then(|file| file.modified()).ok();
    if modified(&compiled) < modified(&IRIS) {
        // Another test may want it at the same time: it appears whole or not at all.
        let own = compiled.with_extension(std::process::id().to_string());
        let mut command = Command::new(WASMTIME.name);
        command.arg("compile").arg(&*IRIS).arg("-o").arg(&own);
        let _ = succeeded(&command.output().unwrap());
        fs::rename(own, &compiled).unwrap();
    }
    compiled
});

/// wasmtime with `flags`, and the folders `(folder, name in the sandbox)`.
fn wasmtime(module: &Path, folders: &[(&Path, &str)], flags: &[&str]) -> Command {
    let mut command = Command::new(WASMTIME.name);
    command.args(["run", "--allow-precompiled"]).args(flags);
    for (folder, name) in folders {
        let folder = format!("{}::{name}", folder.display());
        command.args(["--dir", &folder]);
    }
    command.arg(module);
    command
}

/// A program that runs the trainer in wasmtime, with all of the file system, as [`Trainer`] wants it.
fn as_program(module: &Path, folder: &Path) -> String {
    let script = folder.join("trainer");
    let line = format!(
        "#!/bin/sh\nexec wasmtime run --allow-precompiled --dir / '{}' \"$@\"\n",
        module.display()
    );
    fs::write(&script, line).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    script.to_str().unwrap().to_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_table_becomes_a_module_and_an_answer_without_leaving_the_sandbox() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    let (data, artifacts) = (folder(), folder());
    let flowers = xtask::shell::root().join("iris/datasets/Iris.csv");
    fs::copy(flowers, data.path().join("iris.csv")).unwrap();
    let folders = [(data.path(), "data"), (artifacts.path(), "artifacts")];
    let mut trainer = wasmtime(&COMPILED, &folders, &[]);
    trainer.args(["--data", "data/iris.csv", "--artifacts", "artifacts"]);
    let output = trainer.output().unwrap();
    let printed = succeeded(&output);
    assert!(printed.contains("| Valid | Accuracy |"), "{printed}");
    assert!(said(&output).contains("epoch 1/100: "), "progress");
    let module = artifacts.path().join("iris-inference.wasm");
    let request = Request {
        arguments: &[FLOWER],
        input: b"",
    };
    let answer = WASMTIME.run(&module, None, request).unwrap();
    assert_eq!(answer.output, b"Iris-versicolor\n");
    let statement = json(artifacts.path(), "provenance.json");
    let definition = &statement["predicate"]["buildDefinition"];
    assert_eq!(definition["resolvedDependencies"][0]["name"], "iris.csv");
}

#[test]
fn the_shipped_models_are_made_again_byte_for_byte() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("reproduce").arg("--trainers").arg(&*PROGRAMS);
    let printed = succeeded(&command.output().unwrap());
    assert_eq!(printed.matches(": same bytes, ").count(), 6, "{printed}");
}

/// The files of `archive`, without the digits of the memory that the trainer needed. Each host calls the program by a name of
/// its own, whose length can cost a page of memory.
fn without_memory(archive: &[u8]) -> Vec<u8> {
    const KEY: &[u8] = b"\"peak_memory_bytes\": ";
    let mut files = archive.to_vec();
    let place = files.windows(KEY.len()).position(|bytes| bytes == KEY);
    let digits = files[place.unwrap() + KEY.len()..].iter_mut();
    for digit in digits.take_while(|byte| byte.is_ascii_digit()) {
        *digit = b'0';
    }
    files
}

/// The sealed trainer has the imports of a module, and so it runs wherever modules do.
#[test]
fn every_host_makes_the_same_model() {
    let folder = folder();
    let sealed = folder.path().join("sealed.wasm");
    fs::write(&sealed, pack::seal(&fs::read(&*IRIS).unwrap()).unwrap()).unwrap();
    let imports = pack::inspect(&fs::read(&sealed).unwrap()).unwrap().imports;
    assert_eq!(imports, pack::ALLOWED_IMPORTS);
    let request = Request {
        arguments: &["--stdout", "--quiet"],
        input: b"",
    };
    let mut archives = vec![Embedded::open(&sealed).unwrap().run(request).unwrap()];
    for host in host::testable() {
        archives.push(host.run(&sealed, None, request).unwrap());
    }
    for archive in &archives {
        assert_eq!(
            archive.code,
            0,
            "{}",
            String::from_utf8_lossy(&archive.error)
        );
        assert!(
            without_memory(&archive.output) == without_memory(&archives[0].output),
            "no clock, no chance: all files are the same"
        );
    }
    let shipped = model(&xtask::shell::root().join("artifacts/iris"));
    let archive = &archives[0].output;
    assert!(contains(archive, &shipped), "the shipped model");
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn data_comes_from_standard_input() {
    let folder = folder();
    let sealed = folder.path().join("sealed.wasm");
    let trainer = fs::read(PROGRAMS.join("tabular-flex.wasm")).unwrap();
    fs::write(&sealed, pack::seal(&trainer).unwrap()).unwrap();
    let rows = (0..60).map(|row| format!("{},{}\n", row % 7, ["low", "high"][row % 7 / 4]));
    let table = format!("size,class\n{}", rows.collect::<String>());
    let mut archives = Vec::new();
    for host in host::testable() {
        let request = Request {
            arguments: &[
                "--data", "-", "--target", "class", "--models", "linear", "--stdout", "--name",
                "sizes",
            ],
            input: table.as_bytes(),
        };
        let output = host.run(&sealed, None, request).unwrap();
        let error = String::from_utf8_lossy(&output.error);
        assert_eq!(output.code, 0, "{error}");
        assert!(
            error.contains("the archive has the module sizes-inference.wasm"),
            "{error}"
        );
        assert!(contains(&output.output, b"sizes-inference.wasm\0"));
        archives.push(output.output);
    }
    assert!(archives.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_killed_run_is_resumed_to_the_same_model() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    let place = folder();
    let program = as_program(&COMPILED, place.path());
    let trainer = Trainer {
        program: &program,
        settings: &[],
        data: None,
    };
    trainer.survives_kills(&[1, 9]);
}

/// All of them build, and import no more than they may.
#[test]
fn every_trainer_is_a_module() {
    for name in trainers::names() {
        let module = fs::read(PROGRAMS.join(format!("{name}.wasm"))).unwrap();
        for import in pack::inspect(&module).unwrap().imports {
            assert!(trainers::reason(&import).is_some(), "{name}: {import}");
        }
    }
}

#[test]
fn what_is_missing_is_said() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    let output = wasmtime(&COMPILED, &[], &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = said(&output);
    assert!(
        error.contains("error: cannot write to the artifacts folder `artifacts/iris`"),
        "{error}"
    );

    let place = folder();
    let folders = [(place.path(), "artifacts")];
    let little = ["-W", "max-memory-size=2400000"];
    let mut command = wasmtime(&COMPILED, &folders, &little);
    let output = command.args(["--artifacts", "artifacts"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = said(&output);
    assert!(
        error.contains("bytes of memory left; give it more"),
        "{error}"
    );
    assert_whole_or_absent(place.path());

    let little = ["-W", "fuel=300000000"];
    let mut command = wasmtime(&IRIS, &folders, &little);
    let output = command.args(["--artifacts", "artifacts"]).output().unwrap();
    assert_eq!(output.status.code(), Some(134));
    assert!(
        said(&output).contains("all fuel consumed"),
        "{}",
        said(&output)
    );
    assert_whole_or_absent(place.path());
}

#[test]
fn a_full_disk_is_said() {
    if !WASMTIME.can_be_tested() {
        return;
    }
    let place = folder();
    // Files cannot grow beyond 8 kB: what a full disk looks like. wasmtime makes one of the memory, unless it is told not to.
    let line = format!(
        "trap '' XFSZ; ulimit -f 16; exec wasmtime run -O memory-init-cow=n --dir '{}::artifacts' '{}' --artifacts artifacts",
        place.path().display(),
        IRIS.display()
    );
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("error: cannot write `artifacts/"),
        "{}",
        said(&output)
    );
    assert_whole_or_absent(place.path());
}

/// Nothing but a checkpoint may be left of a run that failed.
fn assert_whole_or_absent(folder: &Path) {
    let names = names(folder);
    assert!(
        names.iter().all(|name| name == "checkpoint.safetensors"),
        "{names:?}"
    );
}
