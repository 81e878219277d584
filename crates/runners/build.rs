//! The build script of every module: its stack.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "wasi") {
        // The default is 1 MiB, all of which counts as memory of the module from its start. Half of this
        // is enough for every input that the tests have.
        println!("cargo::rustc-link-arg-bins=-zstack-size=32768");
        if std::env::var_os("CARGO_FEATURE_LIBRARY").is_some() {
            println!("cargo::rustc-link-arg-examples=-zstack-size=32768");
        }
    }
}
