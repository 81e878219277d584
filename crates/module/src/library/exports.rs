//! What a library exports, and the memory that hosts put inputs into.

#![allow(unsafe_code, reason = "a host gives addresses of memory")]
#![allow(
    clippy::cast_ptr_alignment,
    clippy::declare_interior_mutable_const,
    reason = "blocks are aligned for their size; the constant is the start of one static"
)]

use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::panic::PanicInfo;

use super::Library;

// It has `memcmp`, which the compiler calls.
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
    pub const NONE: Self = Self(UnsafeCell::new(None));

    /// The library, which `make` makes at the first call.
    ///
    /// # Safety
    ///
    /// What it gave before is no longer in use.
    #[allow(
        clippy::mut_from_ref,
        reason = "calls do not overlap: a library imports nothing that could call it"
    )]
    pub unsafe fn get(&self, make: fn() -> Library) -> &mut Library {
        // SAFETY: the caller's.
        unsafe { &mut *self.0.get() }.get_or_insert_with(make)
    }
}

/// `length` items at `address`, which the host has written there; `None` if no items can lie there.
///
/// # Safety
///
/// There is so much memory, and nothing changes it while the items are in use.
pub unsafe fn items<'a, T>(address: *const T, length: usize) -> Option<&'a [T]> {
    if length == 0 {
        return Some(&[]);
    }
    if address.is_null() || !address.is_aligned() {
        return None;
    }
    // SAFETY: the caller's.
    Some(unsafe { core::slice::from_raw_parts(address, length) })
}

/// `size` bytes of memory; null if there are no more.
pub fn allocate(size: usize) -> *mut u8 {
    let Some(whole) = size.checked_add(ALIGNMENT).and_then(layout) else {
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

/// Gives back what [`allocate`] gave. Its size stands before it, so that a host cannot be wrong about it. Null does nothing.
///
/// # Safety
///
/// It came from [`allocate`], and is given back once.
pub unsafe fn release(address: *mut u8) {
    if address.is_null() {
        return;
    }
    // SAFETY: the caller's; `allocate` has written the size there.
    unsafe {
        let start = address.sub(ALIGNMENT);
        if let Some(whole) = layout(start.cast::<usize>().read() + ALIGNMENT) {
            alloc::alloc::dealloc(start, whole);
        }
    }
}

/// Moves a block of `old_size` bytes, if there is one, to one of `size` bytes, as the component model asks for memory. It
/// traps if there is no more memory.
///
/// # Safety
///
/// If `old_size` is not 0, `address` came from here or from [`allocate`] with this size, and is not used any more.
pub unsafe fn reallocate(address: *mut u8, old_size: usize, size: usize) -> *mut u8 {
    // Of nothing, any address that is aligned will do. It is not given back.
    let mut new = core::ptr::without_provenance_mut(ALIGNMENT);
    if size > 0 {
        new = allocate(size);
        if new.is_null() {
            core::arch::wasm32::unreachable()
        }
    }
    if old_size > 0 {
        // SAFETY: both blocks have so many bytes, and are different ones; the rest is the caller's.
        unsafe {
            new.copy_from_nonoverlapping(address, old_size.min(size));
            release(address);
        }
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
