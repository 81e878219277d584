use burn::module::Module;
use burn::nn::{Gelu, Linear, Relu};
use burn::tensor::Tensor;

use super::{
    ConvBlock, Cosine, Dropout, Ensemble, Histograms, Layer, MaxPool, MeanOfPixels, Pass,
    QuantizedLinear, TargetScaler, TextFeatures, TextHead, Whitening,
};

/// All kinds of layers, of which Burn needs one type.
macro_rules! any_layer {
    ($($kind:ident),* $(,)?) => {
        /// A layer of any kind.
        #[derive(Module, Debug)]
        #[expect(missing_docs, reason = "each is the layer of its name")]
        pub enum AnyLayer {
            $($kind($kind)),*
        }

        impl AnyLayer {
            fn as_layer(&self) -> &dyn Layer {
                match self {
                    $(Self::$kind(layer) => layer),*
                }
            }
        }

        $(impl From<$kind> for AnyLayer {
            fn from(layer: $kind) -> Self {
                Self::$kind(layer)
            }
        })*
    };
}

any_layer!(
    ConvBlock,
    Cosine,
    Dropout,
    Ensemble,
    Gelu,
    Histograms,
    Linear,
    MaxPool,
    MeanOfPixels,
    QuantizedLinear,
    Relu,
    TargetScaler,
    TextFeatures,
    TextHead,
    Whitening,
);

/// A network: a list of layers with names. The last gives the outputs: a score for each class, or a number.
///
/// The forward pass, the summary and the frozen model all follow this list, so they cannot disagree.
#[derive(Module, Debug)]
pub struct Network {
    #[module(skip)]
    name: &'static str,
    #[module(skip)]
    names: Vec<&'static str>,
    layers: Vec<AnyLayer>,
}

impl Network {
    /// A network without layers, which a summary calls `name`.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            names: Vec::new(),
            layers: Vec::new(),
        }
    }

    /// With `layer` behind all others, which a summary calls `name`.
    #[must_use]
    pub fn then(mut self, name: &'static str, layer: impl Into<AnyLayer>) -> Self {
        self.names.push(name);
        self.layers.push(layer.into());
        self
    }

    /// What a summary calls the network.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The layers with their names, in order.
    pub fn layers(&self) -> impl Iterator<Item = (&'static str, &dyn Layer)> {
        let layers = self.layers.iter().map(AnyLayer::as_layer);
        self.names.iter().copied().zip(layers)
    }

    /// The outputs for `input`, both of shape `[rows, numbers]`.
    #[must_use]
    pub fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        self.layers()
            .fold(input, |value, (_, layer)| layer.forward(value, pass))
    }

    /// Whether any layer measures something.
    #[must_use]
    pub fn has_statistics(&self) -> bool {
        self.layers().any(|(_, layer)| layer.has_statistics())
    }

    /// Lets each layer measure what it needs to know, on `input` from the training rows.
    pub fn measure_statistics(&self, input: Tensor<2>) {
        let measuring = self.layers().map(|(_, layer)| layer.has_statistics());
        // Of what comes behind the last one, nothing is needed.
        let last = (1..)
            .zip(measuring)
            .filter(|(_, measures)| *measures)
            .last();
        let layers = self.layers().take(last.map_or(0, |(number, _)| number));
        layers.fold(input, |value, (_, layer)| {
            layer.measure_statistics(&value);
            layer.forward(value, &mut Pass::Predict)
        });
    }
}
