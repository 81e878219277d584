//! `cargo xtask test`: everything that continuous integration checks.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::runners;
use crate::trainers::{ALGORITHMS, OWN_DATA};
use xtask::shell::{self, WASI};

/// The features of the trainers that need no GPU.
const CPU: [&str; 2] = ["ndarray", "flex"];

/// The one that needs a GPU, and one beside which it is held.
const GPU: [&str; 2] = ["flex", "wgpu"];

/// A runner of tests, <https://nexte.st>.
const NEXTEST: &str = "nextest";

/// Runs all checks, the quick ones first.
pub fn run() -> Result<()> {
    shell::need_wasi_target()?;
    for host in testing::HOSTS {
        if !host.is_installed() {
            let name = host.name;
            println!("{name} is not installed: the tests that run modules in it are left out");
        }
    }
    let check = |arguments: &[&str]| shell::run(shell::cargo().args(arguments));

    // The GPU's backend alone takes as long to check as all else; what it adds to our code is three lines.
    let all = features(&ALGORITHMS, &CPU) + "," + &features(&OWN_DATA, &CPU);
    check(&["fmt", "--all", "--check"])?;
    crate::deny::run()?;
    let strict = ["--", "-D", "warnings"];
    let lint = ["clippy", "--workspace", "--all-targets", "--features"];
    check(&[&lint[..], &[&all], &strict].concat())?;
    shell::run(
        shell::cargo()
            .args(["doc", "--workspace", "--no-deps", "--features", &all])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    // A module is another program without the standard library, and so are its warnings.
    let mut lint_modules = shell::cargo();
    lint_modules.args(["clippy", "--target", WASI, "-p", "runners"]);
    for name in ALGORITHMS {
        lint_modules.arg("-p").arg(format!("{name}-inference"));
    }
    shell::run(lint_modules.args(strict))?;
    let libraries = [
        "-p",
        "runners",
        "--features",
        "runners/library",
        "--examples",
    ];
    check(&[&["clippy", "--target", WASI][..], &libraries, &strict].concat())?;
    runners::run(&runners::Options { check: true })?;

    // A program with the GPU's backend is 200 MB here, and its presence makes every test as large: these
    // tests are built on their own. What the trainers for one's own data add is the same for all backends.
    let gpu = features(&ALGORITHMS, &GPU);
    test(&["--exclude", "xtask", "--features", &gpu, "--test", "gpu"])?;
    if std::env::var_os("CI").is_some() {
        remove_programs(&shell::target().join("debug/deps"))?;
    }
    let cpu = features(&ALGORITHMS, &CPU) + "," + &features(&OWN_DATA, &["flex"]);
    if shell::cargo_has(NEXTEST) {
        check(&["test", "--workspace", "--doc", "--features", &cpu])?;
    }
    test(&["--features", &cpu])
}

/// Runs tests of the workspace: by cargo-nextest where it is installed, which runs those of several programs at a time. It
/// leaves out the examples in the documentation.
fn test(arguments: &[&str]) -> Result<()> {
    let mut command = shell::cargo();
    match shell::cargo_has(NEXTEST) {
        true => command.args(["nextest", "run"]),
        false => command.arg("test"),
    };
    shell::run(command.arg("--workspace").args(arguments))
}

/// Removes the programs in `folder`, which have all run. Where nobody runs them again, their disk space is worth more.
fn remove_programs(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // Of what Cargo puts there, programs alone have no extension.
        if path.extension().is_none() && path.is_file() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// The features of these trainers that turn on these backends, as cargo reads them.
fn features(trainers: &[&str], backends: &[&str]) -> String {
    let each: Vec<_> = (trainers.iter())
        .flat_map(|name| (backends.iter()).map(move |backend| format!("{name}/{backend}")))
        .collect();
    each.join(",")
}
