use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::{Device, Tensor};
use model::FrozenLayer;

use super::linear::frozen;
use super::{Dropout, Layer, Pass};
use crate::init::linear;
use crate::parameters::host;
use crate::random::Random;

/// Makes answers of [`TextFeatures`](super::TextFeatures). The sums over n-grams are one answer as they are; a
/// linear layer for each branch makes another of the branch's filters. Each answer has a loss of its own;
/// the prediction is the mean of all.
#[derive(Module, Debug)]
pub struct TextHead {
    dropout: Dropout,
    branches: Vec<Linear>,
}

impl TextHead {
    /// A head with fresh weights for `branches` with as many `windows`, after as many sums as there are
    /// `classes`; `dropout` is the share of the windows that are left out while it learns.
    #[must_use]
    pub fn new(
        [branches, windows, classes]: [usize; 3],
        dropout: f64,
        random: &mut Random,
        device: &Device,
    ) -> Self {
        Self {
            dropout: Dropout::new(dropout),
            branches: (0..branches)
                .map(|_| linear(windows, classes, random, device))
                .collect(),
        }
    }

    /// What each answer counts for.
    fn share(&self) -> f32 {
        1.0 / (1 + self.branches.len()) as f32
    }
}

impl Layer for TextHead {
    fn describe(&self) -> String {
        let linear = self
            .branches
            .first()
            .map(Layer::describe)
            .unwrap_or_default();
        let branches = self.branches.len();
        let dropout = self.dropout.describe();
        let params = self.parameters();
        format!("TextHead {{branches: {branches}, each: {dropout}, {linear}; params: {params}}}")
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let [rows, width] = input.dims();
        let windows: usize = self
            .branches
            .iter()
            .map(|branch| branch.weight.shape().dims::<2>()[0])
            .sum();
        let classes = width - windows;
        let mut answers = vec![input.clone().slice([0..rows, 0..classes])];
        let mut start = classes;
        for branch in &self.branches {
            let [windows, _] = branch.weight.shape().dims();
            let found = input.clone().slice([0..rows, start..start + windows]);
            let found = self.dropout.forward(found, pass);
            answers.push(Layer::forward(branch, found, pass));
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
        self.branches.iter().map(Layer::parameters).sum()
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let share = self.share();
        let classes = (self.branches.first()).map_or(0, |branch| branch.weight.shape()[1]);
        // The sums pass through, each to its own class.
        let through = (0..classes * classes).map(|index| {
            let same = index / classes == index % classes;
            if same { share } else { 0.0 }
        });
        let weights = self
            .branches
            .iter()
            .flat_map(|branch| host(branch.weight.val()));
        let mut bias = vec![0.0; classes];
        for branch in self
            .branches
            .iter()
            .filter_map(|branch| branch.bias.as_ref())
        {
            let part = host(branch.val());
            bias.iter_mut()
                .zip(part)
                .for_each(|(sum, bias)| *sum += share * bias);
        }
        let weight = through
            .chain(weights.map(|weight| share * weight))
            .collect();
        vec![frozen(weight, bias)]
    }
}
