//! What is measured of a wine.

use model::Transform;

use crate::measurement::Measurement;

/// The measurements, in the order of the data set.
///
/// The limits leave room for any wine, and refuse what can only be another unit or a slip: the wines
/// of the data sets, red and white, lie well inside.
pub const FIELDS: [Measurement; 11] = [
    field(
        "fixed_acidity",
        "g/L of tartaric acid",
        [1.0, 30.0],
        "acids that do not evaporate",
        Transform::Identity,
    ),
    field(
        "volatile_acidity",
        "g/L of acetic acid",
        [0.01, 5.0],
        "acids that do, as in vinegar",
        Transform::Log,
    ),
    field(
        "citric_acid",
        "g/L",
        [0.0, 5.0],
        "citric acid",
        Transform::Identity,
    ),
    field(
        "residual_sugar",
        "g/L",
        [0.1, 300.0],
        "sugar that is left after fermentation",
        Transform::Log,
    ),
    field(
        "chlorides",
        "g/L of sodium chloride",
        [0.001, 2.0],
        "salt",
        Transform::Log,
    ),
    field(
        "free_sulfur_dioxide",
        "mg/L",
        [0.5, 500.0],
        "sulfur dioxide that is not bound",
        Transform::Log,
    ),
    field(
        "total_sulfur_dioxide",
        "mg/L",
        [0.5, 1000.0],
        "sulfur dioxide, free and bound",
        Transform::Identity,
    ),
    field(
        "density",
        "g/cm³",
        [0.95, 1.1],
        "density",
        Transform::Identity,
    ),
    field(
        "pH",
        "on the pH scale",
        [2.0, 5.0],
        "acidity",
        Transform::Identity,
    ),
    field(
        "sulphates",
        "g/L of potassium sulphate",
        [0.05, 5.0],
        "sulphates",
        Transform::Log,
    ),
    field(
        "alcohol",
        "% by volume",
        [5.0, 20.0],
        "alcohol",
        Transform::Identity,
    ),
];

const fn field(
    name: &'static str,
    unit: &'static str,
    range: [f32; 2],
    description: &'static str,
    transform: Transform,
) -> Measurement {
    Measurement {
        name,
        unit,
        range,
        description,
        transform,
    }
}

/// The column with the target.
pub const QUALITY: &str = "quality";
