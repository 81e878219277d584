//! From a library to a component, and back.
//!
//! A component is a list of sections behind a preamble, as a module is; one of them is a whole module. The rest, types
//! and names of functions, is the same for every model, so that it is built once.
//!
//! <https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md>

use crate::PackError;
use crate::runners::COMPONENT;

/// What components begin with: the letters of a module, and other numbers.
const PREAMBLE: [u8; 8] = *b"\0asm\x0d\0\x01\0";
/// A section with a module that is empty.
const EMPTY_MODULE: [u8; 10] = *b"\x01\x08\0asm\x01\0\0\0";
/// The number of a section with a module.
const MODULE: u8 = 1;

/// A component around `library`.
pub fn wrap(library: &[u8]) -> Result<Vec<u8>, PackError> {
    let mut places = COMPONENT.windows(EMPTY_MODULE.len());
    let place = places.position(|bytes| *bytes == EMPTY_MODULE);
    let (before, behind) = place
        .and_then(|place| COMPONENT.split_at_checked(place))
        .ok_or(PackError::Layout("the component has no place for a module"))?;
    let mut component = before.to_vec();
    component.push(MODULE);
    wasm_encoder::Encode::encode(library, &mut component);
    component.extend(behind.iter().skip(EMPTY_MODULE.len()));
    Ok(component)
}

/// The library in `wasm`, if that is a component; otherwise `wasm` itself.
///
/// # Errors
///
/// If it is a component that [`wrap`] does not make: it could contain anything.
pub fn unwrap(wasm: &[u8]) -> Result<&[u8], PackError> {
    let Some(rest) = wasm.strip_prefix(&PREAMBLE) else {
        return Ok(wasm);
    };
    let library = first_module(rest).unwrap_or_default();
    match wrap(library)? == wasm {
        true => Ok(library),
        false => Err(PackError::Layout("a component that `pack` did not make")),
    }
}

/// The first module among these sections.
fn first_module(mut rest: &[u8]) -> Option<&[u8]> {
    while let [id, tail @ ..] = rest {
        let (length, tail) = number(tail)?;
        let (section, tail) = tail.split_at_checked(length)?;
        if *id == MODULE {
            return Some(section);
        }
        rest = tail;
    }
    None
}

/// The number at the start of `bytes`, in the variable-length form of Wasm, and the rest.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut number = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        number |= usize::from(byte & 0x7f).checked_shl(7 * index as u32)?;
        if byte & 0x80 == 0 {
            return Some((number, bytes.get(index + 1..)?));
        }
    }
    None
}
