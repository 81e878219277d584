//! How a value of a field becomes what the network takes.

use crate::error::ModelError;
use crate::object::{object, variant};

/// A transform, as a value: the model file holds its kind and its numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(
    feature = "write",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Transform {
    /// The number as it is.
    Identity,
    /// The natural logarithm, for quantities that range over orders of magnitude.
    Log,
    /// `(x − mean) / std_dev`.
    Standardise {
        /// Mean of the training rows.
        mean: f32,
        /// Their standard deviation.
        std_dev: f32,
    },
    /// A number for each category: 1 for the one that it is, 0 for the others.
    OneHot,
}

impl Transform {
    /// What the network takes for `number`. One-hot codes are not made of numbers: it is left as it is.
    #[must_use]
    pub fn apply(self, number: f32) -> f32 {
        match self {
            Self::Identity | Self::OneHot => number,
            Self::Log => libm::logf(number),
            Self::Standardise { mean, std_dev } => (number - mean) / std_dev,
        }
    }

    /// Reads what the metadata says of it.
    #[inline(never)]
    pub(crate) fn read(json: &str) -> Result<Self, ModelError> {
        match variant(json, "transform")? {
            ("identity", _) => Ok(Self::Identity),
            ("log", _) => Ok(Self::Log),
            ("standardise", numbers) => {
                let numbers = object(numbers, "transform")?;
                Ok(Self::Standardise {
                    mean: numbers.number("mean")?,
                    std_dev: numbers.number("std_dev")?,
                })
            }
            ("one_hot", _) => Ok(Self::OneHot),
            _ => Err(ModelError::Entry("transform")),
        }
    }

    /// Whether it gives a finite number for every number from `minimum` up.
    pub(crate) fn is_finite_from(self, minimum: f32) -> bool {
        match self {
            Self::Identity => true,
            Self::Log => minimum > 0.0,
            Self::Standardise { mean, std_dev } => {
                mean.is_finite() && std_dev.is_finite() && std_dev > 0.0
            }
            Self::OneHot => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The format rests on these bits.
    #[test]
    fn golden_values() {
        for (transform, number, bits) in [
            (Transform::Identity, 0.1, 0x3dcc_cccd_u32),
            (Transform::OneHot, 0.1, 0x3dcc_cccd),
            (Transform::Log, 1.0, 0),
            (Transform::Log, 0.076, 0xc024_edee),
            (Transform::Log, 300.0, 0x40b6_8563),
            (
                Transform::Standardise {
                    mean: 5.5,
                    std_dev: 0.3,
                },
                5.8,
                0x3f80_0005,
            ),
        ] {
            let found = transform.apply(number).to_bits();
            assert_eq!(found, bits, "{transform:?} {number} {found:#x}");
        }
    }

    #[test]
    fn what_would_give_no_number_is_told() {
        let standardise = |mean, std_dev| Transform::Standardise { mean, std_dev };
        assert!(Transform::Identity.is_finite_from(-1.0));
        assert!(Transform::Log.is_finite_from(1e-3));
        assert!(!Transform::Log.is_finite_from(0.0));
        assert!(standardise(1.0, 2.0).is_finite_from(-1.0));
        assert!(!standardise(1.0, 0.0).is_finite_from(-1.0));
        assert!(!standardise(1.0, -2.0).is_finite_from(-1.0));
        assert!(!standardise(1.0, f32::INFINITY).is_finite_from(-1.0));
        assert!(!standardise(f32::NAN, 1.0).is_finite_from(-1.0));
        assert!(!Transform::OneHot.is_finite_from(1.0));
    }
}
