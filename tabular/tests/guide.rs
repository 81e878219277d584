//! The guide's commands, as printed.

#![cfg(unix)]

use std::path::Path;

#[test]
fn the_guides_commands_work_as_printed() {
    let program = Path::new(env!("CARGO_BIN_EXE_tabular-flex"));
    testing::guide::follow("A table: penguins", program, &str::to_owned);
}
