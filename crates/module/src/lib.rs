//! The command-line program around the runtime: what every module is.
//!
//! A module is a program for `wasm32-wasip1` with one model in it. [`program`](mod@program) reads the arguments or
//! standard input, gives each JSON value to the [`Runtime`](runtime::Runtime), and `print` writes the
//! answers. [`host`] is the only part that touches the outside world, through five WASI calls: two for
//! arguments, one to read, one to write, one to exit.
//!
//! A program gets its model in one of two ways. [`program!`] builds it in. The crate `runners` has a
//! [`slot`] instead, into which the crate `pack` writes a model without a compiler.
//!
//! On `wasm32-wasip1` the crate does without `std`: the standard library imports the environment
//! and adds 50 kB to a module.

#![no_std]

extern crate alloc;
#[cfg(any(not(target_os = "wasi"), feature = "std"))]
extern crate std;

mod answers;
mod command;
mod describe;
mod hint;
pub mod host;
pub mod library;
mod lines;
mod print;
pub mod program;
pub mod slot;

/// Re-exported for the macros.
#[doc(hidden)]
pub use runtime;

/// Bytes that are aligned as the weights of a model have to be. For the macros.
#[doc(hidden)]
#[repr(C, align(16))]
pub struct Aligned<T: ?Sized>(pub T);

/// Defines the entry point of a program with a model built in.
///
/// `$kind` is the [`Kind`](runtime::Kind) of its input, `$bytes` the bytes of its model file: a constant
/// array.
#[macro_export]
macro_rules! program {
    ($kind:ty, $bytes:expr) => {
        static MODEL: &$crate::Aligned<[u8]> = &$crate::Aligned($bytes);

        $crate::entry_point!(|host| $crate::program::run::<$kind>(&MODEL.0, host));
    };
}

/// Defines the entry point of a runner for the [`Kind`](runtime::Kind) of input `$kind`.
#[macro_export]
macro_rules! runner {
    ($kind:ty) => {
        $crate::entry_point!(|host| match $crate::slot::model() {
            Some(model) => $crate::program::run::<$kind>(model, host),
            None => $crate::program::without_model(host),
        });
    };
}

/// Defines what the library form of a module exports, for the [`Kind`](runtime::Kind) of input `$kind`.
///
/// The plain functions are for hosts that call a Wasm module; those with `cm32p2` in their names are what the component
/// model's build target of 32 bits calls them.
#[macro_export]
macro_rules! library {
    ($kind:ty) => {
        #[cfg(target_os = "wasi")]
        #[allow(unsafe_code, reason = "hosts call these symbols by name")]
        mod exported {
            use super::*;
            use $crate::library::{Library, List, Outcome, VERSION, exports};

            static LIBRARY: exports::Once = exports::Once::NONE;

            fn library() -> &'static mut Library {
                let make = || match $crate::slot::model() {
                    Some(model) => Library::new($crate::runtime::Runtime::open::<$kind>(model)),
                    None => Library::without_model(),
                };
                // SAFETY: every exported function takes it once, and lets it go at its end.
                unsafe { LIBRARY.get(make) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn library_version() -> u32 {
                VERSION
            }

            #[unsafe(no_mangle)]
            extern "C" fn alloc(size: usize) -> *mut u8 {
                exports::allocate(size)
            }

            #[unsafe(no_mangle)]
            extern "C" fn free(address: *mut u8) {
                // SAFETY: the contract: hosts give back what `alloc` gave them, once.
                unsafe { exports::release(address) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn predict(
                address: *const u8,
                length: usize,
                options: u32,
            ) -> *const Outcome {
                // SAFETY: the contract: hosts have written the input there.
                library().predict(unsafe { exports::items(address, length) }, options)
            }

            #[unsafe(no_mangle)]
            extern "C" fn predict_numbers(address: *const f32, count: usize) -> *const Outcome {
                // SAFETY: likewise.
                library().predict_numbers(unsafe { exports::items(address, count) })
            }

            #[unsafe(no_mangle)]
            extern "C" fn describe() -> *const Outcome {
                library().describe()
            }

            #[unsafe(no_mangle)]
            extern "C" fn input_numbers() -> usize {
                library().input_numbers()
            }

            #[unsafe(no_mangle)]
            extern "C" fn output_numbers() -> usize {
                library().output_numbers()
            }

            #[unsafe(export_name = "cm32p2||predict")]
            extern "C" fn component_predict(address: *mut u8, length: usize) -> *const u8 {
                answer(address, length, false)
            }

            #[unsafe(export_name = "cm32p2||explain")]
            extern "C" fn component_explain(address: *mut u8, length: usize) -> *const u8 {
                answer(address, length, true)
            }

            fn answer(address: *mut u8, length: usize, explain: bool) -> *const u8 {
                // SAFETY: the component model has written the input there, into memory from `realloc` if it is not empty.
                unsafe {
                    let input = exports::items(address, length).unwrap_or_default();
                    let answered = library().answer(input, explain);
                    if length > 0 {
                        exports::release(address);
                    }
                    answered
                }
            }

            #[unsafe(export_name = "cm32p2||describe")]
            extern "C" fn component_describe() -> *const List<u8> {
                library().description()
            }

            /// What an answer points to is kept, and written over at the next call.
            #[unsafe(export_name = "cm32p2||predict_post")]
            extern "C" fn component_predict_end(_: *const u8) {}

            #[unsafe(export_name = "cm32p2||explain_post")]
            extern "C" fn component_explain_end(_: *const u8) {}

            #[unsafe(export_name = "cm32p2||describe_post")]
            extern "C" fn component_describe_end(_: *const List<u8>) {}

            #[unsafe(export_name = "cm32p2_initialize")]
            extern "C" fn component_start() {}

            #[unsafe(export_name = "cm32p2_realloc")]
            extern "C" fn realloc(
                address: *mut u8,
                old_size: usize,
                _alignment: usize,
                size: usize,
            ) -> *mut u8 {
                // SAFETY: the rules of the component model.
                unsafe { exports::reallocate(address, old_size, size) }
            }
        }
    };
}

/// Defines the entry point of a binary: natively and on `wasm32-wasip1`, there with or without the standard
/// library. `$run` takes a host and returns the exit code.
#[doc(hidden)]
#[macro_export]
macro_rules! entry_point {
    (|$host:ident| $run:expr) => {
        #[cfg(not(target_os = "wasi"))]
        fn main() -> std::process::ExitCode {
            let $host: &mut dyn $crate::host::Host = &mut $crate::host::Standard;
            ($run).into()
        }

        /// What the target's start-up code calls.
        #[cfg(target_os = "wasi")]
        #[allow(unsafe_code, reason = "the start-up code calls this symbol by name")]
        #[unsafe(no_mangle)]
        extern "C" fn __main_void() -> i32 {
            let $host: &mut dyn $crate::host::Host = &mut $crate::host::Wasi;
            let code: u8 = $run;
            $crate::host::wasi::exit(code)
        }
    };
}
