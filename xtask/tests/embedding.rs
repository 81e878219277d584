//! The packages for other languages, and what their pages print, run as it stands there.

#![allow(clippy::unwrap_used, reason = "a test may fail")]
#![cfg(unix)]

mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use common::quick::PROGRAMS;
use common::{FORMS, MODELS, MODULES, node_tests};
use pack::Form;
use testing::{NODE, packages};
use xtask::shell;

/// A folder in which the examples work: `artifacts` with libraries, `packages`, and what npm would install.
static PLACE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let place = tempfile::tempdir().unwrap();
    for name in MODELS {
        let folder = place.path().join("artifacts").join(name);
        fs::create_dir_all(&folder).unwrap();
        let model = shell::root()
            .join("artifacts")
            .join(name)
            .join("model.safetensors");
        symlink(model, folder.join("model.safetensors")).unwrap();
        for form in FORMS {
            let file = [name, form.suffix()].concat();
            symlink(MODULES.path().join(&file), folder.join(file)).unwrap();
        }
    }
    symlink(packages::folder(), place.path().join("packages")).unwrap();
    let modules = place.path().join("node_modules");
    fs::create_dir(&modules).unwrap();
    symlink(
        packages::folder().join("js"),
        modules.join("burn-algorithms"),
    )
    .unwrap();
    place
});

/// A block of a page.
#[derive(Debug, Default)]
struct Block {
    language: String,
    text: String,
    /// The file that it is to be saved as, if the words before it say so.
    file: Option<String>,
}

fn blocks(page: &str) -> Vec<Block> {
    let text = fs::read_to_string(shell::root().join("docs").join(page)).unwrap();
    let (mut blocks, mut open, mut before) = (Vec::<Block>::new(), false, "");
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(language) => {
                open = true;
                let named = before
                    .strip_suffix("`:")
                    .and_then(|text| text.rsplit('`').next());
                blocks.push(Block {
                    language: language.into(),
                    text: String::new(),
                    file: named.filter(is_file_name).map(str::to_owned),
                });
            }
            None if open => {
                let block = blocks.last_mut().unwrap();
                block.text += line;
                block.text.push('\n');
            }
            None if line.is_empty() => {}
            None => before = line,
        }
    }
    blocks
}

/// Whether `text` is the name of a program, such as `worker.mjs`.
fn is_file_name(text: &&str) -> bool {
    text.contains('.') && !text.contains([' ', '/'])
}

/// Runs the examples of `page` in `language` with `program`, as files whose names end in `extension`.
fn follow(page: &str, language: &str, extension: &str, program: &dyn Fn() -> Command) {
    let blocks = blocks(page);
    let mut examples = 0;
    for (index, block) in blocks.iter().enumerate() {
        if block.language != language {
            continue;
        }
        let name = format!("{}-{index}.{extension}", page.trim_end_matches(".md"));
        let file = PLACE.path().join(block.file.as_deref().unwrap_or(&name));
        fs::write(&file, &block.text).unwrap();
        if block.file.is_some() {
            continue;
        }
        let output = program()
            .arg(&file)
            .env("BURN_ALGORITHMS_TRAINERS", &*PROGRAMS)
            .current_dir(PLACE.path())
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{page}: {}\n{error}", block.text);
        let printed = String::from_utf8_lossy(&output.stdout);
        match blocks.get(index + 1) {
            Some(next) if next.language.is_empty() => assert_eq!(printed, next.text, "{page}"),
            _ => {}
        }
        examples += 1;
    }
    assert!(examples > 0, "{page} has no examples in {language}");
}

#[test]
fn the_examples_in_javascript_work_as_printed() {
    if !NODE.can_be_tested() {
        return;
    }
    for page in ["embedding.md", "javascript.md"] {
        follow(page, "js", "mjs", &|| Command::new(NODE.name));
    }
}

#[test]
fn the_package_for_javascript_passes_its_tests() {
    if !NODE.can_be_tested() {
        return;
    }
    let tests = node_tests(&packages::folder().join("js/test"));
    succeeds(Command::new(NODE.name).arg("--test").args(tests));
}

/// What the tests of the package for Python use, but for `torch`, which is 5 GB: `tests/test_torch.py` is for those who
/// have it. Those that are marked as slow are left out too.
const PYTHON: [&str; 6] = [
    "wasmtime", "numpy", "pandas", "pyspark", "pytest", "sklearn",
];

#[test]
fn the_package_for_python_passes_its_tests() {
    let Some(mut python) = packages::python(&PYTHON) else {
        return;
    };
    python.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
    let tests = packages::folder().join("python/tests");
    python.args(["-m", "not slow", "--ignore"]);
    python.arg(tests.join("test_torch.py"));
    // Spark's programs are short: compiling them well costs more than it gains.
    python.env(
        "JDK_JAVA_OPTIONS",
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    );
    succeeds(python.arg(tests));
}

#[test]
fn the_examples_in_python_work_as_printed() {
    if packages::python(&PYTHON).is_some() {
        let python = || packages::python(&[]).unwrap();
        follow("embedding.md", "python", "py", &python);
    }
}

fn succeeds(command: &mut Command) {
    command.env("BURN_ALGORITHMS_LIBRARIES", MODULES.path());
    let output = command
        .env("BURN_ALGORITHMS_TRAINERS", &*PROGRAMS)
        .output()
        .unwrap();
    let [printed, error] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{printed}\n{error}");
}

/// The example is a workspace of its own, because what runs components is large.
#[test]
fn a_program_in_rust_embeds_the_component() {
    let model = PLACE.path().join("artifacts/iris/model.safetensors");
    let component = PLACE.path().join("iris-inference.component.wasm");
    let bytes = pack::pack_as(Form::Component, &fs::read(model).unwrap()).unwrap();
    fs::write(&component, bytes).unwrap();
    let run = |input: &str| {
        let mut cargo = shell::cargo();
        cargo.current_dir(shell::root().join("examples/embed-rust"));
        cargo.args(["run", "--quiet", "--locked", "--target-dir"]);
        cargo.arg(shell::target().join("embed-rust"));
        let output = cargo.arg("--").arg(&component).arg(input).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).unwrap()
    };
    let printed = run(
        r#"{"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}"#,
    );
    let expected = "Iris-versicolor\n  Iris-setosa: 0.0040\n  Iris-versicolor: 0.9908\n  Iris-virginica: 0.0051\n";
    assert_eq!(printed, expected);
    assert!(run("{}").starts_with("error: `sepal_length` is missing"));
    if std::env::var_os("CI").is_some() {
        // Nobody runs it again there, and the disk may be small.
        fs::remove_dir_all(shell::target().join("embed-rust")).unwrap();
    }
}

/// A page that names a file that is not there misleads.
#[test]
fn the_pages_name_files_that_exist() {
    for page in [
        "embedding.md",
        "library.md",
        "component.md",
        "javascript.md",
        "python.md",
        "spark.md",
    ] {
        let docs = shell::root().join("docs");
        let text = fs::read_to_string(docs.join(page)).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let is_local = !link.contains("://");
            let path: &Path = link.split('#').next().unwrap_or(link).as_ref();
            assert!(!is_local || docs.join(path).exists(), "{page}: {link}");
        }
    }
}
