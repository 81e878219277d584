//! `cargo xtask test`: everything that continuous integration checks.

use anyhow::Result;

use crate::shell::{self, WASI};

/// The trainers.
const ALGORITHMS: [&str; 4] = ["agnews", "iris", "mnist", "wine-quality"];

/// Runs all checks, the quick ones first.
pub fn run() -> Result<()> {
    shell::need_wasi_target()?;
    for program in ["wasmtime", "node"] {
        if !shell::is_installed(program) {
            println!("{program} is not installed: the tests that run modules in it are left out");
        }
    }
    let check = |arguments: &[&str]| shell::run(shell::cargo().args(arguments));

    let backends: Vec<_> = (ALGORITHMS.iter())
        .flat_map(|name| ["ndarray", "flex", "wgpu"].map(|backend| format!("{name}/{backend}")))
        .collect();
    let backends = backends.join(",");
    let modules = ALGORITHMS.map(|name| format!("{name}-inference"));

    check(&["fmt", "--all", "--check"])?;
    let strict = ["--", "-D", "warnings"];
    let lint = ["clippy", "--workspace", "--all-targets", "--features"];
    check(&[&lint[..], &[&backends], &strict].concat())?;
    shell::run(
        shell::cargo()
            .args(["doc", "--workspace", "--no-deps", "--features", &backends])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    for module in &modules {
        let lint = ["clippy", "-p", module];
        check(&[&lint[..], &["--all-targets", "--features", "burn"], &strict].concat())?;
        // A module is another program without the standard library, and so are its warnings.
        check(&[&lint[..], &["--target", WASI], &strict].concat())?;
    }
    for trainer in ALGORITHMS {
        check(&[
            "check",
            "-p",
            trainer,
            "--features",
            "flex",
            "--target",
            WASI,
        ])?;
    }

    let test = ["test", "--workspace", "--features"];
    check(&[&test[..], &[&backends, "--exclude", "xtask"]].concat())?;
    let burn = modules.map(|module| format!("{module}/burn")).join(",");
    let features = [&backends[..], &burn].join(",");
    check(&[&test[..], &[&features, "--test", "parity"]].concat())?;
    check(&["test", "-p", "xtask"])
}
