//! `cargo xtask test`: everything that continuous integration checks.

use anyhow::Result;

use crate::shell::{self, WASI};

/// All backends of all trainers.
const BACKENDS: &str = "iris/ndarray,iris/flex,iris/wgpu";
/// The same, and modules with Burn inside.
const BACKENDS_AND_BURN: &str = "iris/ndarray,iris/flex,iris/wgpu,iris-inference/burn";

/// Runs all checks, the quick ones first.
pub fn run() -> Result<()> {
    shell::need_wasi_target()?;
    for program in ["wasmtime", "node"] {
        if !shell::is_installed(program) {
            println!("{program} is not installed: the tests that run modules in it are left out");
        }
    }
    let check = |arguments: &[&str]| shell::run(shell::cargo().args(arguments));

    check(&["fmt", "--all", "--check"])?;
    let lint = ["clippy", "--workspace", "--all-targets", "--features"];
    check(&[&lint[..], &[BACKENDS, "--", "-D", "warnings"]].concat())?;
    check(&[
        "clippy",
        "-p",
        "iris-inference",
        "--all-targets",
        "--features",
        "burn",
        "--",
        "-D",
        "warnings",
    ])?;
    shell::run(
        shell::cargo()
            .args(["doc", "--workspace", "--no-deps", "--features", BACKENDS])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    // A module is another program without the standard library, and so are its warnings.
    check(&[
        "clippy",
        "-p",
        "iris-inference",
        "--target",
        WASI,
        "--",
        "-D",
        "warnings",
    ])?;
    check(&[
        "check",
        "-p",
        "iris",
        "--features",
        "flex",
        "--target",
        WASI,
    ])?;

    let test = ["test", "--workspace", "--features"];
    check(&[&test[..], &[BACKENDS, "--exclude", "xtask"]].concat())?;
    check(&[&test[..], &[BACKENDS_AND_BURN, "--test", "parity"]].concat())?;
    check(&["test", "-p", "xtask"])
}
