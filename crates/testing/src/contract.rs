//! The contract of a module, case by case: the same table for the native program and for the
//! compiled module in every host.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::library::option::{EXPLAIN, STRICT};
use crate::library::{Library, Outcome};
use crate::{HostError, Request, Response, host, native, packages};

/// A command line and what stands on standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    arguments: Vec<String>,
    input: Vec<u8>,
}

impl Case {
    /// A command line without input.
    #[must_use]
    pub fn new(arguments: &[&str]) -> Self {
        Self::with_input(arguments, b"")
    }

    /// A command line with input.
    #[must_use]
    pub fn with_input(arguments: &[&str], input: &[u8]) -> Self {
        Self {
            arguments: arguments.iter().map(|text| (*text).to_owned()).collect(),
            input: input.to_vec(),
        }
    }

    /// Gives the case to `program`.
    ///
    /// # Errors
    ///
    /// Those of `program`.
    pub fn run<R>(&self, program: impl FnOnce(Request<'_>) -> R) -> R {
        let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        program(Request {
            arguments: &arguments,
            input: &self.input,
        })
    }

    /// The one input on the command line, and the options with which a library answers it; `None` for cases of another
    /// kind.
    fn call(&self) -> Option<(&str, u32)> {
        let (mut input, mut options) = (None, 0);
        for argument in &self.arguments {
            match argument.as_str() {
                "--json" => {}
                "--explain" => options |= EXPLAIN,
                "--strict" => options |= STRICT,
                other if other.starts_with('-') || input.is_some() => return None,
                other => input = Some(other),
            }
        }
        Some((input?, options))
    }

    /// What the case came to, for a person to read; `name` is the program's.
    #[must_use]
    pub fn transcript(&self, name: &str, response: &Response) -> String {
        let shorten = |text: &str| match text.char_indices().nth(240) {
            Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
            None => text.to_owned(),
        };
        let mut text = format!("$ {name}");
        // Writing to a string does not fail.
        for argument in &self.arguments {
            let _ = write!(text, " '{}'", shorten(argument));
        }
        text.push('\n');
        let input = String::from_utf8_lossy(&self.input);
        let output = String::from_utf8_lossy(&response.output);
        let error = String::from_utf8_lossy(&response.error);
        for (mark, lines) in [("< ", input), ("", output), ("! ", error)] {
            for line in lines.lines() {
                let _ = writeln!(text, "{mark}{}", shorten(line));
            }
        }
        let _ = writeln!(text, "= {}\n", response.code);
        text
    }
}

/// A module of an inference crate, and what it must keep to. [`contract_tests!`](crate::contract_tests) makes one
/// in the tests of the crate.
#[derive(Debug, Clone, Copy)]
pub struct Contract {
    /// Name of the crate and its program.
    pub name: &'static str,
    /// The native program.
    pub program: &'static str,
    /// Folder of the crate.
    pub folder: &'static str,
    /// A folder right below the target folder, as Cargo names it to tests.
    pub temporary: &'static str,
    /// The model file.
    pub model: &'static [u8],
    /// Most linear memory that the module may need, in bytes.
    pub memory: usize,
    /// Largest size of the module, in bytes.
    pub size: u64,
}

impl Contract {
    /// What the native program does with `case`.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn native(&self, case: &Case) -> Result<Response, HostError> {
        case.run(|request| native(Path::new(self.program), request))
    }

    /// What the native program answers to `--describe`.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    ///
    /// # Panics
    ///
    /// If it fails or prints something other than JSON.
    pub fn description(&self) -> Result<Value, HostError> {
        let response = self.native(&Case::new(&["--describe"]))?;
        assert_eq!((response.code, &response.error[..]), (0, &b""[..]));
        let description = serde_json::from_slice(&response.output);
        assert!(description.is_ok(), "{description:?}");
        Ok(description.unwrap_or_default())
    }

