//! What a model's numbers mean.

use alloc::string::String;
use alloc::vec::Vec;

use crate::error::ModelError;
use crate::names::unique;
use crate::object::{object, strings, variant};

/// More decimal places than a float of this size has.
const MOST_DECIMALS: usize = 9;

/// The output of a model.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "write",
    derive(serde::Serialize),
    serde(rename_all = "snake_case")
)]
pub enum Output {
    /// The network gives the probability of each of these classes, in order.
    Classes(Vec<String>),
    /// The network gives a number.
    Number(NumberOutput),
}

/// A number in the data set's own unit, and the interval around it.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "write", derive(serde::Serialize))]
pub struct NumberOutput {
    /// What the number is, as JSON names it.
    pub name: String,
    /// Share of all cases whose true number lies in the interval, from 0 to 1.
    pub coverage: f32,
    /// Half of the interval's width.
    pub half_width: f32,
    /// Decimal places of the number where people read it.
    #[cfg_attr(feature = "write", serde(skip_serializing_if = "is_default"))]
    pub decimals: usize,
}

/// Decimal places where the file says nothing of them.
const DECIMALS: usize = 1;

#[cfg(feature = "write")]
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_default(decimals: &usize) -> bool {
    *decimals == DECIMALS
}

impl Output {
    /// How many numbers the network gives.
    #[must_use]
    pub fn numbers(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len(),
            Self::Number(_) => 1,
        }
    }

    /// Reads what the metadata says of it.
    #[inline(never)]
    pub(crate) fn read(json: &str) -> Result<Self, ModelError> {
        match variant(json, "output")? {
            ("classes", classes) => Ok(Self::Classes(strings(classes, "classes")?)),
            ("number", number) => {
                let number = object(number, "number")?;
                Ok(Self::Number(NumberOutput {
                    name: number.string("name")?,
                    coverage: number.number("coverage")?,
                    half_width: number.number("half_width")?,
                    decimals: number
                        .number("decimals")
                        .map_or(DECIMALS, |places| places as usize),
                }))
            }
            _ => Err(ModelError::Entry("output")),
        }
    }

    pub(crate) fn check(&self) -> Result<(), ModelError> {
        match self {
            Self::Classes(classes) => unique(&classes.iter().map(String::as_str)),
            Self::Number(number) => {
                let sound = (0.0..=1.0).contains(&number.coverage)
                    && (0.0..f32::INFINITY).contains(&number.half_width)
                    && number.decimals <= MOST_DECIMALS;
                match sound && !number.name.is_empty() {
                    true => Ok(()),
                    false => Err(ModelError::Range(number.name.clone())),
                }
            }
        }
    }
}
