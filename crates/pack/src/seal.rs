//! Takes from a program all that a module may not ask of its host.

use core::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{CodeSection, Function, FunctionSection, ImportSection, MemArg, Module};
use wasmparser::{
    CodeSectionReader, FunctionSectionReader, ImportSectionReader, Parser, Payload, TypeRef,
    Validator,
};

use crate::{ALLOWED_IMPORTS, PackError};

/// WASI's numbers of errors: a descriptor that is not open, and something that is not permitted.
const BADF: i32 = 8;
const NOTCAPABLE: i32 = 76;

/// Makes a program that asks no more of its host than a module does ([`ALLOWED_IMPORTS`]): what else it imports becomes
/// a function of its own. For such a program there are no folders, no variables, no time (every clock says 0) and
/// nothing random. The rest of its code stays as it is.
///
/// # Errors
///
/// If `program` is no Wasm module, or imports something else than functions of WASI.
pub fn seal(program: &[u8]) -> Result<Vec<u8>, PackError> {
    let mut seal = Seal::of(program)?;
    let mut module = Module::new();
    seal.parse_core_module(&mut module, Parser::new(0), program)
        .map_err(|error| match error {
            Error::ParseError(error) => PackError::Wasm(error),
            _ => PackError::Layout("it cannot be written again"),
        })?;
    let sealed = module.finish();
    // A function with another type than WASI's would show here.
    Validator::new().validate_all(&sealed)?;
    Ok(sealed)
}

/// An imported function.
struct Imported {
    name: String,
    /// Index of its type.
    of_type: u32,
    is_kept: bool,
}

/// The imported functions, in order.
struct Seal(Vec<Imported>);

impl Seal {
    fn of(program: &[u8]) -> Result<Self, PackError> {
        let mut imported = Vec::new();
        for payload in Parser::new(0).parse_all(program) {
            let Payload::ImportSection(section) = payload? else {
                continue;
            };
            for import in section.into_imports() {
                let import = import?;
                let TypeRef::Func(of_type) = import.ty else {
                    return Err(PackError::Layout("it imports more than functions"));
                };
                let name = format!("{}.{}", import.module, import.name);
                imported.push(Imported {
                    is_kept: ALLOWED_IMPORTS.contains(&name.as_str()),
                    name,
                    of_type,
                });
            }
        }
        Ok(Self(imported))
    }

    fn replaced(&self) -> impl Iterator<Item = &Imported> {
        self.0.iter().filter(|import| !import.is_kept)
    }
}

/// Imports come first among all functions: those that stay, and behind them the new functions, take their places.
impl Reencode for Seal {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let Some(import) = self.0.get(function as usize) else {
            return Ok(function);
        };
        let before = self.0.iter().take(function as usize);
        let alike = before.filter(|other| other.is_kept == import.is_kept);
        let first = match import.is_kept {
            true => 0,
            false => self.0.iter().filter(|import| import.is_kept).count(),
        };
        Ok((first + alike.count()) as u32)
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for (import, known) in section.into_imports().zip(&self.0) {
            let import = import?;
            if known.is_kept {
                let of_type = wasm_encoder::EntityType::Function(known.of_type);
                imports.import(import.module, import.name, of_type);
            }
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in self.replaced() {
            functions.function(import.of_type);
        }
        utils::parse_function_section(self, functions, section)
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in self.replaced() {
            code.function(&answer(&import.name));
        }
        utils::parse_code_section(self, code, section)
    }
}

/// What the function `name` of WASI becomes.
fn answer(name: &str) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    let zero_at = |offset, align| MemArg {
        offset,
        align,
        memory_index: 0,
    };
    let result = match name.trim_start_matches("wasi_snapshot_preview1.") {
        "clock_time_get" => {
            code.local_get(2).i64_const(0).i64_store(zero_at(0, 3));
            0
        }
        "environ_sizes_get" => {
            for counter in [0, 1] {
                code.local_get(counter)
                    .i32_const(0)
                    .i32_store(zero_at(0, 2));
            }
            0
        }
        // The memory is left as it is: the same in each run.
        "random_get" | "sched_yield" => 0,
        // This is how a program learns that there are no more folders.
        "fd_prestat_get" => BADF,
        _ => NOTCAPABLE,
    };
    code.i32_const(result).end();
    function
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect;

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(matches!(seal(b"no module"), Err(PackError::Wasm(_))));
    }

    #[test]
    fn a_module_that_asks_for_no_more_keeps_its_code() {
        let runner = crate::RUNNERS[0].wasm;
        let sealed = seal(runner).unwrap();
        assert_eq!(
            inspect(&sealed).unwrap().imports,
            inspect(runner).unwrap().imports
        );
    }

    #[test]
    fn a_module_for_cocos_can_be_sealed() {
        let runner = crate::COCOS_RUNNERS[0].wasm;
        let sealed = inspect(&seal(runner).unwrap()).unwrap();
        assert_eq!(sealed.imports, ALLOWED_IMPORTS);
    }
}
