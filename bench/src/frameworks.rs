//! The network of `mnist-inference` in other hands, on the native CPU.

use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;
use xtask::shell;

/// Names the Python to use.
const VARIABLE: &str = "PYTHON";

/// The Python to run scripts with.
pub fn python() -> OsString {
    std::env::var_os(VARIABLE).unwrap_or_else(|| "python3".into())
}

/// Prints what one prediction takes in `PyTorch` and ONNX Runtime, where they are installed.
pub fn run() -> Result<()> {
    let python = python();
    let script = shell::root().join("bench/pytorch/mnist_inference.py");
    let output = Command::new(&python).arg(script).output();
    let Some(output) = output.ok().filter(|output| output.status.success()) else {
        println!(
            "\n{} has no torch: PyTorch and ONNX Runtime are left out; \
             `pip install torch onnxruntime onnx` gets them, the variable {VARIABLE} names another.",
            python.to_string_lossy()
        );
        return Ok(());
    };
    println!("\nThe network of mnist-inference in frameworks, natively, one thread\n");
    println!("| Framework                      | One prediction, ms | Images a second |");
    println!("|--------------------------------|--------------------|-----------------|");
    for line in String::from_utf8(output.stdout)?.lines() {
        if let [name, prediction, rate] = line.split('\t').collect::<Vec<_>>()[..] {
            println!("| {name:<30} | {prediction:<18} | {rate:<15} |");
        }
    }
    Ok(())
}
