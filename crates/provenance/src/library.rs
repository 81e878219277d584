use serde::{Deserialize, Serialize};

/// A crate that is compiled into a module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Library {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression.
    pub license: String,
    /// Whether it comes from crates.io; the others are this project's own, and the toolchain's.
    pub published: bool,
}

impl Library {
    /// Its [package URL](https://github.com/package-url/purl-spec), if it is published: an own crate may have the
    /// name of another on crates.io.
    #[must_use]
    pub fn purl(&self) -> Option<String> {
        let Self { name, version, .. } = self;
        // A `+` of a version begins nothing in a package URL, but has to be escaped.
        let version = version.replace('+', "%2B");
        self.published
            .then(|| format!("pkg:cargo/{name}@{version}"))
    }
}

/// Reads the list that `cargo xtask runners` writes beside the runners.
///
/// # Errors
///
/// If it is another file.
pub fn libraries(json: &str) -> Result<Vec<Library>, serde_json::Error> {
    serde_json::from_str(json)
}
