//! The component around every library: types and names of functions, without the library itself.

use std::path::Path;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Reencode, utils};
use wasm_encoder::{Encode, ExportKind, ExportSection, Module};
use wasmparser::{ExportSectionReader, Parser};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::{ManglingAndAbi, Resolve};

/// Where a component finds the memory of its module, by the rules of the component model's build targets:
/// <https://github.com/WebAssembly/component-model/blob/main/design/mvp/BuildTargets.md>.
const MEMORY: &str = "cm32p2_memory";

/// An empty module.
const EMPTY: [u8; 8] = *b"\0asm\x01\0\0\0";

/// Makes a component of the world in the folder `wit`, with an empty module in place of the library.
///
/// # Errors
///
/// If the world cannot be read.
pub fn around_nothing(wit: &Path) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(wit)?;
    let world = resolve.select_world(&[package], Some("classifier"))?;
    let mut module = dummy_module(&resolve, world, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
    let mut encoder = ComponentEncoder::default().validate(true).module(&module)?;
    let component = encoder.encode()?;
    // The module is replaced by an empty one, as `pack` replaces that by a library.
    let module = module_in(&component).context("there is no module in the component")?;
    let mut length = Vec::new();
    module.len().encode(&mut length);
    let mut emptied = component[..module.start - length.len()].to_vec();
    EMPTY[..].encode(&mut emptied);
    emptied.extend(&component[module.end..]);
    Ok(emptied)
}

/// The place of the module in `component`.
fn module_in(component: &[u8]) -> Option<std::ops::Range<usize>> {
    Parser::new(0)
        .parse_all(component)
        .find_map(|payload| match payload {
            Ok(wasmparser::Payload::ModuleSection {
                unchecked_range, ..
            }) => Some(unchecked_range),
            _ => None,
        })
}

/// `library` with its memory exported under the name by which a component finds it as well; the linker gives it only one.
///
/// # Errors
///
/// If it is no module.
pub fn with_memory(library: &[u8]) -> Result<Vec<u8>> {
    struct Names;
    impl Reencode for Names {
        type Error = std::convert::Infallible;

        fn parse_export_section(
            &mut self,
            exports: &mut ExportSection,
            section: ExportSectionReader<'_>,
        ) -> Result<(), wasm_encoder::reencode::Error<Self::Error>> {
            utils::parse_export_section(self, exports, section)?;
            exports.export(MEMORY, ExportKind::Memory, 0);
            Ok(())
        }
    }
    let mut module = Module::new();
    let parsed = Names.parse_core_module(&mut module, Parser::new(0), library);
    parsed.map_err(|error| anyhow::anyhow!("the library cannot be read: {error}"))?;
    Ok(module.finish())
}
