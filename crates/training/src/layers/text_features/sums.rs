use std::sync::Arc;

use burn::tensor::Tensor;
use burn_cpu_ops::Bags;
use burn_cpu_ops::cpu::ranges;

use super::{constant, gather};

/// The sums of `prior · (1 + learning_rate_multiplier · change)` over bags.
pub fn sum_bags(
    change: Tensor<2>,
    prior: Tensor<2>,
    learning_rate_multiplier: f64,
    bags: Bags,
) -> Tensor<2> {
    match burn_cpu_ops::is_available(&prior.device()) {
        true => burn_cpu_ops::embedding_bag(
            change,
            prior,
            learning_rate_multiplier as f32,
            Arc::new(bags),
        ),
        false => composed(change, prior, learning_rate_multiplier, &bags),
    }
}

/// [`burn_cpu_ops::embedding_bag`] out of Burn's own operations.
fn composed(
    change: Tensor<2>,
    prior: Tensor<2>,
    learning_rate_multiplier: f64,
    bags: &Bags,
) -> Tensor<2> {
    let lengths = ranges(&bags.ends).map(|bag| bag.len());
    let (count, longest) = (bags.ends.len(), lengths.max().unwrap_or(0).max(1));
    let (mut places, mut shares) = (Vec::new(), Vec::new());
    for bag in ranges(&bags.ends) {
        let padding = longest - bag.len();
        places.extend(bags.rows[bag.clone()].iter().map(|row| i64::from(*row)));
        places.extend(vec![0; padding]);
        shares.extend_from_slice(&bags.shares[bag]);
        shares.extend(vec![0.0; padding]);
    }
    let [_, columns] = prior.dims();
    let shares = constant(shares, [count, longest, 1], &prior.device());
    let change = gather(change, places.clone())
        .mul_scalar(learning_rate_multiplier)
        .add_scalar(1.0);
    let weight = gather(prior, places) * change;
    let sums = (weight.reshape([count, longest, columns]) * shares).sum_dim(1);
    sums.reshape([count, columns])
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;
    use crate::init::normal;
    use crate::parameters::host;
    use crate::random::{Purpose, random};
    use burn::tensor::Device;

    #[test]
    fn fused_bags_are_burns_operations_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let mut draw = random(3, Purpose::Weights);
        let prior: Tensor<2> = normal([7, 3], 1.0, &mut draw, &device);
        let change: Tensor<2> = normal([7, 3], 1.0, &mut draw, &device);
        let mix: Tensor<2> = normal([4, 3], 1.0, &mut draw, &device);
        let bags = Bags {
            rows: vec![6, 0, 2, 2, 5],
            shares: vec![0.5, 1.0, 2.0, -1.0, 0.25],
            ends: vec![0, 3, 3, 5],
        };
        let both = [true, false].map(|fused| {
            let change = change.clone().require_grad();
            let sums = match fused {
                true => {
                    let bags = Arc::new(bags.clone());
                    burn_cpu_ops::embedding_bag(change.clone(), prior.clone(), 2.0, bags)
                }
                false => composed(change.clone(), prior.clone(), 2.0, &bags),
            };
            let gradients = (sums.clone() * mix.clone()).sum().backward();
            [host(sums), host(change.grad(&gradients).unwrap())]
        });
        for (fused, composed) in both[0].iter().zip(&both[1]) {
            assert_eq!(fused.len(), composed.len());
            assert!(
                fused
                    .iter()
                    .zip(composed)
                    .all(|(a, b)| (a - b).abs() < 1e-5)
            );
        }
    }
}
