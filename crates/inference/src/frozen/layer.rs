use std::boxed::Box;
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

use super::FrozenError;
use super::file::little_endian;
use crate::kernels::{Geometry, KERNEL};
use crate::layers::{
    Convolution, Cosine, Gelu, Layer, Linear, QuantizedLinear, ROLES, Relu, Softmax, TextFeatures,
    WINDOWS,
};

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
    /// [`QuantizedLinear`].
    QuantizedLinear {
        /// Shape `[inputs, outputs]`, row-major.
        weight: Vec<i8>,
        /// Shape `[outputs]`.
        scale: Vec<f32>,
        /// Shape `[outputs]`.
        bias: Vec<f32>,
    },
    /// [`Convolution`].
    Convolution {
        /// Height, width and channels of the input.
        image: [usize; 3],
        /// Shape `[3, 3, channels, filters]`, row-major.
        weight: Vec<f32>,
        /// Shape `[filters]`.
        bias: Vec<f32>,
    },
    /// [`Cosine`].
    Cosine,
    /// [`Gelu`].
    Gelu,
    /// [`Relu`].
    Relu,
    /// [`Softmax`].
    Softmax,
    /// [`TextFeatures`].
    TextFeatures(FrozenText),
}

/// The weights of [`TextFeatures`], in its layout.
#[derive(Debug, Clone, PartialEq)]
pub struct FrozenText {
    /// Shape `[grams]`, sorted.
    pub grams: Vec<u32>,
    /// Shape `[grams, classes]`.
    pub gram_weight: Vec<i8>,
    /// Shape `[classes]`.
    pub gram_scale: Vec<f32>,
    /// Shape `[classes]`.
    pub gram_bias: Vec<f32>,
    /// Number of readers.
    pub readers: usize,
    /// Shape `[words]`, sorted.
    pub words: Vec<u32>,
    /// Shape `[1 + words, readers, size]`.
    pub word_weight: Vec<i8>,
    /// Shape `[readers, size]`.
    pub word_scale: Vec<f32>,
    /// Shape `[readers, size, 6, filters]`.
    pub window_weight: Vec<f32>,
    /// Shape `[readers, 6, filters]`.
    pub window_bias: Vec<f32>,
}

impl FrozenText {
    fn kernel(&self) -> TextFeatures<'_> {
        TextFeatures {
            grams: &self.grams,
            gram_weight: &self.gram_weight,
            gram_scale: &self.gram_scale,
            gram_bias: &self.gram_bias,
            readers: self.readers,
            words: &self.words,
            word_weight: &self.word_weight,
            word_scale: &self.word_scale,
            window_weight: &self.window_weight,
            window_bias: &self.window_bias,
        }
    }

    /// Numbers of grams, classes, readers, words, numbers of a word for each reader, and filters.
    fn sizes(&self) -> [usize; 6] {
        let readers = self.readers.max(1);
        [
            self.grams.len(),
            self.gram_bias.len(),
            self.readers,
            self.words.len(),
            self.word_scale.len() / readers,
            self.window_bias.len() / ROLES / readers,
        ]
    }

    fn weights(&self) -> Vec<Weight<'_>> {
        let [grams, classes, readers, words, size, filters] = self.sizes();
        vec![
            Weight::new("grams", &[grams], Values::U32(&self.grams)),
            Weight::new(
                "gram_weight",
                &[grams, classes],
                Values::I8(&self.gram_weight),
            ),
            Weight::vector("gram_scale", &self.gram_scale),
            Weight::vector("gram_bias", &self.gram_bias),
            Weight::new("words", &[words], Values::U32(&self.words)),
            Weight::new(
                "word_weight",
                &[words + 1, readers, size],
                Values::I8(&self.word_weight),
            ),
            Weight::new(
                "word_scale",
                &[readers, size],
                Values::F32(&self.word_scale),
            ),
            Weight::new(
                "window_weight",
                &[readers, size, ROLES, filters],
                Values::F32(&self.window_weight),
            ),
            Weight::new(
                "window_bias",
                &[readers, ROLES, filters],
                Values::F32(&self.window_bias),
            ),
        ]
    }

    fn read(sizes: [usize; 6], tensors: &mut dyn Tensors) -> Result<Self, FrozenError> {
        let [grams, classes, readers, words, size, filters] = sizes;
        let rows = words.saturating_add(1);
        Ok(Self {
            grams: tensors.u32("grams", &[grams])?,
            gram_weight: tensors.i8("gram_weight", &[grams, classes])?,
            gram_scale: tensors.f32("gram_scale", &[classes])?,
            gram_bias: tensors.f32("gram_bias", &[classes])?,
            readers,
            words: tensors.u32("words", &[words])?,
            word_weight: tensors.i8("word_weight", &[rows, readers, size])?,
            word_scale: tensors.f32("word_scale", &[readers, size])?,
            window_weight: tensors.f32("window_weight", &[readers, size, ROLES, filters])?,
            window_bias: tensors.f32("window_bias", &[readers, ROLES, filters])?,
        })
    }

    fn outputs(&self) -> Result<usize, String> {
        let [grams, classes, readers, words, size, filters] = self.sizes();
        let product = |factors: &[usize]| {
            (factors.iter()).try_fold(1_usize, |product, f| product.checked_mul(*f))
        };
        let fits = [classes, readers, size, filters]
            .iter()
            .all(|size| *size > 0)
            && product(&[grams, classes]) == Some(self.gram_weight.len())
            && self.gram_scale.len() == classes
            && product(&[readers, size]) == Some(self.word_scale.len())
            && product(&[words + 1, readers, size]) == Some(self.word_weight.len())
            && product(&[readers, ROLES, filters]) == Some(self.window_bias.len())
            && product(&[readers, size, ROLES, filters]) == Some(self.window_weight.len());
        if !fits {
            return Err("has weights whose sizes do not fit together".into());
        }
        if !(self.grams.is_sorted() && self.words.is_sorted()) {
            return Err("has a list that is not sorted".into());
        }
        product(&[readers, WINDOWS, filters])
            .and_then(|windows| windows.checked_add(classes))
            .ok_or_else(|| "has too many outputs".into())
    }
}

