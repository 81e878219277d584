//! The optimiser.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use burn_cpu_ops::AdamStep;

use crate::parameters::host;

/// Decay of the first moment, as in the paper.
const BETA_1: f64 = 0.9;
/// Decay of the second moment, as in the paper.
const BETA_2: f64 = 0.999;
/// Keeps the division finite, as in the paper.
const EPSILON: f64 = 1e-8;

/// Adam (Kingma and Ba, <https://arxiv.org/abs/1412.6980>) with decoupled weight decay (Loshchilov
/// and Hutter, <https://arxiv.org/abs/1711.05101>) on matrices, not on biases.
///
/// Its state is a list in the order of the model's fields, so that it can be saved and put back
/// exactly. Burn's own optimisers key theirs by random identifiers.
#[derive(Debug, Clone, Default)]
pub struct Adam {
    steps: u64,
    moments: Vec<Moments>,
}

/// Moving averages of one parameter's gradient, flattened.
#[derive(Debug, Clone)]
struct Moments {
    /// Of the gradient.
    first: Tensor<1>,
    /// Of its square.
    second: Tensor<1>,
}

/// The state of [`Adam`] on the host.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AdamState {
    /// Steps taken.
    pub steps: u64,
    /// First moments, in the order of the model's trained parameters.
    pub first: Vec<Vec<f32>>,
    /// Second moments, in the same order.
    pub second: Vec<Vec<f32>>,
}

impl Adam {
    /// Takes one step against `gradients`.
    #[must_use]
    pub fn step<M: Module>(
        &mut self,
        model: M,
        gradients: &Gradients,
        learning_rate: f64,
        weight_decay: f64,
    ) -> M {
        self.steps += 1;
        let steps = self.steps as f64;
        let mut step = Step {
            gradients,
            moments: std::mem::take(&mut self.moments).into_iter(),
            updated: Vec::new(),
            of_matrices: AdamStep {
                betas: [BETA_1, BETA_2],
                // Both corrections of the moments' bias towards zero, in one factor.
                rate: learning_rate * (1.0 - BETA_2.powf(steps)).sqrt()
                    / (1.0 - BETA_1.powf(steps)),
                epsilon: EPSILON * (1.0 - BETA_2.powf(steps)).sqrt(),
                decay: 1.0 - learning_rate * weight_decay,
            },
        };
        let model = model.map(&mut step);
        self.moments = step.updated;
        model
    }

    /// Copies the state to the host.
    #[must_use]
    pub fn state(&self) -> AdamState {
        AdamState {
            steps: self.steps,
            first: self.moments.iter().map(|m| host(m.first.clone())).collect(),
            second: self
                .moments
                .iter()
                .map(|m| host(m.second.clone()))
                .collect(),
        }
    }

    /// Puts a state back.
    #[must_use]
    pub fn from_state(state: AdamState, device: &Device) -> Self {
        let tensor = |values: Vec<f32>| {
            let length = values.len();
            Tensor::from_data(TensorData::new(values, [length]), device)
        };
        Self {
            steps: state.steps,
            moments: (state.first.into_iter().zip(state.second))
                .map(|(first, second)| Moments {
                    first: tensor(first),
                    second: tensor(second),
                })
                .collect(),
        }
    }
}

struct Step<'a> {
    gradients: &'a Gradients,
    moments: std::vec::IntoIter<Moments>,
    updated: Vec<Moments>,
    of_matrices: AdamStep,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        // Buffers, such as the scaling of the inputs, have no gradient.
        let Some(gradient) = parameter.val().grad(self.gradients) else {
            return parameter;
        };
        let moments = self.moments.next().unwrap_or_else(|| {
            let zeros = gradient.zeros_like().flatten(0, D - 1);
            Moments {
                first: zeros.clone(),
                second: zeros,
            }
        });
        let step = match D {
            1 => AdamStep {
                decay: 1.0,
                ..self.of_matrices
            },
            _ => self.of_matrices,
        };
        parameter.map(|weight| {
            let weight = weight.inner();
            let (weight, moments) = match burn_cpu_ops::is_available(&weight.device()) {
                true => {
                    let Moments { first, second } = moments;
                    let (weight, [first, second]) =
                        burn_cpu_ops::adam(weight, gradient, [first, second], step);
                    (weight, Moments { first, second })
                }
                false => {
                    let shape = weight.dims();
                    let [weight, gradient] =
                        [weight, gradient].map(|tensor| tensor.flatten(0, D - 1));
                    let (weight, moments) = composed(weight, gradient, moments, step);
                    (weight.reshape(shape), moments)
                }
            };
            self.updated.push(moments);
            Tensor::from_inner(weight).require_grad()
        })
    }
}