    /// What all `cases` come to in the native program, for a person to read.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn transcripts(&self, cases: &[Case]) -> Result<String, HostError> {
        (cases.iter())
            .map(|case| Ok(case.transcript(self.name, &self.native(case)?)))
            .collect()
    }

    /// The module that the documented command builds.
    ///
    /// # Errors
    ///
    /// If Cargo cannot be started, or fails.
    pub fn built(&self) -> Result<PathBuf, HostError> {
        crate::build(self.folder, self.temporary)
    }

    /// The module that `pack` makes, in a file that goes when it is dropped.
    ///
    /// # Errors
    ///
    /// If the model cannot be packed, or the file cannot be written.
    pub fn packed(&self) -> Result<PackedModule, HostError> {
        let wasm = pack::pack(self.model)?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("packed.wasm");
        std::fs::write(&path, wasm)?;
        Ok(PackedModule {
            path,
            _folder: folder,
        })
    }

    /// Checks the module in both of its forms, the one that Cargo builds and the one that `pack` makes: they
    /// answer all `cases` and `--describe` as the native program does, byte by byte, in every host that is
    /// installed, within the memory; import nothing but arguments, streams and exit; and are no larger than
    /// allowed.
    ///
    /// # Errors
    ///
    /// If a module cannot be made, or a host cannot be started.
    ///
    /// # Panics
    ///
    /// If any of this does not hold.
    pub fn holds_in_both_forms(&self, cases: &[Case]) -> Result<(), HostError> {
        let cases = [cases, &[Case::new(&["--describe"])]].concat();
        let packed = self.packed()?;
        for wasm in [&self.built()?, packed.path()] {
            self.agrees_everywhere(wasm, &cases)?;
            let bytes = crate::read(wasm)?;
            assert_eq!(pack::inspect(&bytes)?.imports, pack::ALLOWED_IMPORTS);
            let size = bytes.len() as u64;
            assert!(size <= self.size, "{}: {size} bytes", wasm.display());
        }
        Ok(())
    }

    /// Checks the library that `pack` makes: it imports nothing, and answers those of `cases` that are one input on the
    /// command line as the native program does under `--json`, byte by byte: by itself, and through the packages for
    /// JavaScript and Python, as far as these languages are installed.
    ///
    /// # Errors
    ///
    /// If the library cannot be made or traps, or a language cannot be started.
    ///
    /// # Panics
    ///
    /// If an answer is another one, or there is no such case.
    pub fn holds_in_the_library(&self, cases: &[Case]) -> Result<(), HostError> {
        let wasm = pack::pack_as(pack::Form::Library, self.model)?;
        assert_eq!(pack::inspect(&wasm)?.imports, [""; 0]);
        let mut library = Library::new(&wasm)?;
        let (mut calls, mut expected) = (Vec::new(), Vec::new());
        for case in cases {
            let Some((input, options)) = case.call() else {
                continue;
            };
            let mut json = case.clone();
            json.arguments.push("--json".into());
            let response = self.native(&json)?;
            // The command refuses to explain what cannot be explained.
            if response.error.starts_with(b"error: unknown option") {
                continue;
            }
            let outcome = library.predict(input.as_bytes(), options)?;
            assert_eq!(outcome.status, response.code as u32, "{input}");
            match outcome.status {
                0 => assert_eq!(outcome.bytes, response.output, "{input}"),
                _ => assert_eq!(outcome.entry("error"), error_of(&response), "{input}"),
            }
            calls.push(json!({
                "input": input,
                "explain": options & EXPLAIN != 0,
                "strict": options & STRICT != 0,
            }));
            expected.push(said(&outcome));
        }
        assert!(calls.len() > 5, "{} calls", calls.len());
        let described = library.describe()?.bytes;
        assert_eq!(described, self.native(&Case::new(&["--describe"]))?.output);
        let folder = tempfile::tempdir()?;
        let (path, input) = (folder.path().join("a.wasm"), folder.path().join("calls"));
        std::fs::write(&path, wasm)?;
        std::fs::write(&input, Value::Array(calls).to_string())?;
        let expected = Value::Array(expected);
        for mut driver in packages::drivers() {
            let output = driver.arg(&path).stdin(File::open(&input)?).output()?;
            let answered: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
            let error = String::from_utf8_lossy(&output.stderr);
            assert_eq!(answered, expected, "{driver:?}\n{error}");
        }
        Ok(())
    }

    /// Compares the module `wasm` with the native program in the embedded host, and in every other with this
    /// much memory, as far as they are installed.
    fn agrees_everywhere(&self, wasm: &Path, cases: &[Case]) -> Result<(), HostError> {
        let module = crate::Embedded::open(wasm)?;
        self.agrees(cases, |request| module.run(request))?;
        for host in host::testable() {
            self.agrees(cases, |request| host.run(wasm, Some(self.memory), request))?;
        }
        Ok(())
    }

    /// Gives every one of `cases` to the native program and to `host`, and compares byte by byte.
    fn agrees(
        &self,
        cases: &[Case],
        host: impl Fn(Request<'_>) -> Result<Response, HostError>,
    ) -> Result<(), HostError> {
        for case in cases {
            let response = case.run(&host)?;
            let expected = self.native(case)?;
            let read = |response: &Response| case.transcript("", response);
            assert_eq!(read(&response), read(&expected));
            assert_eq!(
                (&response.output, &response.error, response.code),
                (&expected.output, &expected.error, expected.code),
            );
        }
        Ok(())
    }

    /// Checks that the packed module needs no more memory for 1,000 times `line`, and as many bad lines, than
    /// for 10, and no more than allowed.
    ///
    /// # Errors
    ///
    /// If it is no module.
    ///
    /// # Panics
    ///
    /// If memory grows, or a line is not answered.
    pub fn memory_is_bounded(&self, line: &str) -> Result<(), HostError> {
        let packed = self.packed()?;
        let module = crate::Embedded::open(packed.path())?;
        let mut memory = [None; 2];
        for (memory, lines) in memory.iter_mut().zip([10, 1000]) {
            let input = format!("{line}\nneither good nor JSON\n").repeat(lines);
            let response = module.run(Request {
                arguments: &["-", "--json"],
                input: input.as_bytes(),
            })?;
            let answered = response.output.split(|byte| *byte == b'\n').count() - 1;
            assert_eq!(answered, 2 * lines);
            *memory = response.memory;
        }
        assert_eq!(memory[0], memory[1]);
        assert!(
            memory[0].is_some_and(|bytes| bytes <= self.memory),
            "{memory:?}"
        );
        Ok(())
    }
}

