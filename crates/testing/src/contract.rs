//! The contract of a module, case by case: the same table for the native program and for the
//! compiled module in every host.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::{HostError, Request, Response, native};

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

/// Gives every one of `cases` to the native `program` and to `host`, and compares byte by byte.
/// `host` returns `None` where it is not installed: the comparison is left out then, unless the
/// variable `CI` is set.
///
/// # Errors
///
/// If one cannot be started.
///
/// # Panics
///
/// If they differ, or the host is missing in continuous integration.
pub fn agree(
    program: &Path,
    cases: &[Case],
    host: impl Fn(Request<'_>) -> Result<Option<Response>, HostError>,
) -> Result<(), HostError> {
    for case in cases {
        let Some(response) = case.run(&host)? else {
            assert!(std::env::var_os("CI").is_none(), "the host is missing");
            eprintln!("the host is not installed: left out");
            return Ok(());
        };
        let expected = case.run(|request| native(program, request))?;
        let read = |response: &Response| case.transcript("", response);
        assert_eq!(read(&response), read(&expected));
        assert_eq!(
            (&response.output, &response.error, response.code),
            (&expected.output, &expected.error, expected.code),
        );
    }
    Ok(())
}

/// Checks the module of an inference crate in both of its forms, the one that Cargo builds and the one that
/// `pack` makes of `model`: they answer all `cases` as the native `program` does, byte by byte, in every
/// host that is installed, within `memory` bytes; import nothing but arguments, streams and exit; and have at
/// most `size` bytes.
///
/// # Errors
///
/// If a module cannot be made, or a host cannot be started.
///
/// # Panics
///
/// If any of this does not hold.
pub fn both_forms_hold(
    forms: &Forms<'_>,
    (memory, size): (usize, u64),
    cases: &[Case],
) -> Result<(), HostError> {
    let packed = forms.packed()?;
    for wasm in [&forms.built()?, packed.path()] {
        agree_everywhere(forms.program, wasm, memory, cases)?;
        assert_allowed_imports(wasm)?;
        let bytes = crate::read(wasm)?.len() as u64;
        assert!(bytes <= size, "{}: {bytes} bytes", wasm.display());
    }
    Ok(())
}

/// Where the forms of one module come from.
#[derive(Debug, Clone, Copy)]
pub struct Forms<'a> {
    /// The native program.
    pub program: &'a Path,
    /// Folder of the inference crate.
    pub folder: &'a str,
    /// A folder right below the target folder, as Cargo names it to tests.
    pub temporary: &'a str,
    /// The model file.
    pub model: &'a [u8],
}

impl Forms<'_> {
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

/// [`agree`]s in the embedded host, in wasmtime with `memory` bytes, and in Node, as far as they are
/// installed, on the module `wasm`.
fn agree_everywhere(
    program: &Path,
    wasm: &Path,
    memory: usize,
    cases: &[Case],
) -> Result<(), HostError> {
    let module = crate::Embedded::open(wasm)?;
    agree(program, cases, |request| module.run(request).map(Some))?;
    agree(program, cases, |request| {
        crate::wasmtime(wasm, Some(memory), request)
    })?;
    agree(program, cases, |request| crate::node(wasm, request))
}

/// Checks that `wasm` asks its host for arguments, standard streams and exit, and nothing else.
///
/// # Errors
///
/// If it is no module.
///
/// # Panics
///
/// If it asks for more, or less.
pub fn assert_allowed_imports(wasm: &Path) -> Result<(), HostError> {
    let inspection = pack::inspect(&crate::read(wasm)?)?;
    assert_eq!(inspection.imports, pack::ALLOWED_IMPORTS);
    Ok(())
}

/// Checks that `wasm` needs as much memory for 10 times `line`, and as many bad lines, as for 1,000,
/// and returns how much that is, in bytes.
///
/// # Errors
///
/// If it is no module.
///
/// # Panics
///
/// If memory grows, or a line is not answered.
pub fn memory_along_a_stream(wasm: &Path, line: &str) -> Result<Option<usize>, HostError> {
    let module = crate::Embedded::open(wasm)?;
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
    Ok(memory[0])
}
