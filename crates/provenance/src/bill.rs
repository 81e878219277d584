//! `bom.json`.

use crate::cyclonedx::{
    Analysis, Approach, Bill, Component, Considerations, Dependency, Format, Hash, Interval,
    License, Lifecycle, Measure, Metadata, ModelCard, Parameters, Reference, Tools,
};
use crate::{Artifact, Card, Library, Metric};

const MODEL: &str = "model";

/// The bill of materials for the model and module of `card`.
///
/// # Errors
///
/// If it could not be written as JSON, which no card is known to cause.
pub fn bill(card: &Card) -> Result<Vec<u8>, serde_json::Error> {
    let modules = (card.modules.iter().enumerate()).map(|(index, file)| Component {
        mime_type: Some("application/wasm"),
        hashes: hashes(file),
        ..Component::new(
            "application",
            module_reference(index),
            &file.name,
            &card.version,
        )
    });
    let data = (card.data.iter().enumerate()).map(|(index, file)| Component {
        hashes: hashes(file),
        ..Component::new("data", data_reference(index), &file.name, "")
    });
    let libraries = card.libraries.iter().map(library);
    let parts = [MODEL.to_owned()].into_iter();
    let parts: Vec<_> = parts
        .chain(card.libraries.iter().map(library_reference))
        .collect();
    let first = card.modules.first();
    crate::json(&Bill {
        bom_format: "CycloneDX",
        spec_version: "1.6",
        serial_number: first.and_then(|module| serial_number(&module.sha256)),
        version: 1,
        metadata: Metadata {
            lifecycles: [Lifecycle { phase: "build" }],
            tools: Tools {
                components: [Component::new(
                    "application",
                    "trainer".into(),
                    &card.trainer.name,
                    &card.trainer.version,
                )],
            },
            component: Component {
                description: Some(&card.about),
                hashes: hashes(&card.model),
                licenses: licenses(card.license.as_deref()),
                model_card: Some(model_card(card)),
                ..Component::new(
                    "machine-learning-model",
                    MODEL.into(),
                    &card.name,
                    &card.version,
                )
            },
        },
        dependencies: (0..card.modules.len())
            .map(|index| Dependency {
                reference: module_reference(index),
                depends_on: parts.clone(),
            })
            .collect(),
        components: modules.chain(data).chain(libraries).collect(),
    })
}

fn model_card(card: &Card) -> ModelCard<'_> {
    let formats = |texts: &'_ [String]| {
        texts
            .iter()
            .map(|format| Format {
                format: format.clone(),
            })
            .collect()
    };
    ModelCard {
        model_parameters: Parameters {
            approach: Approach { kind: "supervised" },
            task: &card.task,
            model_architecture: &card.architecture,
            datasets: (0..card.data.len())
                .map(|index| Reference {
                    reference: data_reference(index),
                })
                .collect(),
            inputs: formats(&card.inputs),
            outputs: formats(&card.outputs),
        },
        quantitative_analysis: Analysis {
            performance_metrics: card.metrics.iter().map(measure).collect(),
        },
        considerations: Considerations {
            use_cases: &card.use_cases,
            technical_limitations: &card.limitations,
        },
    }
}

fn measure(metric: &Metric) -> Measure<'_> {
    Measure {
        kind: &metric.name,
        value: metric.value.to_string(),
        confidence_interval: metric.interval.map(|[lower, upper]| Interval {
            lower_bound: lower.to_string(),
            upper_bound: upper.to_string(),
        }),
    }
}

fn library(library: &Library) -> Component<'_> {
    Component {
        licenses: licenses(Some(&library.license)),
        purl: library.purl(),
        ..Component::new(
            "library",
            library_reference(library),
            &library.name,
            &library.version,
        )
    }
}

fn library_reference(library: &Library) -> String {
    format!("crate:{}@{}", library.name, library.version)
}

fn module_reference(index: usize) -> String {
    match index {
        0 => "module".into(),
        _ => format!("module:{index}"),
    }
}

/// Two files in two folders may have one name.
fn data_reference(index: usize) -> String {
    format!("data:{index}")
}

fn licenses(expression: Option<&str>) -> Vec<License<'_>> {
    let licenses = expression.map(|expression| License { expression });
    licenses.into_iter().collect()
}

fn hashes(file: &Artifact) -> Vec<Hash<'_>> {
    let sha3_256 = file.sha3_256.as_deref();
    let hashes = [
        ("SHA-256", Some(file.sha256.as_str())),
        ("SHA3-256", sha3_256),
    ];
    let known = hashes.into_iter();
    known
        .filter_map(|(alg, content)| {
            Some(Hash {
                alg,
                content: content?,
            })
        })
        .collect()
}

/// A UUID of version 8 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8)) of the module's
/// digest: bills of different modules have different ones.
fn serial_number(sha256: &str) -> Option<String> {
    let part = |range| sha256.get(range);
    Some(format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        part(0..8)?,
        part(8..12)?,
        part(12..15)?,
        part(15..18)?,
        part(18..30)?
    ))
}
