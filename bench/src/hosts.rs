//! The shipped models in other programs: the packages for Python and JavaScript beside ONNX Runtime.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pack::Form;
use xtask::shell;

use crate::frameworks::python;

/// The models that ONNX can hold: those of tables with fixed fields, and of pictures.
const MODELS: [&str; 2] = ["iris", "mnist"];

/// Prints how large they are, and how long they take to load and to answer.
pub fn run() -> Result<()> {
    let folder = shell::root().join("bench/hosts");
    shell::install_packages(&folder, &[])?;
    let place = shell::target().join("bench/hosts");
    fs::create_dir_all(&place)?;
    for name in MODELS {
        let model = shell::root()
            .join("artifacts")
            .join(name)
            .join("model.safetensors");
        let library = place.join([name, Form::Library.suffix()].concat());
        fs::write(&library, pack::pack_as(Form::Library, &fs::read(&model)?)?)?;
        let onnx = place.join(format!("{name}.onnx"));
        let script = |name: &str| folder.join(name);
        lines_of(python(), &script("export.py"), &[&model, &onnx])?;
        println!(
            "\n| {name:<30} | To load, KiB | Loading, ms | One call, µs | Of 1,000 rows, µs a row |"
        );
        println!(
            "|{:-<32}|{:-<14}|{:-<13}|{:-<14}|{:-<25}|",
            "", "", "", "", ""
        );
        for (host, program, script) in [
            ("Python", python(), script("onnx_python.py")),
            ("Node", "node".into(), script("onnx_node.mjs")),
        ] {
            for line in lines_of(program, &script, &[&library, &onnx])?.lines() {
                if let [name, bytes, load, one, row] = line.split('\t').collect::<Vec<_>>()[..] {
                    let size = bytes.parse::<u64>()? / 1024;
                    let name = format!("{host}: {name}");
                    println!("| {name:<30} | {size:<12} | {load:<11} | {one:<12} | {row:<23} |");
                }
            }
        }
    }
    Ok(())
}

/// What `script` prints.
pub fn lines_of(program: impl AsRef<OsStr>, script: &Path, files: &[&Path]) -> Result<String> {
    let output = Command::new(program).arg(script).args(files).output();
    let output = output.with_context(|| format!("cannot run {}", script.display()))?;
    ensure!(
        output.status.success(),
        "{} failed; `pip install torch onnx onnxruntime wasmtime numpy` gets what it needs, and the variable PYTHON names another Python\n{}",
        script.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?)
}
