//! Modules beside their twins with Burn inside.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use testing::{Embedded, Request, WASMTIME};

use super::measure::{Spread, Subject, Times, interleaved};
use xtask::{modules, shell};

/// What a module is measured with.
struct Load {
    /// An input.
    example: &'static str,
    /// Lines of the stream that its throughput is measured on.
    lines: usize,
    /// The same for its twin, which would take minutes for as many.
    reference_lines: usize,
    /// Lines that show how much memory it needs; interpreted, hence few.
    few: usize,
}

impl Load {
    fn of(module: &str) -> Result<Self> {
        match module {
            "agnews-inference" => Ok(Self {
                example: modules::ARTICLE,
                lines: 20_000,
                reference_lines: 200,
                few: 10,
            }),
            "wine-quality-inference" => Ok(Self {
                example: modules::WINE,
                lines: 200_000,
                reference_lines: 10_000,
                few: 1000,
            }),
            "iris-inference" => Ok(Self {
                example: modules::FLOWER,
                lines: 1_000_000,
                reference_lines: 20_000,
                few: 1000,
            }),
            "mnist-inference" => Ok(Self {
                example: modules::DIGIT,
                lines: 10_000,
                reference_lines: 500,
                few: 10,
            }),
            _ => bail!("nothing is known to measure {module} with"),
        }
    }
}

/// Runs of each stream that count.
const STREAM_RUNS: u32 = 3;

/// Measures every module.
pub fn run(runs: u32) -> Result<()> {
    shell::need_wasi_target()?;
    if !WASMTIME.is_installed() {
        println!("The command wasmtime is not installed: modules are left out.");
        return Ok(());
    }
    for name in modules::names(&shell::root())? {
        compare(&name, runs)?;
    }
    Ok(())
}

/// A module in all the forms that it is started from.
struct Forms {
    wasm: PathBuf,
    precompiled: PathBuf,
    stream: PathBuf,
    lines: usize,
}

impl Forms {
    fn new(wasm: PathBuf, label: &str, example: &str, lines: usize) -> Result<Self> {
        let folder = folder();
        fs::create_dir_all(&folder)?;
        let precompiled = folder.join(format!("{label}.cwasm"));
        let stream = folder.join(format!("{label}.jsonl"));
        shell::run(
            shell::command("wasmtime")
                .arg("compile")
                .arg(&wasm)
                .arg("-o")
                .arg(&precompiled),
        )?;
        fs::write(&stream, format!("{example}\n").repeat(lines))?;
        Ok(Self {
            wasm,
            precompiled,
            stream,
            lines,
        })
    }

    /// Cold, warm and precompiled start with one prediction each.
    fn starts<'a>(&'a self, example: &'a str) -> [Subject<'a>; 3] {
        [
            // Each start compiles the module, as that of a host that meets it for the first time.
            subject(&self.wasm, &["-Ccache=n"], example, None),
            subject(&self.wasm, &[], example, None),
            subject(&self.precompiled, &["--allow-precompiled"], example, None),
        ]
    }

    fn streaming(&self) -> Subject<'_> {
        subject(
            &self.precompiled,
            &["--allow-precompiled"],
            "-",
            Some(&self.stream),
        )
    }

    /// Milliseconds of CPU for a prediction, the start left out.
    fn prediction(&self, stream: &Times, start: &Times) -> f64 {
        (stream.cpu().median - start.cpu().median) / self.lines as f64
    }
}

/// The model of the module `name`, packed into a runner with Burn's forward pass.
pub fn twin(name: &str) -> Result<PathBuf> {
    let target = shell::target().join("twin");
    shell::run(
        shell::cargo()
            .args(["build", "--quiet", "--release", "--package", "burn-twin"])
            .args(["--target", shell::WASI, "--target-dir"])
            .arg(&target)
            // As small as it gets: what is measured is the framework, not how it was compiled.
            .args(["--config", "profile.release.opt-level=\"z\""])
            .args(["--config", "profile.release.lto=\"fat\""]),
    )?;
    let runner = fs::read(target.join(shell::WASI).join("release/burn-twin.wasm"))?;
    let model = fs::read(modules::model(name))?;
    fs::create_dir_all(folder())?;
    let path = folder().join(format!("{name}-with-burn.wasm"));
    fs::write(&path, pack::pack_into(&runner, &model)?)?;
    Ok(path)
}

fn folder() -> PathBuf {
    shell::target().join("bench")
}

