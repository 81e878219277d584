use std::sync::Arc;

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use burn_cpu_ops::Texts;
use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};

use super::{constant, gather};

/// The largest output of each filter over the windows of each width, shape `[texts, 3 · filters]`.
pub fn max_over_time(
    word: Tensor<2>,
    window: Tensor<2>,
    bias: Tensor<1>,
    texts: Arc<Texts>,
) -> Tensor<2> {
    match burn_cpu_ops::is_available(&word.device()) {
        true => burn_cpu_ops::word_windows(word, window, bias, texts),
        false => composed(word, window, bias, &texts),
    }
}

/// [`burn_cpu_ops::word_windows`] out of Burn's own operations.
fn composed(word: Tensor<2>, window: Tensor<2>, bias: Tensor<1>, texts: &Texts) -> Tensor<2> {
    let rows = texts.ends.len();
    let longest = texts.each().map(<[u32]>::len).max().unwrap_or(0).max(1);
    let (mut places, mut here) = (Vec::new(), Vec::new());
    for words in texts.each() {
        let padding = longest - words.len();
        places.extend(words.iter().map(|word| i64::from(*word)));
        places.extend(vec![0; padding]);
        here.extend(vec![1.0; words.len()]);
        here.extend(vec![0.0; padding]);
    }
    let here = constant(here, [rows, longest, 1], &word.device());
    let [_, columns] = window.dims();
    let filters = columns / KERNEL_POSITIONS;
    let added = gather(word, places)
        .matmul(window)
        .reshape([rows, longest, columns]);
    // Behind the end of a text there is nothing, and before its start neither.
    let added = added * here.clone();
    let role = |role: usize, before: usize| {
        let part = added.clone().slice([
            0..rows,
            0..longest.saturating_sub(before),
            role * filters..(role + 1) * filters,
        ]);
        if before == 0 {
            return part;
        }
        let nothing = Tensor::zeros([rows, before.min(longest), filters], &added.device());
        Tensor::cat(vec![nothing, part], 1)
    };
    let windows = vec![
        role(0, 0),
        role(1, 0) + role(2, 1),
        role(3, 0) + role(4, 1) + role(5, 2),
    ];
    let bias = bias.reshape([1, 1, WINDOW_WIDTHS * filters]);
    let windows = relu(Tensor::cat(windows, 2) + bias) * here;
    windows.max_dim(1).reshape([rows, WINDOW_WIDTHS * filters])
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
    fn fused_windows_are_burns_operations_forwards_and_backwards() {
        let device = Device::flex().autodiff();
        let mut draw = random(1, Purpose::Weights);
        let (word, window) = ([6, 4], [4, KERNEL_POSITIONS * 5]);
        let weights = || {
            let mut draw = random(2, Purpose::Weights);
            (
                normal(word, 1.0, &mut draw, &device).require_grad(),
                normal(window, 1.0, &mut draw, &device).require_grad(),
                normal([WINDOW_WIDTHS * 5], 0.3, &mut draw, &device).require_grad(),
            )
        };
        let texts = Texts {
            words: vec![1, 0, 5, 2, 2, 3, 4],
            ends: vec![1, 1, 3, 7],
        };
        let mix: Tensor<2> = normal([4, WINDOW_WIDTHS * 5], 1.0, &mut draw, &device);
        let (one, other) = (weights(), weights());
        let fused = burn_cpu_ops::word_windows(
            one.0.clone(),
            one.1.clone(),
            one.2.clone(),
            Arc::new(texts.clone()),
        );
        let composed = composed(other.0.clone(), other.1.clone(), other.2.clone(), &texts);
        let same = |a: Vec<f32>, b: Vec<f32>| {
            assert!(
                a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-4),
                "{a:?}\n{b:?}"
            );
        };
        same(host(fused.clone()), host(composed.clone()));
        let fused = (fused * mix.clone()).sum().backward();
        let composed = (composed * mix).sum().backward();
        let gradient = |a: Option<Tensor<2>>| host(a.unwrap());
        same(
            gradient(one.0.grad(&fused)),
            gradient(other.0.grad(&composed)),
        );
        same(
            gradient(one.1.grad(&fused)),
            gradient(other.1.grad(&composed)),
        );
        same(
            host(one.2.grad(&fused).unwrap()),
            host(other.2.grad(&composed).unwrap()),
        );
    }
}
