//! Says where a model comes from and what is in its module, in the forms that others read.
//!
//! [`statement`] makes `provenance.json`: an [in-toto statement] of version 1 with [SLSA provenance] of version 1.
//! Its subjects are the model and the module; it names what they were made from, each file with its digests, and
//! all settings. [`bill`] makes `bom.json`: a [CycloneDX] 1.6 bill of materials with a model card and the crates
//! that are in the module.
//!
//! Both are functions of what the caller knows, without a clock and without a random number: the same run gives the
//! same bytes.
//!
//! [in-toto statement]: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
//! [SLSA provenance]: https://slsa.dev/spec/v1.0/provenance
//! [CycloneDX]: https://cyclonedx.org/docs/1.6/json/

mod artifact;
mod bill;
mod card;
mod cyclonedx;
mod library;
mod statement;

use serde::Serialize;

pub use artifact::Artifact;
pub use bill::bill;
pub use card::{Card, Metric};
pub use library::{Library, libraries};
pub use statement::{BUILD_TYPE, Program, Run, statement};

/// The name of the statement beside the model.
pub const PROVENANCE: &str = "provenance.json";
/// The name of the bill of materials beside the model.
pub const BILL: &str = "bom.json";

/// Laid-out JSON that ends with a line feed.
fn json(value: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut json = serde_json::to_vec_pretty(value)?;
    json.push(b'\n');
    Ok(json)
}