/// [`burn_cpu_ops::adam`] out of Burn's own operations.
fn composed(
    weight: Tensor<1>,
    gradient: Tensor<1>,
    Moments { first, second }: Moments,
    step: AdamStep,
) -> (Tensor<1>, Moments) {
    let [beta_1, beta_2] = step.betas;
    let square = gradient.clone().square().mul_scalar(1.0 - beta_2);
    let gradient = gradient.mul_scalar(1.0 - beta_1);
    let moments = Moments {
        first: first.mul_scalar(beta_1).add(gradient),
        second: second.mul_scalar(beta_2).add(square),
    };
    let divisor = moments.second.clone().sqrt().add_scalar(step.epsilon);
    let change = moments.first.clone().div(divisor).mul_scalar(step.rate);
    (weight.mul_scalar(step.decay) - change, moments)
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use burn::nn::{Linear, LinearConfig};

    /// A model of one weight and one bias, and the loss `3·weight·x + 2·bias`.
    fn trained(steps: usize, decay: f64) -> (Linear, Adam) {
        let device = Device::flex().autodiff();
        let model = LinearConfig::new(1, 1).init(&device);
        let mut model = crate::parameters::write(model, &[vec![1.0], vec![1.0]]).unwrap();
        let mut adam = Adam::default();
        for step in 0..steps {
            let slope = [3.0, -1.0][step % 2];
            let loss = (model.weight.val() * slope).sum()
                + (model.bias.as_ref().unwrap().val() * 2.0).sum();
            model = adam.step(model, &loss.backward(), 0.1, decay);
        }
        (model, adam)
    }

    #[test]
    fn two_steps_by_hand() {
        // Step 1: both moments' corrections cancel, so the change is the learning rate.
        let (model, _) = trained(1, 0.0);
        for value in crate::parameters::read(&model) {
            assert!((value[0] - 0.9).abs() < 1e-6, "{value:?}");
        }
        // Step 2 of the weight, gradients 3 and −1: m = 0.1·3·0.9 − 0.1 = 0.17, m̂ = 0.17 / 0.19;
        // v = 0.001·9·0.999 + 0.001 = 0.009991, v̂ = 0.009991 / 0.001999.
        let (model, adam) = trained(2, 0.0);
        let expected = 0.9 - 0.1 * (0.17 / 0.19) / (0.009_991_f64 / 0.001_999).sqrt();
        let value = crate::parameters::read(&model)[0][0];
        assert!((f64::from(value) - expected).abs() < 1e-6, "{value}");
        let state = adam.state();
        assert_eq!(state.steps, 2);
        assert!((state.first[0][0] - 0.17).abs() < 1e-6);
        assert!((state.second[0][0] - 0.009_991).abs() < 1e-8);
    }

    #[test]
    fn fused_steps_are_burns_operations_bit_for_bit() {
        let device = Device::flex();
        let draw = |seed: usize| -> Tensor<1> {
            // More than a piece of work, and no whole number of vectors.
            let numbers = (0..70_001).map(|i| ((i * seed) % 1009) as f32 / 250.0 - 2.0);
            let numbers: Vec<f32> = numbers.collect();
            Tensor::from_data(TensorData::new(numbers, [70_001]), &device)
        };
        let step = AdamStep {
            betas: [BETA_1, BETA_2],
            rate: 0.01,
            epsilon: 1e-9,
            decay: 0.99,
        };
        let (weight, gradient, first, second) = (draw(7), draw(11), draw(13), draw(17).abs());
        let start = Moments {
            first: first.clone(),
            second: second.clone(),
        };
        let (expected, moments) = composed(weight.clone(), gradient.clone(), start, step);
        // The numbers that went in are still needed, so they have to be left alone.
        let (found, [after, _]) = burn_cpu_ops::adam(
            weight.clone(),
            gradient.clone(),
            [first.clone(), second.clone()],
            step,
        );
        assert_eq!(host(weight), host(draw(7)));
        assert_eq!(host(first.clone()), host(draw(13)));
        assert_eq!(host(found), host(expected));
        assert_eq!(host(after), host(moments.first));
        let (_, [_, after]) = burn_cpu_ops::adam(draw(7), gradient, [first, second], step);
        assert_eq!(host(after), host(moments.second));
    }

    #[test]
    fn decay_shrinks_weights_and_spares_biases() {
        let (model, _) = trained(1, 0.5);
        let values = crate::parameters::read(&model);
        assert!((values[0][0] - (0.95 - 0.1)).abs() < 1e-6);
        assert!((values[1][0] - 0.9).abs() < 1e-6);
    }

    #[test]
    fn a_state_that_is_put_back_is_the_same() {
        let (_, adam) = trained(3, 0.0);
        let state = adam.state();
        let again = Adam::from_state(state.clone(), &Device::flex());
        assert_eq!(again.state(), state);
    }
}