/// Names of all kinds in the file.
pub(super) const KINDS: [&str; 8] = [
    "linear",
    "quantized_linear",
    "convolution",
    "cosine",
    "gelu",
    "relu",
    "softmax",
    "text_features",
];

/// The numbers of a weight.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values<'a> {
    F32(&'a [f32]),
    I8(&'a [i8]),
    U32(&'a [u32]),
}

impl Values<'_> {
    pub fn len(self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::I8(values) => values.len(),
            Self::U32(values) => values.len(),
        }
    }

    /// The type in Rust.
    pub fn kind(self) -> &'static str {
        match self {
            Self::F32(_) => "f32",
            Self::I8(_) => "i8",
            Self::U32(_) => "u32",
        }
    }

    fn are_finite(self) -> bool {
        match self {
            Self::F32(values) => values.iter().all(|value| value.is_finite()),
            Self::I8(_) | Self::U32(_) => true,
        }
    }

    /// The bytes, as a file and a module hold them.
    pub fn bytes(self) -> Vec<u8> {
        match self {
            Self::F32(values) => little_endian(values),
            Self::I8(values) => values.iter().map(|value| value.cast_unsigned()).collect(),
            Self::U32(values) => values
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect(),
        }
    }
}

/// A weight of a layer.
pub(super) struct Weight<'a> {
    /// Name in the file and in the kernel.
    pub name: &'static str,
    /// Shape of the row-major values.
    pub shape: Vec<usize>,
    /// The values.
    pub values: Values<'a>,
}

impl<'a> Weight<'a> {
    fn new(name: &'static str, shape: &[usize], values: Values<'a>) -> Self {
        let shape = shape.to_vec();
        Self {
            name,
            shape,
            values,
        }
    }

    fn vector(name: &'static str, values: &'a [f32]) -> Self {
        Self::new(name, &[values.len()], Values::F32(values))
    }
}

