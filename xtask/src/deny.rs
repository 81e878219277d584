//! Licences, sources and banned crates: `cargo deny`, by the rules in `deny.toml`.

use std::env;

use anyhow::{Result, ensure};
use xtask::shell;

/// Checks all crates that are built in. Left out where `cargo-deny` is not installed, except in continuous integration.
pub fn run() -> Result<()> {
    if !shell::cargo_has("deny") {
        let is_optional = env::var_os("CI").is_none();
        ensure!(is_optional, "cargo-deny is not installed");
        println!("cargo-deny is not installed: licences and sources are not checked");
        return Ok(());
    }
    shell::run(shell::cargo().args(["deny", "check", "licenses", "bans", "sources"]))
}
