//! The input of the network, and of the module: eleven physicochemical measurements.

use inference::schema::Field;

/// The measurements, in the order of the data set.
///
/// The limits leave room for any wine, and refuse what can only be another unit or a slip: the wines
/// of the data sets, red and white, lie well inside.
pub const FIELDS: &[Field] = &[
    field(
        "fixed_acidity",
        "g/L of tartaric acid",
        [1.0, 30.0],
        "acids that do not evaporate",
        as_it_is,
    ),
    field(
        "volatile_acidity",
        "g/L of acetic acid",
        [0.01, 5.0],
        "acids that do, as in vinegar",
        log,
    ),
    field("citric_acid", "g/L", [0.0, 5.0], "citric acid", as_it_is),
    field(
        "residual_sugar",
        "g/L",
        [0.1, 300.0],
        "sugar that is left after fermentation",
        log,
    ),
    field(
        "chlorides",
        "g/L of sodium chloride",
        [0.001, 2.0],
        "salt",
        log,
    ),
    field(
        "free_sulfur_dioxide",
        "mg/L",
        [0.5, 500.0],
        "sulfur dioxide that is not bound",
        log,
    ),
    field(
        "total_sulfur_dioxide",
        "mg/L",
        [0.5, 1000.0],
        "sulfur dioxide, free and bound",
        as_it_is,
    ),
    field("density", "g/cm³", [0.95, 1.1], "density", as_it_is),
    field("pH", "on the pH scale", [2.0, 5.0], "acidity", as_it_is),
    field(
        "sulphates",
        "g/L of potassium sulphate",
        [0.05, 5.0],
        "sulphates",
        log,
    ),
    field("alcohol", "% by volume", [5.0, 20.0], "alcohol", as_it_is),
];

const fn field(
    name: &'static str,
    unit: &'static str,
    [minimum, maximum]: [f32; 2],
    description: &'static str,
    scaled: fn(f32) -> f32,
) -> Field {
    Field {
        name,
        unit,
        minimum,
        maximum,
        description,
        scaled,
    }
}

fn as_it_is(number: f32) -> f32 {
    number
}

/// Of quantities that range over orders of magnitude, the ratio counts.
fn log(number: f32) -> f32 {
    libm::logf(number)
}