/// Where the weights of a layer are read from, by name and shape.
pub(super) trait Tensors {
    fn f32(&mut self, name: &'static str, shape: &[usize]) -> Result<Vec<f32>, FrozenError>;
    fn i8(&mut self, name: &'static str, shape: &[usize]) -> Result<Vec<i8>, FrozenError>;
    fn u32(&mut self, name: &'static str, shape: &[usize]) -> Result<Vec<u32>, FrozenError>;
}

/// The shapes of a layer, in numbers; an image has more to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shapes {
    pub inputs: usize,
    pub outputs: usize,
    /// Height, width and channels of the input, if it is an image.
    pub image: Option<[usize; 3]>,
    /// Grams, classes, readers, words, numbers of a word, and filters, if it is a text.
    pub text: Option<[usize; 6]>,
}

impl FrozenLayer {
    /// Name of the kind in the file.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Linear { .. } => "linear",
            Self::QuantizedLinear { .. } => "quantized_linear",
            Self::Convolution { .. } => "convolution",
            Self::Cosine => "cosine",
            Self::Gelu => "gelu",
            Self::Relu => "relu",
            Self::Softmax => "softmax",
            Self::TextFeatures(_) => "text_features",
        }
    }

    /// Builds the layer of this kind from its weights. `None` if there is no such kind.
    pub(super) fn read(
        kind: &str,
        shapes: Shapes,
        tensors: &mut dyn Tensors,
    ) -> Result<Option<Self>, FrozenError> {
        let Shapes {
            inputs,
            outputs,
            image,
            text,
        } = shapes;
        Ok(match kind {
            "linear" => Some(Self::Linear {
                weight: tensors.f32("weight", &[inputs, outputs])?,
                bias: tensors.f32("bias", &[outputs])?,
            }),
            "quantized_linear" => Some(Self::QuantizedLinear {
                weight: tensors.i8("weight", &[inputs, outputs])?,
                scale: tensors.f32("scale", &[outputs])?,
                bias: tensors.f32("bias", &[outputs])?,
            }),
            "convolution" => {
                // A layer without an image is refused for its weights.
                let image @ [height, width, channels] = image.unwrap_or_default();
                let pixels = |side: usize| side.checked_sub(KERNEL - 1);
                let pixels = pixels(height).zip(pixels(width));
                let pixels = pixels.and_then(|(height, width)| height.checked_mul(width));
                let filters = outputs.checked_div(pixels.unwrap_or(0)).unwrap_or(0);
                Some(Self::Convolution {
                    image,
                    weight: tensors.f32("weight", &[KERNEL, KERNEL, channels, filters])?,
                    bias: tensors.f32("bias", &[filters])?,
                })
            }
            "cosine" => Some(Self::Cosine),
            "gelu" => Some(Self::Gelu),
            "relu" => Some(Self::Relu),
            "softmax" => Some(Self::Softmax),
            // A layer without sizes is refused for its weights.
            "text_features" => Some(Self::TextFeatures(FrozenText::read(
                text.unwrap_or_default(),
                tensors,
            )?)),
            _ => None,
        })
    }

    /// Height, width and channels of the input, if it is an image.
    pub(super) fn image(&self) -> Option<[usize; 3]> {
        match self {
            Self::Convolution { image, .. } => Some(*image),
            _ => None,
        }
    }

    /// Sizes of a text's features, if that is what it is.
    pub(super) fn text(&self) -> Option<[usize; 6]> {
        match self {
            Self::TextFeatures(text) => Some(text.sizes()),
            _ => None,
        }
    }

