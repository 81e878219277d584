//! The description of a model's input: named numbers with units and physical ranges, the pixels of an
//! image, or a text.

use alloc::string::String;
use alloc::vec::Vec;

/// One number of a model's input.
///
/// A table of fields is the single source for the module's JSON names and range checks, its
/// `--help`, its `--describe`, and the column order that the trainer feeds to the network.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Name in the module's JSON input.
    pub name: &'static str,
    /// Unit of measurement.
    pub unit: &'static str,
    /// Smallest physically possible value, inclusive.
    pub minimum: f32,
    /// Largest physically possible value, inclusive.
    pub maximum: f32,
    /// What the number measures, in a few words.
    pub description: &'static str,
    /// The number that the network takes for it.
    pub scaled: fn(f32) -> f32,
}

impl Field {
    /// For a field that the network takes as it is.
    pub const AS_IT_IS: fn(f32) -> f32 = |number| number;
}

/// A grey image as a model's input: whole numbers from 0, row by row.
#[derive(Debug, Clone, Copy)]
pub struct Image {
    /// Height, in pixels.
    pub height: usize,
    /// Width, in pixels.
    pub width: usize,
    /// Largest value of a pixel.
    pub maximum: u32,
    /// What a pixel measures, in a few words.
    pub unit: &'static str,
    /// The number that the network takes for a pixel.
    pub scaled: fn(f32) -> f32,
}

/// A text as a model's input: a list of features, such as words and pairs of words, as numbers from
/// 0. A network takes each plus 1, and 0 for a slot that is left.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// What a text consists of. A plain string is the last part, with the others empty.
    pub parts: &'static [TextPart],
    /// How many features of a text there is room for; what is beyond is left out.
    pub slots: usize,
    /// How many features there are; below 2²⁴, up to which floats are exact.
    pub vocabulary: usize,
    /// Splits the parts into words. An empty word stands for a border.
    pub words: fn(&[String]) -> Vec<String>,
    /// Gives a feature for each word, below `vocabulary`, in order; an empty word has one as well.
    pub features: fn(&[String], &mut dyn FnMut(u32)),
}

/// A part of a text.
#[derive(Debug, Clone, Copy)]
pub struct TextPart {
    /// Name in the module's JSON input.
    pub name: &'static str,
    /// What it is, in a few words.
    pub description: &'static str,
}

/// Whether `names` are the names of `fields`, in order. Runs at compile time, to refuse a model
/// that was trained on another input than the module reads.
pub const fn names_match(fields: &[Field], names: &[&str]) -> bool {
    if fields.len() != names.len() {
        return false;
    }
    let mut i = 0;
    while i < names.len() {
        let (expected, name) = (fields[i].name.as_bytes(), names[i].as_bytes());
        if expected.len() != name.len() {
            return false;
        }
        let mut byte = 0;
        while byte < name.len() {
            if expected[byte] != name[byte] {
                return false;
            }
            byte += 1;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [Field; 2] = [field("length"), field("width")];

    const fn field(name: &'static str) -> Field {
        Field {
            name,
            unit: "cm",
            minimum: 0.0,
            maximum: 1.0,
            description: "",
            scaled: Field::AS_IT_IS,
        }
    }

    #[test]
    fn names_match_only_in_full_and_in_order() {
        assert!(names_match(&FIELDS, &["length", "width"]));
        assert!(!names_match(&FIELDS, &["width", "length"]));
        assert!(!names_match(&FIELDS, &["length"]));
        assert!(!names_match(&FIELDS, &["length", "widths"]));
        assert!(!names_match(&FIELDS, &["length", "depth"]));
    }
}
