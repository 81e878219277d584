use burn::module::Module;
use burn::tensor::Tensor;
use inference::frozen::FrozenLayer;

use super::{Layer, Pass};

/// `cos(x)`, number by number. Behind a linear layer of random weights these are the random features of
/// Rahimi and Recht ("Random features for large-scale kernel machines", NIPS 2007): a network of them
/// starts as an approximation of a Gaussian kernel, and learns on from there.
#[derive(Module, Debug, Default)]
pub struct Cosine;

impl Layer for Cosine {
    fn describe(&self) -> String {
        "Cosine".into()
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        input.cos()
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        Some(vec![FrozenLayer::Cosine])
    }
}
