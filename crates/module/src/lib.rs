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

mod command;
mod hint;
pub mod host;
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
