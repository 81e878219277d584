//! `cargo xtask test`: everything that continuous integration checks.

use anyhow::Result;

use crate::runners;
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
    check(&["fmt", "--all", "--check"])?;
    let strict = ["--", "-D", "warnings"];
    let lint = ["clippy", "--workspace", "--all-targets", "--features"];
    check(&[&lint[..], &[&backends], &strict].concat())?;
    shell::run(
        shell::cargo()
            .args(["doc", "--workspace", "--no-deps", "--features", &backends])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    // A module is another program without the standard library, and so are its warnings.
    let modules = ALGORITHMS.map(|name| format!("{name}-inference"));
    let packages = |names: &[String]| -> Vec<String> {
        let names = names.iter().map(String::as_str).chain(["runners"]);
        names
            .flat_map(|name| ["-p".to_owned(), name.to_owned()])
            .collect()
    };
    shell::run(
        shell::cargo()
            .args(["clippy", "--target", WASI])
            .args(packages(&modules))
            .args(strict),
    )?;
    let flex = ALGORITHMS.map(|name| format!("{name}/flex")).join(",");
    shell::run(
        shell::cargo()
            .args(["check", "--target", WASI, "--features", &flex])
            .args(packages(&ALGORITHMS.map(str::to_owned))),
    )?;
    runners::run(&runners::Options { check: true })?;

    let test = ["test", "--workspace", "--features", &backends];
    check(&[&test[..], &["--exclude", "xtask"]].concat())?;
    check(&["test", "-p", "xtask"])
}
