use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use inference::frozen::FrozenLayer;

use super::{Dropout, Layer, Pass};
use crate::init::linear;
use crate::parameters::host;
use crate::random::Random;

/// Makes answers of [`TextFeatures`](super::TextFeatures): the sums over n-grams are one as they are, and
/// of what each reader of windows has found a linear layer makes another. Each learns by a loss of its own;
/// what is predicted is the mean of all.
#[derive(Module, Debug)]
pub struct TextHead {
    dropout: Dropout,
    readers: Vec<Linear>,
}

impl TextHead {
    /// A head with fresh weights for `readers` with as many `windows`, behind as many sums as there are
    /// `classes`; `dropout` is the share of the windows that are left out while it learns.
    #[must_use]
    pub fn new(
        [readers, windows, classes]: [usize; 3],
        dropout: f64,
        random: &mut Random,
        device: &Device,
    ) -> Self {
        Self {
            dropout: Dropout::new(dropout),
            readers: (0..readers)
                .map(|_| linear(windows, classes, random, device))
                .collect(),
        }
    }

    /// What each answer counts for.
    fn share(&self) -> f32 {
        1.0 / (1 + self.readers.len()) as f32
    }
}

impl Layer for TextHead {
    fn describe(&self) -> String {
        let linear = self
            .readers
            .first()
            .map(Layer::describe)
            .unwrap_or_default();
        let readers = self.readers.len();
        let dropout = self.dropout.describe();
        let params = self.parameters();
        format!("TextHead {{readers: {readers}, each: {dropout}, {linear}; params: {params}}}")
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let [rows, width] = input.dims();
        let windows: usize = self
            .readers
            .iter()
            .map(|reader| reader.weight.shape().dims::<2>()[0])
            .sum();
        let classes = width - windows;
        let mut answers = vec![input.clone().slice([0..rows, 0..classes])];
        let mut start = classes;
        for reader in &self.readers {
            let [windows, _] = reader.weight.shape().dims();
            let found = input.clone().slice([0..rows, start..start + windows]);
            let found = self.dropout.forward(found, pass);
            answers.push(Layer::forward(reader, found, pass));
            start += windows;
        }
        match pass {
            Pass::Train(_) => Tensor::cat(answers, 1),
            Pass::Predict => {
                let sum = answers.into_iter().reduce(|sum, answer| sum + answer);
                sum.unwrap_or(input).mul_scalar(self.share())
            }
        }
    }

    fn parameters(&self) -> usize {
        self.readers.iter().map(Layer::parameters).sum()
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        let share = self.share();
        let [_, classes] = self.readers.first()?.weight.shape().dims();
        // The sums pass through, each to its own class.
        let through = (0..classes * classes).map(|index| {
            let same = index / classes == index % classes;
            if same { share } else { 0.0 }
        });
        let weights = self
            .readers
            .iter()
            .flat_map(|reader| host(reader.weight.val()));
        let mut bias = vec![0.0; classes];
        for reader in self
            .readers
            .iter()
            .filter_map(|reader| reader.bias.as_ref())
        {
            let part = host(reader.val());
            bias.iter_mut()
                .zip(part)
                .for_each(|(sum, bias)| *sum += share * bias);
        }
        Some(vec![FrozenLayer::Linear {
            weight: through
                .chain(weights.map(|weight| share * weight))
                .collect(),
            bias,
        }])
    }
}
