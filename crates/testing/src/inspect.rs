use wasmi::{Engine, ExternType, Module};

use crate::HostError;

/// What a module asks of its host, and offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// Imports as `module.name`, sorted.
    pub imports: Vec<String>,
    /// Names of the exports, sorted.
    pub exports: Vec<String>,
    /// Linear memory at the start, in bytes.
    pub initial_memory: u64,
}

/// Bytes of a page of linear memory.
pub(crate) const PAGE: u64 = 65_536;

/// Reads the import and export sections of a module.
///
/// # Errors
///
/// If `wasm` is not a Wasm module.
pub fn inspect(wasm: &[u8]) -> Result<Inspection, HostError> {
    let module = Module::new(&Engine::default(), wasm)?;
    let mut imports: Vec<_> = module
        .imports()
        .map(|import| format!("{}.{}", import.module(), import.name()))
        .collect();
    imports.sort_unstable();
    let mut exports: Vec<_> = module
        .exports()
        .map(|export| export.name().to_owned())
        .collect();
    exports.sort_unstable();
    let initial_memory = module.exports().find_map(|export| match export.ty() {
        ExternType::Memory(memory) => Some(memory.minimum() * PAGE),
        _ => None,
    });
    Ok(Inspection {
        imports,
        exports,
        initial_memory: initial_memory.unwrap_or_default(),
    })
}