    /// The weights, in the order in which they are stored.
    pub(super) fn weights(&self) -> Vec<Weight<'_>> {
        match self {
            Self::Linear { weight, bias } => {
                let shape = [weight.len() / bias.len().max(1), bias.len()];
                vec![
                    Weight::new("weight", &shape, Values::F32(weight)),
                    Weight::vector("bias", bias),
                ]
            }
            Self::QuantizedLinear {
                weight,
                scale,
                bias,
            } => {
                let shape = [weight.len() / bias.len().max(1), bias.len()];
                vec![
                    Weight::new("weight", &shape, Values::I8(weight)),
                    Weight::vector("scale", scale),
                    Weight::vector("bias", bias),
                ]
            }
            Self::Convolution {
                image: [.., channels],
                weight,
                bias,
            } => {
                let shape = [KERNEL, KERNEL, *channels, bias.len()];
                vec![
                    Weight::new("weight", &shape, Values::F32(weight)),
                    Weight::vector("bias", bias),
                ]
            }
            Self::TextFeatures(text) => text.weights(),
            Self::Cosine | Self::Gelu | Self::Relu | Self::Softmax => vec![],
        }
    }

    /// Number of weights.
    pub(super) fn parameters(&self) -> usize {
        let weights = self.weights();
        weights.iter().map(|weight| weight.values.len()).sum()
    }

    /// How many numbers come out if `inputs` go in, or what is wrong with the layer.
    pub(super) fn outputs(&self, inputs: usize) -> Result<usize, String> {
        for Weight { name, values, .. } in self.weights() {
            if !values.are_finite() {
                return Err(format!("has a weight in `{name}` that is not finite"));
            }
        }
        let matrix = |weights: usize, outputs: usize| {
            if outputs == 0 || inputs.checked_mul(outputs) != Some(weights) {
                return Err(format!(
                    "has {weights} weights for {inputs} inputs and {outputs} outputs"
                ));
            }
            Ok(outputs)
        };
        match self {
            Self::Linear { weight, bias } => matrix(weight.len(), bias.len()),
            Self::QuantizedLinear {
                weight,
                scale,
                bias,
            } => {
                if scale.len() != bias.len() {
                    let (scales, outputs) = (scale.len(), bias.len());
                    return Err(format!("has {scales} scales for {outputs} outputs"));
                }
                matrix(weight.len(), bias.len())
            }
            Self::Convolution {
                image,
                weight,
                bias,
                ..
            } => {
                let geometry = geometry(*image, bias.len());
                let product = |factors: &[usize]| {
                    (factors.iter()).try_fold(1_usize, |product, f| product.checked_mul(*f))
                };
                let fits = geometry.is_sound()
                    && product(image) == Some(inputs)
                    && product(&[KERNEL * KERNEL, geometry.channels, bias.len()])
                        == Some(weight.len());
                if !fits {
                    return Err(format!(
                        "has {} weights for {inputs} inputs, an image of {image:?} and {} filters",
                        weight.len(),
                        bias.len()
                    ));
                }
                product(&[
                    geometry.output_height(),
                    geometry.output_width(),
                    bias.len(),
                ])
                .ok_or_else(|| "has too many outputs".into())
            }
            Self::TextFeatures(text) => text.outputs(),
            Self::Cosine | Self::Gelu | Self::Relu | Self::Softmax => Ok(inputs),
        }
    }

    /// The kernel that computes the layer on `width` inputs.
    pub(super) fn kernel(&self, width: usize) -> Box<dyn Layer + '_> {
        match self {
            Self::Linear { weight, bias } => Box::new(Linear { weight, bias }),
            Self::QuantizedLinear {
                weight,
                scale,
                bias,
            } => Box::new(QuantizedLinear {
                weight,
                scale,
                bias,
            }),
            Self::Convolution {
                image,
                weight,
                bias,
            } => Box::new(Convolution {
                geometry: geometry(*image, bias.len()),
                weight,
                bias,
            }),
            Self::Cosine => Box::new(Cosine { width }),
            Self::Gelu => Box::new(Gelu { width }),
            Self::Relu => Box::new(Relu { width }),
            Self::Softmax => Box::new(Softmax { width }),
            Self::TextFeatures(text) => Box::new(text.kernel()),
        }
    }

    /// The kernel as a Rust expression, with each weight written by `weight`.
    pub(super) fn source(&self, width: usize, weight: impl Fn(Weight<'_>) -> String) -> String {
        let of_width = || vec![format!("width: {width}")];
        let (kernel, mut fields) = match self {
            Self::Linear { .. } => ("Linear", vec![]),
            Self::QuantizedLinear { .. } => ("QuantizedLinear", vec![]),
            Self::Convolution { image, bias, .. } => {
                let geometry = geometry(*image, bias.len());
                let geometry = format!("geometry: ::inference::kernels::{geometry:?}");
                ("Convolution", vec![geometry])
            }
            Self::Cosine => ("Cosine", of_width()),
            Self::Gelu => ("Gelu", of_width()),
            Self::Relu => ("Relu", of_width()),
            Self::Softmax => ("Softmax", of_width()),
            Self::TextFeatures(text) => {
                ("TextFeatures", vec![format!("readers: {}", text.readers)])
            }
        };
        for tensor in self.weights() {
            let name = tensor.name;
            fields.push(format!("{name}: {}", weight(tensor)));
        }
        format!("::inference::layers::{kernel} {{ {} }}", fields.join(", "))
    }
}

fn geometry([height, width, channels]: [usize; 3], filters: usize) -> Geometry {
    Geometry {
        height,
        width,
        channels,
        filters,
    }
}
