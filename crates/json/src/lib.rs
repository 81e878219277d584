//! JSON without a tree: checks a text ([`SyntaxError`] says where it is wrong), walks its members and items, and
//! reads numbers. Everything is borrowed from the text, so that messages can quote it as it was typed.
//!
//! A crate of its own because most of the time of a small model is spent here: it is compiled for speed, where the
//! rest of a module is compiled for size.

#![no_std]

#[cfg(test)]
extern crate alloc;

pub mod syntax;
mod walk;

pub use syntax::SyntaxError;
pub use walk::{Items, Members, count, is_number, items, members, number, value};
