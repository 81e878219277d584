//! `cargo xtask test`: everything that continuous integration checks.

use std::num::NonZero;
use std::thread::available_parallelism;

use anyhow::Result;

use crate::runners;
use xtask::shell::{self, WASI};
use xtask::trainers::{ALGORITHMS, OWN_DATA};

/// The features of the trainers that need no GPU.
const CPU: [&str; 2] = ["ndarray", "flex"];

/// All of them.
const ALL: [&str; 3] = ["ndarray", "flex", "wgpu"];

/// A runner of tests, <https://nexte.st>.
const NEXTEST: &str = "nextest";

/// What needs no program to be run: format, lints and documentation.
pub fn lint() -> Result<()> {
    shell::need_wasi_target()?;
    // The GPU's backend alone takes as long to check as all else; what it adds to our code is three lines.
    let all = features(&ALGORITHMS, &CPU) + "," + &features(&OWN_DATA, &CPU);
    check(&["fmt", "--all", "--check"])?;
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
    check(&[&["clippy", "--target", WASI][..], &libraries, &strict].concat())
}

/// Runs all checks, the quick ones first.
pub fn run() -> Result<()> {
    for host in testing::HOSTS {
        if !host.is_installed() {
            let name = host.name;
            println!("{name} is not installed: the tests that run modules in it are left out");
        }
    }
    lint()?;
    crate::deny::run()?;
    runners::run(&runners::Options { check: true })?;

    // What the trainers for one's own data add is the same for all backends.
    let tested = features(&ALGORITHMS, &ALL) + "," + &features(&OWN_DATA, &["flex"]);
    let tests = ["--workspace", "--features", &tested];
    // It runs tests of several programs at a time, but leaves out the examples in the documentation.
    if shell::cargo_has(NEXTEST) {
        // In one build, no processor waits for the last libraries.
        check(&[&["test", "--no-run"][..], &tests].concat())?;
        check(&[&["test", "--doc"][..], &tests].concat())?;
        // One more than there are processors: a test that waits for a browser or a build leaves a processor idle.
        let threads = 1 + available_parallelism().map_or(1, NonZero::get);
        let threads = format!("--test-threads={threads}");
        check(&[&["nextest", "run", &threads][..], &tests].concat())
    } else {
        check(&[&["test"][..], &tests].concat())
    }
}

/// Calls Cargo.
fn check(arguments: &[&str]) -> Result<()> {
    shell::run(shell::cargo().args(arguments))
}

/// The features of these trainers that turn on these backends, as cargo reads them.
fn features(trainers: &[&str], backends: &[&str]) -> String {
    let each: Vec<_> = (trainers.iter())
        .flat_map(|name| (backends.iter()).map(move |backend| format!("{name}/{backend}")))
        .collect();
    each.join(",")
}
