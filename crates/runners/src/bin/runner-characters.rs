//! The runner for models of texts as characters: `pack` puts a model into it.

#![cfg_attr(target_os = "wasi", no_std, no_main)]

module::runner!(runtime::Characters);
