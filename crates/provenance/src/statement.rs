//! `provenance.json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::Artifact;

/// How the subjects were made, and what the parameters mean: a trainer of this project was run with the settings and
/// the seed on the data, and its model was put into the runner. A name, not an address: there is nothing to be
/// fetched.
pub const BUILD_TYPE: &str = "urn:burn-algorithms:training:v1";

/// What a trainer is called as a builder: its name follows.
const BUILDER: &str = "urn:burn-algorithms:trainer:";

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const PREDICATE: &str = "https://slsa.dev/provenance/v1";

/// A program that trains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its name, such as `iris-flex`.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The program as a file, where it is known.
    pub file: Option<Artifact>,
}

/// A run of a trainer.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What it made, such as the model and the module.
    pub subjects: Vec<Artifact>,
    /// The trainer.
    pub trainer: Program,
    /// The programs without a model that the model was put into.
    pub runners: Vec<Artifact>,
    /// The files of the data set.
    pub data: Vec<Artifact>,
    /// The arguments on the command line. Folders of this computer do not belong here: they make the same run give
    /// other bytes, and tell where somebody works.
    pub arguments: Vec<String>,
    /// All settings.
    pub settings: BTreeMap<String, Value>,
    /// The seed of all random numbers.
    pub seed: u64,
    /// The command that does the run again, where there is one.
    pub reproduce: Option<String>,
}

/// The statement about `run`: an in-toto statement with SLSA provenance.
///
/// # Errors
///
/// If it could not be written as JSON, which no run is known to cause.
pub fn statement(run: &Run) -> Result<Vec<u8>, serde_json::Error> {
    let mut settings = run.settings.clone();
    // Their order would depend on a feature of serde_json that other crates turn on.
    settings.values_mut().for_each(Value::sort_all_objects);
    let Program {
        name,
        version,
        file,
    } = &run.trainer;
    let trainer = file.iter().map(|file| Resource::with_role(file, "trainer"));
    let data = run
        .data
        .iter()
        .map(|file| Resource::with_role(file, "data"));
    let runners = (run.runners.iter()).map(|file| Resource::with_role(file, "runner"));
    crate::json(&Statement {
        kind: STATEMENT,
        subject: run.subjects.iter().map(Resource::new).collect(),
        predicate_type: PREDICATE,
        predicate: Predicate {
            build_definition: BuildDefinition {
                build_type: BUILD_TYPE,
                external_parameters: ExternalParameters {
                    trainer: name,
                    arguments: &run.arguments,
                    seed: run.seed,
                    settings,
                },
                internal_parameters: run
                    .reproduce
                    .as_deref()
                    .map(|reproduce| InternalParameters { reproduce }),
                resolved_dependencies: data.chain(trainer).chain(runners).collect(),
            },
            run_details: RunDetails {
                builder: Builder {
                    id: format!("{BUILDER}{name}"),
                    version: [(name.as_str(), version.as_str())].into(),
                },
            },
        },
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'a> {
    #[serde(rename = "_type")]
    kind: &'static str,
    subject: Vec<Resource<'a>>,
    predicate_type: &'static str,
    predicate: Predicate<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Predicate<'a> {
    build_definition: BuildDefinition<'a>,
    run_details: RunDetails<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BuildDefinition<'a> {
    build_type: &'static str,
    external_parameters: ExternalParameters<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    internal_parameters: Option<InternalParameters<'a>>,
    resolved_dependencies: Vec<Resource<'a>>,
}

#[derive(Serialize)]
struct ExternalParameters<'a> {
    trainer: &'a str,
    arguments: &'a [String],
    seed: u64,
    settings: BTreeMap<String, Value>,
}

#[derive(Serialize)]
struct InternalParameters<'a> {
    reproduce: &'a str,
}

#[derive(Serialize)]
struct RunDetails<'a> {
    builder: Builder<'a>,
}

#[derive(Serialize)]
struct Builder<'a> {
    id: String,
    version: BTreeMap<&'a str, &'a str>,
}

/// in-toto's `ResourceDescriptor`.
#[derive(Serialize)]
struct Resource<'a> {
    name: &'a str,
    digest: Digests<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<Annotations>,
}

/// in-toto's `DigestSet`, with its names of the algorithms.
#[derive(Serialize)]
struct Digests<'a> {
    sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha3_256: Option<&'a str>,
}

#[derive(Serialize)]
struct Annotations {
    role: &'static str,
}

impl<'a> Resource<'a> {
    fn new(file: &'a Artifact) -> Self {
        Self {
            name: &file.name,
            digest: Digests {
                sha256: &file.sha256,
                sha3_256: file.sha3_256.as_deref(),
            },
            annotations: None,
        }
    }

    fn with_role(file: &'a Artifact, role: &'static str) -> Self {
        Self {
            annotations: Some(Annotations { role }),
            ..Self::new(file)
        }
    }
}
