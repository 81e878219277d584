//! A moving average of the weights along training: smoother than the last step's, and usually the
//! better model (Polyak and Juditsky 1992).

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Device, Tensor, TensorData};

use crate::parameters::host;

/// An exponential moving average of a model's trained parameters.
#[derive(Debug, Clone)]
pub struct Average {
    decay: f64,
    steps: u64,
    values: Vec<Tensor<1>>,
}

impl Average {
    /// An average that forgets `1 − decay` of itself at each step, and more in the first steps.
    #[must_use]
    pub fn new(decay: f64) -> Self {
        Self {
            decay,
            steps: 0,
            values: Vec::new(),
        }
    }

    /// Takes the parameters of `model` into the average.
    pub fn update<M: Module>(&mut self, model: &M) {
        // A plain mean at first, so that the random first weights do not linger.
        let steps = self.steps as f64;
        let decay = self.decay.min(steps / (steps + 1.0));
        self.steps += 1;
        let mut update = Update {
            decay,
            old: std::mem::take(&mut self.values).into_iter(),
            new: Vec::new(),
        };
        model.visit(&mut update);
        self.values = update.new;
    }

    /// `model`, with autodiff, with the average in place of its trained parameters.
    #[must_use]
    pub fn apply<M: Module>(&self, model: M) -> M {
        model.map(&mut Apply(self.values.iter()))
    }

    /// Copies the average to the host.
    #[must_use]
    pub fn state(&self) -> Vec<Vec<f32>> {
        self.values
            .iter()
            .map(|value| host(value.clone()))
            .collect()
    }

    /// Puts back what [`state`](Self::state) returned after `steps` updates.
    #[must_use]
    pub fn from_state(decay: f64, steps: u64, state: Vec<Vec<f32>>, device: &Device) -> Self {
        let values = (state.into_iter())
            .map(|values| {
                let length = values.len();
                Tensor::from_data(TensorData::new(values, [length]), device)
            })
            .collect();
        Self {
            decay,
            steps,
            values,
        }
    }
}

struct Update {
    decay: f64,
    old: std::vec::IntoIter<Tensor<1>>,
    new: Vec<Tensor<1>>,
}

impl ModuleVisitor for Update {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        if !parameter.is_require_grad() {
            return;
        }
        let value = parameter.val().inner().flatten::<1>(0, D - 1);
        self.new.push(match self.old.next() {
            Some(old) if burn_cpu_ops::is_available(&old.device()) => {
                burn_cpu_ops::moving_average(old, value, self.decay)
            }
            Some(old) => composed(old, value, self.decay),
            None => value,
        });
    }
}

/// [`burn_cpu_ops::moving_average`] out of Burn's own operations.
fn composed(old: Tensor<1>, new: Tensor<1>, decay: f64) -> Tensor<1> {
    old.mul_scalar(decay) + new.mul_scalar(1.0 - decay)
}

struct Apply<'a>(std::slice::Iter<'a, Tensor<1>>);

impl ModuleMapper for Apply<'_> {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !parameter.is_require_grad() {
            return parameter;
        }
        let Some(value) = self.0.next() else {
            return parameter;
        };
        parameter.map(|old| {
            let value = value.clone().reshape(old.dims());
            Tensor::from_inner(value).require_grad()
        })
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::parameters;
    use burn::nn::{Linear, LinearConfig};

    fn model(value: f32) -> Linear {
        let model = LinearConfig::new(1, 1).init(&Device::flex().autodiff());
        parameters::write(model, &[vec![value], vec![-value]]).unwrap()
    }

    #[test]
    fn starts_as_a_mean_and_then_decays() {
        let mut average = Average::new(0.6);
        for (value, expected) in [(4.0, 4.0), (2.0, 3.0), (8.0, 0.6 * 3.0 + 0.4 * 8.0)] {
            average.update(&model(value));
            let values = parameters::read(&average.apply(model(0.0)));
            assert!((values[0][0] - expected).abs() < 1e-6, "{values:?}");
            assert!((values[1][0] + expected).abs() < 1e-6, "{values:?}");
        }
        let again = Average::from_state(0.6, 3, average.state(), &Device::flex());
        assert_eq!(again.state(), average.state());
    }

    #[test]
    fn fused_averages_are_burns_operations_bit_for_bit() {
        let device = Device::flex();
        let draw = |seed: usize| -> Tensor<1> {
            let numbers = (0..70_001).map(|i| ((i * seed) % 1009) as f32 / 250.0 - 2.0);
            let numbers: Vec<f32> = numbers.collect();
            Tensor::from_data(TensorData::new(numbers, [70_001]), &device)
        };
        let expected = composed(draw(7), draw(11), 0.999);
        let found = burn_cpu_ops::moving_average(draw(7), draw(11), 0.999);
        assert_eq!(host(found), host(expected));
    }
}
