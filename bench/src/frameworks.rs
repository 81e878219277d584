//! Python, for the scripts with frameworks.

use std::ffi::OsString;

/// Names the Python to use.
const VARIABLE: &str = "PYTHON";

/// The Python to run scripts with.
pub fn python() -> OsString {
    std::env::var_os(VARIABLE).unwrap_or_else(|| "python3".into())
}
