//! Looks into modules.

use model::{hexadecimal, sha256};
use sha3::{Digest, Sha3_256};
use wasmparser::{DataKind, Operator, Parser, Payload};

use crate::component::unwrap;
use crate::runners::{COCOS_RUNNERS, LIBRARY_RUNNERS, RUNNERS};
use crate::write::{entry, slot};
use crate::{PAGE, PackError};

/// All that a module may ask of its host, sorted: arguments, standard streams and exit.
pub const ALLOWED_IMPORTS: [&str; 5] = [
    "wasi_snapshot_preview1.args_get",
    "wasi_snapshot_preview1.args_sizes_get",
    "wasi_snapshot_preview1.fd_read",
    "wasi_snapshot_preview1.fd_write",
    "wasi_snapshot_preview1.proc_exit",
];

/// What a module of the form for Cocos may ask as well: to open `result.txt` in the folder that it is given.
pub const COCOS_IMPORT: &str = "wasi_snapshot_preview1.path_open";

/// What a module is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// What it can ask of its host, as `module.name`, sorted.
    pub imports: Vec<String>,
    /// Linear memory at the start, in bytes.
    pub memory: u64,
    /// SHA-256 of the whole module, in hexadecimal.
    pub sha256: String,
    /// SHA3-256 of the whole module, in hexadecimal.
    pub sha3_256: String,
    /// The runner of this program whose code is in the module, if it is one of them.
    pub runner: Option<&'static str>,
    /// The bytes of the model, if the module was packed.
    pub model: Option<Vec<u8>>,
}

/// Looks into the module `wasm`, or the one in a component.
///
/// # Errors
///
/// If it is no Wasm module, or a component that is not of this project.
pub fn inspect(wasm: &[u8]) -> Result<Inspection, PackError> {
    let (mut imports, mut memory, mut segments) = (Vec::new(), 0, Vec::new());
    let module = unwrap(wasm)?;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    imports.push(format!("{}.{}", import.module, import.name));
                }
            }
            Payload::MemorySection(section) => {
                for entry in section {
                    memory = entry?.initial.saturating_mul(PAGE);
                }
            }
            Payload::DataSection(section) => {
                for segment in section {
                    let segment = segment?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        continue;
                    };
                    if let Ok(Operator::I32Const { value }) =
                        offset_expr.get_operators_reader().read()
                    {
                        segments.push((value.cast_unsigned(), segment.data));
                    }
                }
            }
            _ => {}
        }
    }
    imports.sort_unstable();
    let entered = segments
        .iter()
        .find_map(|(_, data)| entry(data.get(slot(data)?..)?));
    let model = entered.and_then(|[address, length]| {
        let (_, data) = segments.iter().find(|(start, _)| *start == address)?;
        (data.len() == length as usize && length > 0).then(|| data.to_vec())
    });
    Ok(Inspection {
        imports,
        memory,
        sha256: sha256(wasm),
        sha3_256: hexadecimal(&Sha3_256::digest(wasm)),
        runner: runner(module)?,
        model,
    })
}

/// The runner that has the same code and tables as `wasm`.
fn runner(wasm: &[u8]) -> Result<Option<&'static str>, PackError> {
    let own = fixed_sections(wasm)?;
    for runner in (RUNNERS.iter())
        .chain(&COCOS_RUNNERS)
        .chain(&LIBRARY_RUNNERS)
    {
        if fixed_sections(runner.wasm)? == own {
            return Ok(Some(runner.name));
        }
    }
    Ok(None)
}

/// The sections that packing does not change, one after the other.
fn fixed_sections(wasm: &[u8]) -> Result<Vec<(u8, &[u8])>, PackError> {
    let mut sections = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let changes = matches!(
            payload,
            Payload::MemorySection(_) | Payload::DataSection(_) | Payload::CustomSection(_)
        );
        if let (false, Some((id, range))) = (changes, payload.as_section()) {
            sections.push((id, wasm.get(range).unwrap_or_default()));
        }
    }
    Ok(sections)
}
