use std::boxed::Box;
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

use crate::layers::{Layer, Linear, Relu, Softmax};

/// A layer that owns its weights. The layouts are those of [`layers`](crate::layers).
#[derive(Debug, Clone, PartialEq)]
pub enum FrozenLayer {
    /// [`Linear`].
    Linear {
        /// Shape `[inputs, outputs]`, row-major.
        weight: Vec<f32>,
        /// Shape `[outputs]`.
        bias: Vec<f32>,
    },
    /// [`Relu`].
    Relu,
    /// [`Softmax`].
    Softmax,
}

/// A weight of a layer.
pub(super) struct Weight<'a> {
    /// Name in the file and in the kernel.
    pub name: &'static str,
    /// Shape of the row-major values.
    pub shape: Vec<usize>,
    /// The values.
    pub values: &'a [f32],
}

impl<'a> Weight<'a> {
    fn vector(name: &'static str, values: &'a [f32]) -> Self {
        Self {
            name,
            shape: vec![values.len()],
            values,
        }
    }

    fn matrix(name: &'static str, values: &'a [f32], columns: usize) -> Self {
        Self {
            name,
            shape: vec![values.len() / columns.max(1), columns],
            values,
        }
    }
}

impl FrozenLayer {
    /// Name of the kind in the file.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Linear { .. } => "linear",
            Self::Relu => "relu",
            Self::Softmax => "softmax",
        }
    }

    /// Builds the layer of this kind from its weights, in the order of [`weights`](Self::weights),
    /// which `read` gives by name and shape. `None` if there is no such kind.
    pub(super) fn read<E>(
        kind: &str,
        inputs: usize,
        outputs: usize,
        mut read: impl FnMut(&'static str, Vec<usize>) -> Result<Vec<f32>, E>,
    ) -> Option<Result<Self, E>> {
        let mut layer = || {
            Ok(match kind {
                "linear" => Some(Self::Linear {
                    weight: read("weight", vec![inputs, outputs])?,
                    bias: read("bias", vec![outputs])?,
                }),
                "relu" => Some(Self::Relu),
                "softmax" => Some(Self::Softmax),
                _ => None,
            })
        };
        layer().transpose()
    }

    /// The weights, in the order in which they are stored.
    pub(super) fn weights(&self) -> Vec<Weight<'_>> {
        match self {
            Self::Linear { weight, bias } => vec![
                Weight::matrix("weight", weight, bias.len()),
                Weight::vector("bias", bias),
            ],
            Self::Relu | Self::Softmax => vec![],
        }
    }

    /// Number of weights.
    pub(super) fn parameters(&self) -> usize {
        match self {
            Self::Linear { weight, bias } => weight.len() + bias.len(),
            Self::Relu | Self::Softmax => 0,
        }
    }

    /// How many numbers come out if `inputs` go in, or what is wrong with the layer.
    pub(super) fn outputs(&self, inputs: usize) -> Result<usize, String> {
        for Weight { name, values, .. } in self.weights() {
            if !values.iter().all(|value| value.is_finite()) {
                return Err(format!("has a weight in `{name}` that is not finite"));
            }
        }
        match self {
            Self::Linear { weight, bias } => {
                if bias.is_empty() || weight.len() != inputs * bias.len() {
                    return Err(format!(
                        "has {} weights for {inputs} inputs and {} outputs",
                        weight.len(),
                        bias.len()
                    ));
                }
                Ok(bias.len())
            }
            Self::Relu | Self::Softmax => Ok(inputs),
        }
    }

    /// The kernel that computes the layer on `width` inputs.
    pub(super) fn kernel(&self, width: usize) -> Box<dyn Layer + '_> {
        match self {
            Self::Linear { weight, bias } => Box::new(Linear { weight, bias }),
            Self::Relu => Box::new(Relu { width }),
            Self::Softmax => Box::new(Softmax { width }),
        }
    }

    /// The kernel as a Rust expression, with each weight written by `weight`.
    pub(super) fn source(&self, width: usize, weight: impl Fn(Weight<'_>) -> String) -> String {
        let (kernel, mut fields) = match self {
            Self::Linear { .. } => ("Linear", vec![]),
            Self::Relu => ("Relu", vec![format!("width: {width}")]),
            Self::Softmax => ("Softmax", vec![format!("width: {width}")]),
        };
        for tensor in self.weights() {
            let name = tensor.name;
            fields.push(format!("{name}: {}", weight(tensor)));
        }
        format!("::inference::layers::{kernel} {{ {} }}", fields.join(", "))
    }
}
