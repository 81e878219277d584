//! The crates that are compiled into the runners.

use anyhow::{Context, Result, ensure};
use provenance::Library;
use xtask::shell;

/// A crate's line in the tree, with what is asked for it.
const FORMAT: &str = "|{p}|{l}";

/// The crates of the runners, and the parts of the toolchain that are in them, as JSON. Features are those that the
/// runners alone turn on.
pub fn list() -> Result<String> {
    let mut tree = shell::cargo();
    tree.args(["tree", "--locked", "--package", "runners"]);
    tree.args(["--target", shell::WASI, "--edges", "normal"]);
    tree.args(["--no-dedupe", "--prefix", "depth", "--format", FORMAT]);
    let output = tree.output().context("cannot run `cargo tree`")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "`cargo tree` failed: {said}");
    let mut libraries = libraries(&String::from_utf8(output.stdout)?)?;
    libraries.push(toolchain()?);
    libraries.sort();
    libraries.dedup();
    Ok(serde_json::to_string_pretty(&libraries)? + "\n")
}

/// The crates of a tree, without macros and what only they use: these run when something is compiled, and are in no
/// module.
fn libraries(tree: &str) -> Result<Vec<Library>> {
    let mut libraries = Vec::new();
    let mut within_macro = usize::MAX;
    for line in tree.lines() {
        let parts: Vec<&str> = line.split('|').collect();
        let [depth, package, license] = parts[..] else {
            anyhow::bail!("`cargo tree` printed `{line}`");
        };
        let depth: usize = depth.parse()?;
        if depth > within_macro {
            continue;
        }
        within_macro = match package.contains("(proc-macro)") {
            true => depth,
            false => usize::MAX,
        };
        if within_macro == depth {
            continue;
        }
        let mut words = package.split(' ');
        let (name, version) = (words.next(), words.next());
        let version = version.and_then(|version| version.strip_prefix('v'));
        ensure!(!license.is_empty(), "`{package}` names no licence");
        libraries.push(Library {
            name: name.unwrap_or_default().into(),
            version: version.context("a crate without a version")?.into(),
            // The old way to write a choice of licences.
            license: license.replace('/', " OR "),
            // Own crates have their folder behind the version.
            published: words.next().is_none(),
        });
    }
    Ok(libraries)
}

/// What the compiler brings: `core`, `alloc` and its own run-time support.
fn toolchain() -> Result<Library> {
    let output = shell::command("rustc").arg("--version").output();
    let output = String::from_utf8(output.context("cannot run `rustc`")?.stdout)?;
    let version = output.split(' ').nth(1);
    Ok(Library {
        name: "core, alloc and compiler_builtins of Rust".into(),
        version: version.context("`rustc` names no version")?.into(),
        license: "MIT OR Apache-2.0".into(),
        published: false,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    #[test]
    fn the_committed_list_is_that_of_the_lock_file() {
        assert_eq!(list().unwrap(), pack::RUNNER_CRATES);
    }

    #[test]
    fn macros_and_what_they_use_are_left_out() {
        let tree = "0|runners v0.1.0 (/here)|Apache-2.0\n\
            1|thiserror v2.0.1|MIT/Apache-2.0\n\
            2|thiserror-impl v2.0.1 (proc-macro)|MIT\n\
            3|syn v3.0.0|MIT\n\
            4|unicode-ident v1.0.0|MIT\n\
            1|libm v0.2.1+x|MIT\n";
        let found = libraries(tree).unwrap();
        let names: Vec<_> = found.iter().map(|library| library.name.as_str()).collect();
        assert_eq!(names, ["runners", "thiserror", "libm"]);
        assert_eq!(found[1].license, "MIT OR Apache-2.0");
        let purls = found.iter().map(Library::purl);
        let expected = [
            None,
            Some("pkg:cargo/thiserror@2.0.1"),
            Some("pkg:cargo/libm@0.2.1%2Bx"),
        ];
        assert!(purls.eq(expected.map(|purl| purl.map(str::to_owned))));
    }
}