/// What the command says of a bad input, without the way out.
fn error_of(response: &Response) -> Value {
    let error = String::from_utf8_lossy(&response.error);
    let line = error.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or_default().into()
}

/// What a library says, as the packages give it.
fn said(outcome: &Outcome) -> Value {
    let mut said = json!({ "status": outcome.status });
    if outcome.status == 0 {
        said["text"] = outcome.text().into();
    }
    for name in ["error", "item", "field"] {
        let entry = outcome.entry(name);
        if outcome.status != 0 && !entry.is_null() {
            said[name] = entry;
        }
    }
    said
}

/// The tests that every inference crate has: the transcript of the native program, both forms of the module in
/// every host, and memory along a stream. It defines `CONTRACT`, a [`Contract`](crate::contract::Contract).
///
/// `cases` go into the transcript, `more_cases` are too changeable or too long for it, and `line` is a good
/// input.
#[macro_export]
macro_rules! contract_tests {
    (
        name: $name:literal,
        model: $model:literal,
        memory: $memory:expr,
        size: $size:expr,
        cases: $cases:expr,
        more_cases: $more_cases:expr,
        line: $line:expr $(,)?
    ) => {
        const CONTRACT: $crate::contract::Contract = $crate::contract::Contract {
            name: $name,
            program: env!(concat!("CARGO_BIN_EXE_", $name)),
            folder: env!("CARGO_MANIFEST_DIR"),
            temporary: env!("CARGO_TARGET_TMPDIR"),
            model: include_bytes!($model),
            memory: $memory,
            size: $size,
        };

        #[test]
        fn the_native_program_keeps_the_contract() {
            $crate::assert_snapshot!(CONTRACT.transcripts(&$cases).unwrap());
        }

        #[test]
        fn both_forms_of_the_module_agree_in_every_host_and_are_small() {
            let cases = [&$cases[..], &$more_cases[..]].concat();
            CONTRACT.holds_in_both_forms(&cases).unwrap();
        }

        #[test]
        fn the_library_agrees_with_the_native_program() {
            let cases = [&$cases[..], &$more_cases[..]].concat();
            CONTRACT.holds_in_the_library(&cases).unwrap();
        }

        #[test]
        fn memory_does_not_grow_along_a_stream() {
            CONTRACT.memory_is_bounded($line).unwrap();
        }
    };
}

/// A module in a file that goes when this is dropped.
#[derive(Debug)]
pub struct PackedModule {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl PackedModule {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &PathBuf {
        &self.path
    }
}
