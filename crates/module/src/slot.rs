//! The place in a runner that tells where its model is.
//!
//! A runner is built once, without a model. To make a module of it, the crate `pack` appends the model's
//! bytes as a data segment behind the runner's memory, and writes their address and length into the slot,
//! which it finds by its [`MAGIC`]. No code is added or changed.

/// What a slot begins with.
pub const MAGIC: [u8; 16] = *b"model goes here\0";

/// The version of the layout of a [`Slot`].
pub const VERSION: u32 = 1;

/// Where the model is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Slot {
    magic: [u8; 16],
    version: u32,
    /// Address of the first byte.
    address: u32,
    /// Number of bytes; 0 while there is no model.
    length: u32,
}

/// The slot of this program. It lies in memory as it is written here, and `pack` overwrites it in the
/// module's file.
#[used]
static SLOT: Slot = Slot {
    magic: MAGIC,
    version: VERSION,
    address: 0,
    length: 0,
};

/// The model's bytes, if the program has been packed with one.
#[must_use]
#[allow(
    unsafe_code,
    reason = "the compiler must not take the slot's contents for granted, and knows nothing of the segment"
)]
pub fn model() -> Option<&'static [u8]> {
    // SAFETY: a static of plain numbers is readable.
    let slot = unsafe { core::ptr::read_volatile(&raw const SLOT) };
    if slot.length == 0 {
        return None;
    }
    let start = core::ptr::with_exposed_provenance::<u8>(slot.address as usize);
    // SAFETY: `pack` has placed so many bytes there, which nothing else uses and nothing changes: they are
    // behind the memory that the program was linked with, and its heap grows behind them.
    Some(unsafe { core::slice::from_raw_parts(start, slot.length as usize) })
}

/// The address behind the model's last byte, if there is one.
#[must_use]
pub fn end() -> Option<usize> {
    model().map(|model| model.as_ptr_range().end.expose_provenance())
}
