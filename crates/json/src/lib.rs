//! JSON without a tree: checks a text ([`SyntaxError`] says where it is wrong), walks its members and items, and
//! reads and shows numbers. Everything is borrowed from the text, so that messages can quote it as it was typed.
//!
//! A crate of its own because most of the time of a small model is spent here: it has its own level of optimisation.

#![no_std]

#[cfg(test)]
extern crate alloc;

mod plain;
mod shown;
pub mod syntax;
mod walk;

pub use plain::Plain;
pub use shown::{Count, Decimal, Shown};
pub use syntax::SyntaxError;
pub use walk::{Items, Members, count, is_number, items, last_comma, members, number, value};