fn compare(name: &str, runs: u32) -> Result<()> {
    let root = shell::root().join(name);
    let (root, below_target) = (root.to_string_lossy(), folder());
    let below_target = below_target.to_string_lossy();
    let module = testing::build(&root, &below_target)?;
    let Load {
        example,
        lines,
        reference_lines,
        few,
    } = Load::of(name)?;
    let module = Forms::new(module, name, example, lines)?;
    let reference = twin(name)?;
    let label = format!("{name}-with-burn");
    let reference = Forms::new(reference, &label, example, reference_lines)?;

    let [cold, warm, precompiled] = module.starts(example);
    let [cold_twin, warm_twin, precompiled_twin] = reference.starts(example);
    let starts = [
        cold,
        cold_twin,
        warm,
        warm_twin,
        precompiled,
        precompiled_twin,
    ];
    let starts = interleaved(&starts, runs)?;
    let streams = interleaved(&[module.streaming(), reference.streaming()], STREAM_RUNS)?;
    let ([cold, cold_twin, warm, warm_twin, start, start_twin], [stream, stream_twin]) =
        (starts.as_slice(), streams.as_slice())
    else {
        bail!("eight subjects were timed")
    };

    println!(
        "\n{name} beside the same with Burn's forward pass, in wasmtime; median of {runs} runs\n"
    );
    println!(
        "|                                | module                 | with Burn              | ratio |"
    );
    println!(
        "|--------------------------------|------------------------|------------------------|-------|"
    );
    let size = |path: &Path| -> Result<f64> { Ok(fs::metadata(path)?.len() as f64) };
    let whole = |value: f64| format!("{value:.0}");
    row(
        "Size, bytes",
        size(&module.wasm)?,
        size(&reference.wasm)?,
        whole,
    );
    spread("Cold start, CPU ms", cold.cpu(), cold_twin.cpu());
    spread("Cold start, wall ms", cold.wall(), cold_twin.wall());
    spread("Start with a warm cache, ms", warm.wall(), warm_twin.wall());
    spread("Start precompiled, ms", start.wall(), start_twin.wall());
    let (ours, theirs) = (
        module.prediction(stream, start),
        reference.prediction(stream_twin, start_twin),
    );
    let micro = |milliseconds: f64| format!("{:.2}", 1000.0 * milliseconds);
    row("One prediction, CPU µs", ours, theirs, micro);
    row(
        "Rows a second of a stream",
        1000.0 / ours,
        1000.0 / theirs,
        whole,
    );

    let memory = memory_of(&module, few)?;
    let within = stays_within(&module, memory)?;
    ensure!(
        within,
        "a stream of {lines} lines needs more memory than one of {few}"
    );
    println!("\nLinear memory: {memory} bytes for {few} lines, and no more for {lines}.");
    Ok(())
}

/// Linear memory, in bytes, that the first `lines` lines of the stream take.
fn memory_of(module: &Forms, lines: usize) -> Result<usize> {
    let stream = fs::read_to_string(&module.stream)?;
    let input: String = stream.split_inclusive('\n').take(lines).collect();
    let response = Embedded::open(&module.wasm)?.run(Request {
        arguments: &["-"],
        input: input.as_bytes(),
    })?;
    response.memory.context("the module has no memory")
}

/// Whether the whole stream can be answered within `memory` bytes.
fn stays_within(module: &Forms, memory: usize) -> Result<bool> {
    let request = Request {
        arguments: &["-"],
        input: &fs::read(&module.stream)?,
    };
    let response = WASMTIME.run(&module.wasm, Some(memory), request)?;
    Ok(response.code == 0)
}

fn subject<'a>(
    module: &Path,
    options: &'a [&str],
    argument: &'a str,
    input: Option<&'a Path>,
) -> Subject<'a> {
    let module = module.to_path_buf();
    Subject {
        name: module.display().to_string(),
        command: Box::new(move || {
            let mut command = shell::command("wasmtime");
            command.arg("run").args(options).arg(&module).arg(argument);
            command
        }),
        input,
    }
}

fn row(name: &str, ours: f64, theirs: f64, show: impl Fn(f64) -> String) {
    let ratio = ours / theirs;
    println!(
        "| {name:<30} | {:<22} | {:<22} | {ratio:<5.3} |",
        show(ours),
        show(theirs)
    );
}

fn spread(name: &str, ours: Spread, theirs: Spread) {
    let ratio = ours.median / theirs.median;
    println!("| {name:<30} | {ours:<22} | {theirs:<22} | {ratio:<5.3} |");
}
