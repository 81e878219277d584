//! What a cold build of a trainer costs.

use std::fs;
use std::time::Instant;

use anyhow::Result;

use super::measure::cpu_of_children;
use xtask::shell;

/// Builds `iris-ndarray` by the documented command into an empty folder.
pub fn run() -> Result<()> {
    let folder = shell::target().join("cold");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let (started, before) = (Instant::now(), cpu_of_children()?);
    shell::run(
        shell::cargo()
            .args([
                "build",
                "--quiet",
                "--release",
                "--bin",
                "iris-ndarray",
                "--features",
                "ndarray",
            ])
            .arg("--target-dir")
            .arg(&folder),
    )?;
    println!(
        "\nCold build of iris-ndarray: {:.1} CPU-minutes, {:.1} minutes of wall time",
        cpu_of_children()?.saturating_sub(before).as_secs_f64() / 60.0,
        started.elapsed().as_secs_f64() / 60.0
    );
    fs::remove_dir_all(&folder)?;
    Ok(())
}
