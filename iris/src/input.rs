//! The input of the network, and of the module: four lengths in centimetres.

use inference::schema::Field;

/// The measurements, in the order of the data set.
///
/// The flowers of the data set lie between 0.1 and 7.9 cm. The limits leave room for any iris that
/// grows, and refuse what can only be another unit or a slip.
pub const FIELDS: &[Field] = &[
    length("sepal_length", "length of an outer petal, the sepal"),
    length("sepal_width", "width of the sepal"),
    length("petal_length", "length of an inner petal"),
    length("petal_width", "width of the petal"),
];

const fn length(name: &'static str, description: &'static str) -> Field {
    Field {
        name,
        unit: "cm",
        minimum: 0.1,
        maximum: 20.0,
        description,
        scaled: Field::AS_IT_IS,
    }
}
