//! A measured number of a data set.

use model::{Excerpt, Field, Input, Transform, Values};

use crate::text_table::TextTable;

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

impl Measurement {
    /// The measurement in `cell` of `table`.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it, and what was expected.
    pub(crate) fn read(&self, table: &TextTable, cell: &str) -> Result<f32, String> {
        let Self {
            name,
            unit,
            range: [minimum, maximum],
            ..
        } = self;
        // No range has a NaN or an infinity in it.
        let number = table.number(cell);
        let in_range = number.filter(|number| (*minimum..=*maximum).contains(number));
        in_range.ok_or_else(|| {
            let cell = Excerpt::new(cell);
            let problem =
                format!("{name} is `{cell}`; expected a number from {minimum} to {maximum} {unit}");
            // A pH has no unit.
            problem.trim_end().to_owned()
        })
    }
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
