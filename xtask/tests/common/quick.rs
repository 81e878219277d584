//! Programs that are quick to compile: for tests, where it matters that they build and run, and not how fast they are.

use std::path::PathBuf;
use std::sync::LazyLock;

use xtask::shell::{self, WASI};
use xtask::trainers::{self, ALGORITHMS, OWN_DATA};

/// Levels of optimisation of programs for Wasm: of all crates at first. At level 0 the modules are so large that compiling them in
/// their hosts takes longer than is saved, but for crates of which next to nothing runs or is left in a trainer. The backend has
/// every operation for eleven types of numbers. What runs in loops is as quick as in the tests.
const WASM: [(&str, u8); 22] = [
    ("burn-dispatch", 0),
    ("burn-flex", 0),
    ("burn-nn", 0),
    ("burn-std", 0),
    ("clap_builder", 0),
    ("convert-image", 1),
    ("gimli", 0),
    ("image", 0),
    ("images", 1),
    ("imageproc", 1),
    ("js-sys", 0),
    ("moxcms", 0),
    ("object", 0),
    ("pictures", 1),
    ("pxfm", 0),
    ("regex-automata", 0),
    ("regex-syntax", 0),
    ("texts", 1),
    ("toml", 0),
    ("wasm-bindgen", 0),
    ("wasm-encoder", 0),
    ("wasmparser", 0),
];

/// Levels of optimisation of crates in native programs; all others have level 0. Ours have the loops, which are worth it.
const NATIVE: [(&str, u8); 7] = [
    ("burn-cpu-ops", 3),
    ("fearless_simd", 3),
    ("kernels", 3),
    ("linear", 3),
    ("runtime", 2),
    ("training", 2),
    ("trees", 3),
];

/// The folder with all trainers and `convert-image` as modules. How quick they are decides nothing: the models are the same.
pub static PROGRAMS: LazyLock<PathBuf> = LazyLock::new(|| {
    shell::need_wasi_target().unwrap();
    let mut cargo = shell::cargo();
    cargo.args(["build", "--target", WASI]);
    let packages = ALGORITHMS.into_iter().chain(OWN_DATA);
    let features: Vec<_> = packages.clone().map(trainers::feature).collect();
    for package in packages.chain(["convert-image"]) {
        cargo.args(["--package", package]);
    }
    cargo.args(["--features", &features.join(",")]);
    let all = [
        "opt-level = 1",
        "debug = false",
        "debug-assertions = false",
        "overflow-checks = false",
    ];
    let some = WASM.map(|(name, level)| format!("package.{name}.opt-level = {level}"));
    for setting in all.map(str::to_owned).into_iter().chain(some) {
        cargo.args(["--config", &format!("profile.dev.{setting}")]);
    }
    shell::run(&mut cargo).unwrap();
    shell::target().join(WASI).join("debug")
});

/// Lines of Cargo's configuration with which `cargo build --release` is quick.
pub fn native() -> String {
    const PACKAGE: &str = "[profile.release.package.";
    let manifest = include_str!("../../../Cargo.toml").lines();
    // What the workspace sets for a package would go before what is set here for all.
    let others = manifest
        .filter_map(|line| line.strip_prefix(PACKAGE)?.strip_suffix(']'))
        .filter(|name| NATIVE.iter().all(|(own, _)| own != name))
        .map(|name| (name, 0));
    let mut lines =
        "[profile.release]\nlto = 'off'\nopt-level = 0\ncodegen-units = 16\n".to_owned();
    for (name, level) in others.chain(NATIVE) {
        lines += &format!("package.{name}.opt-level = {level}\n");
    }
    lines
}
