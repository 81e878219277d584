//! What a library exports, and the memory that hosts put inputs into.

#![allow(unsafe_code, reason = "a host gives addresses of memory")]

use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::panic::PanicInfo;

use super::Library;

// Comparing memory is in it.
#[link(name = "c")]
unsafe extern "C" {}

/// What every address that a host is given is a multiple of.
const ALIGNMENT: usize = 16;

/// The library of a program, made at the first call.
pub struct Once(UnsafeCell<Option<Library>>);

// SAFETY: a library has one thread.
unsafe impl Sync for Once {}

impl Once {
    /// None yet.
    pub const fn new() -> Self {
        Self(UnsafeCell::new(None))
    }

    /// The library, which `make` makes at the first call.
    #[allow(
        clippy::mut_from_ref,
        reason = "calls do not overlap: a library imports nothing that could call it"
    )]
    pub fn get(&self, make: fn() -> Library) -> &mut Library {
        // SAFETY: each exported function takes it once, and calls do not overlap.
        unsafe { &mut *self.0.get() }.get_or_insert_with(make)
    }
}

/// `length` items at `address`, which the host has written there.
pub fn items<'a, T>(address: *const T, length: usize) -> &'a [T] {
    if length == 0 || address.is_null() || !address.is_aligned() {
        return &[];
    }
    // SAFETY: the host has got so much memory from `allocate`, and changes nothing during a call.
    unsafe { core::slice::from_raw_parts(address, length) }
}

/// `size` bytes of memory; null if there are no more.
pub fn allocate(size: usize) -> *mut u8 {
    let whole = size.checked_add(ALIGNMENT).and_then(layout);
    let Some(whole) = whole else {
        return core::ptr::null_mut();
    };
    // SAFETY: the layout has a size.
    let start = unsafe { alloc::alloc::alloc(whole) };
    if start.is_null() {
        return start;
    }
    // SAFETY: the block has room for its size and `size` bytes behind that, and is aligned for both.
    unsafe {
        start.cast::<usize>().write(size);
        start.add(ALIGNMENT)
    }
}

/// Gives back what [`allocate`] gave. Its size stands before it, so that a host cannot be wrong about it.
pub fn release(address: *mut u8) {
    if address.is_null() {
        return;
    }
    // SAFETY: it came from `allocate`, and is given back once.
    unsafe {
        let start = address.sub(ALIGNMENT);
        if let Some(whole) = layout(start.cast::<usize>().read() + ALIGNMENT) {
            alloc::alloc::dealloc(start, whole);
        }
    }
}

/// Moves what [`allocate`] gave, if anything, to a block of `size` bytes, as the component model asks for memory: without
/// an answer if there is none.
pub fn reallocate(address: *mut u8, old_size: usize, size: usize) -> *mut u8 {
    let new = allocate(size);
    if new.is_null() {
        core::arch::wasm32::unreachable()
    }
    if !address.is_null() {
        // SAFETY: both blocks have so many bytes, and are different ones.
        unsafe { new.copy_from_nonoverlapping(address, old_size.min(size)) };
        release(address);
    }
    new
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size, ALIGNMENT).ok()
}

/// A panic is a defect of the library; without imports, all it can do is to trap.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
