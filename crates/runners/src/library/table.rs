//! The library form of the runner for models of tables: `pack --library` puts a model into it.

#![cfg_attr(target_os = "wasi", no_std)]

module::library!(runtime::Table);
