//! The parts of the bill of materials, as plain structures. <https://cyclonedx.org/docs/1.6/json/> says what they mean.

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Bill<'a> {
    pub bom_format: &'static str,
    pub spec_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial_number: Option<String>,
    pub version: u32,
    pub metadata: Metadata<'a>,
    pub components: Vec<Component<'a>>,
    pub dependencies: Vec<Dependency>,
}

#[derive(Serialize)]
pub struct Metadata<'a> {
    pub lifecycles: [Lifecycle; 1],
    pub tools: Tools<'a>,
    pub component: Component<'a>,
}

#[derive(Serialize)]
pub struct Lifecycle {
    pub phase: &'static str,
}

#[derive(Serialize)]
pub struct Tools<'a> {
    pub components: [Component<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Dependency {
    #[serde(rename = "ref")]
    pub reference: String,
    pub depends_on: Vec<String>,
}

/// Members without a value are left out, because the schema refuses some that are empty.
#[derive(Serialize, Default)]
pub struct Component<'a> {
    #[serde(rename = "type")]
    pub kind: &'static str,
    #[serde(rename = "mime-type", skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<&'static str>,
    #[serde(rename = "bom-ref")]
    pub reference: String,
    pub name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hashes: Vec<Hash<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub licenses: Vec<License<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
    #[serde(rename = "modelCard", skip_serializing_if = "Option::is_none")]
    pub model_card: Option<ModelCard<'a>>,
}

impl<'a> Component<'a> {
    pub fn new(kind: &'static str, reference: String, name: &'a str, version: &'a str) -> Self {
        Self {
            kind,
            reference,
            name,
            version,
            ..Self::default()
        }
    }
}

#[derive(Serialize)]
pub struct Hash<'a> {
    pub alg: &'static str,
    pub content: &'a str,
}

#[derive(Serialize)]
pub struct License<'a> {
    pub expression: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelCard<'a> {
    pub model_parameters: Parameters<'a>,
    pub quantitative_analysis: Analysis<'a>,
    pub considerations: Considerations<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameters<'a> {
    pub approach: Approach,
    pub task: &'a str,
    pub model_architecture: &'a str,
    pub datasets: Vec<Reference>,
    pub inputs: Vec<Format>,
    pub outputs: Vec<Format>,
}

#[derive(Serialize)]
pub struct Approach {
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[derive(Serialize)]
pub struct Reference {
    #[serde(rename = "ref")]
    pub reference: String,
}

#[derive(Serialize)]
pub struct Format {
    pub format: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Analysis<'a> {
    pub performance_metrics: Vec<Measure<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measure<'a> {
    #[serde(rename = "type")]
    pub kind: &'a str,
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence_interval: Option<Interval>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Interval {
    pub lower_bound: String,
    pub upper_bound: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Considerations<'a> {
    pub use_cases: &'a [String],
    pub technical_limitations: &'a [String],
}
