//! A measured number of a data set.

use model::{Field, Input, Transform, Values};

/// A measured number, and how a network takes it.
#[derive(Debug, Clone, Copy)]
pub struct Measurement {
    /// Name in a module's JSON input.
    pub name: &'static str,
    /// Unit of measurement.
    pub unit: &'static str,
    /// Smallest and largest physically possible value, inclusive.
    pub range: [f32; 2],
    /// What the number measures, in a few words.
    pub description: &'static str,
    /// How it becomes what the network takes.
    pub transform: Transform,
}

/// The input of a model that takes `measurements`.
#[must_use]
pub fn table(measurements: &[Measurement]) -> Input {
    let fields = measurements.iter().map(|measurement| Field {
        name: measurement.name.into(),
        unit: measurement.unit.into(),
        description: measurement.description.into(),
        values: Values::Number {
            minimum: measurement.range[0],
            maximum: measurement.range[1],
            training_minimum: None,
            training_maximum: None,
        },
        transform: measurement.transform,
    });
    Input::Table(fields.collect())
}
