use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use model::FrozenLayer;

use super::linear::frozen;
use super::{Layer, Pass};
use crate::init::buffer;
use crate::linear_algebra::{
    self, add_outer_products, inverse_of_cholesky_factor, multiply, outer_products, to_rows,
    transposed,
};
use crate::parameters::host;

/// Whitens the inputs: afterwards the covariance within the classes is a multiple of the identity, and
/// all rows together have mean 0 and mean variance 1.
///
/// Measurements of one thing are correlated. Without the correlation, distance is likelihood (Hastie,
/// Tibshirani and Friedman, "The Elements of Statistical Learning", section 4.3.2), and a network separates
/// the classes more easily.
///
/// It is fitted once, on the training rows, and is part of the network.
#[derive(Module, Debug)]
pub struct Whitening {
    /// Shape `[inputs]`; not trained.
    mean: Param<Tensor<1>>,
    /// Shape `[inputs, inputs]`; not trained.
    matrix: Param<Tensor<2>>,
}

impl Whitening {
    /// Measures `rows`, row-major with `width` numbers each, and their classes.
    #[must_use]
    pub fn fit(rows: &[f32], labels: &[usize], width: usize, device: &Device) -> Self {
        let rows = to_rows(rows, width);
        let mean = linear_algebra::mean(rows.iter(), width);
        let classes = labels.iter().max().map_or(0, |label| label + 1);
        let of_class = |class: usize| {
            let labelled = rows.iter().zip(labels);
            labelled
                .filter(move |(_, label)| **label == class)
                .map(|(row, _)| row)
        };
        let mut within = vec![vec![0.0; width]; width];
        for class in 0..classes {
            let centre = linear_algebra::mean(of_class(class), width);
            add_outer_products(&mut within, of_class(class), &centre, rows.len() as f64);
        }
        let total = outer_products(rows.iter(), &mean, rows.len() as f64);
        for (index, row) in within.iter_mut().enumerate() {
            // Keeps the matrix invertible where an input is constant or follows from the others.
            let variance = total[index][index];
            row[index] += if variance > 0.0 {
                RIDGE * variance
            } else {
                1.0
            };
        }
        let matrix = transposed(&inverse_of_cholesky_factor(&within));
        // The mean variance of the whitened rows: the trace of matrixᵀ · total · matrix over width.
        let product = multiply(&multiply(&transposed(&matrix), &total), &matrix);
        let variance = (0..width).map(|i| product[i][i]).sum::<f64>() / width as f64;
        let scale = if variance > 0.0 {
            variance.sqrt().recip()
        } else {
            1.0
        };

        let flat: Vec<f32> = matrix
            .iter()
            .flatten()
            .map(|x| (x * scale) as f32)
            .collect();
        let mean: Vec<f32> = mean.iter().map(|x| *x as f32).collect();
        Self {
            mean: buffer(Tensor::from_data(TensorData::new(mean, [width]), device)),
            matrix: buffer(Tensor::from_data(
                TensorData::new(flat, [width, width]),
                device,
            )),
        }
    }
}

/// Share of an input's variance that is added to its variance within the classes.
const RIDGE: f64 = 1e-6;

impl Layer for Whitening {
    fn describe(&self) -> String {
        let [inputs] = self.mean.shape().dims();
        format!("Whitening {{inputs: {inputs}, fitted, not trained}}")
    }

    fn forward(&self, input: Tensor<2>, _: &mut Pass<'_>) -> Tensor<2> {
        (input - self.mean.val().unsqueeze_dim(0)).matmul(self.matrix.val())
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let (mean, weight) = (host(self.mean.val()), host(self.matrix.val()));
        let width = mean.len();
        // The mean is subtracted by a layer of its own: folded into the next bias, numbers that are large
        // and differ little, such as densities, would lose their last digits.
        let centre = FrozenLayer::new("centre").weight("mean", &[width], mean);
        vec![centre, frozen(weight, vec![0.0; width])]
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;

    /// Two slanted classes, one above the other.
    fn slanted() -> (Vec<f32>, Vec<usize>) {
        let mut rows = Vec::new();
        let mut labels = Vec::new();
        for step in 0..20 {
            let along = step as f32 / 10.0;
            let across = [0.1, -0.1, 0.05, -0.07][step % 4];
            for class in 0..2 {
                rows.extend([3.0 + along, 7.0 + along + across + 0.5 * class as f32]);
                labels.push(class);
            }
        }
        (rows, labels)
    }

    fn covariance(rows: &[f32], keep: impl Fn(usize) -> bool) -> [f32; 3] {
        let rows: Vec<_> = rows
            .chunks(2)
            .enumerate()
            .filter(|(i, _)| keep(*i))
            .map(|(_, r)| r)
            .collect();
        let n = rows.len() as f32;
        let mean = |c: usize| rows.iter().map(|r| r[c]).sum::<f32>() / n;
        let (a, b) = (mean(0), mean(1));
        let sum = |f: &dyn Fn(&[f32]) -> f32| rows.iter().map(|r| f(r)).sum::<f32>() / n;
        [
            sum(&|r| (r[0] - a).powi(2)),
            sum(&|r| (r[1] - b).powi(2)),
            sum(&|r| (r[0] - a) * (r[1] - b)),
        ]
    }

    #[test]
    fn classes_become_round_and_all_rows_get_unit_variance() {
        let (rows, labels) = slanted();
        let device = Device::flex();
        let layer = Whitening::fit(&rows, &labels, 2, &device);
        let input = Tensor::from_data(TensorData::new(rows, [40, 2]), &device);
        let whitened = host(layer.forward(input, &mut Pass::Predict));
        for class in 0..2 {
            let [a, b, both] = covariance(&whitened, |row| row % 2 == class);
            assert!(
                (a / b - 1.0).abs() < 1e-3 && (both / a).abs() < 1e-3,
                "{a} {b} {both}"
            );
        }
        let [a, b, _] = covariance(&whitened, |_| true);
        assert!((f32::midpoint(a, b) - 1.0).abs() < 1e-4, "{a} {b}");
        let mean: f32 = whitened.iter().sum::<f32>() / 80.0;
        assert!(mean.abs() < 1e-5, "{mean}");
    }

    #[test]
    fn inputs_without_variance_stay_finite() {
        let rows = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0];
        let layer = Whitening::fit(&rows, &[0, 1, 1], 2, &Device::flex());
        assert!(host(layer.matrix.val()).iter().all(|x| x.is_finite()));
    }
}
