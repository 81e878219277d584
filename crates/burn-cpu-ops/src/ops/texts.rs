//! Operations on texts.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::Tensor;
use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};

use crate::cpu::bags::{self, Bags};
use crate::cpu::windows::{self, Found, Texts, Weights};
use crate::host::Host;

/// The operations that can be differentiated.
#[backend_extension(Autodiff, Flex: cfg(feature = "flex"), NdArray: cfg(feature = "ndarray"))]
pub trait TextOps: Backend {
    /// See [`word_windows`].
    fn word_windows(
        word: FloatTensor<Self>,
        window: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        texts: Arc<Texts>,
    ) -> FloatTensor<Self>;

    /// See [`embedding_bag`].
    fn embedding_bag(
        change: FloatTensor<Self>,
        prior: FloatTensor<Self>,
        multiplier: f32,
        bags: Arc<Bags>,
    ) -> FloatTensor<Self>;
}

/// How strong the strongest window of one, two and three words is for each filter, with autodiff.
///
/// `word` has the shape `[words, size]`, and `texts` are rows of it. `window`, of shape
/// `[size, 6 · filters]`, is what a word adds to a window of one; to one of two as the last and as the
/// first; to one of three as the last, the middle and the first. `bias` has the shape `[3 · filters]`.
/// Returns `[texts, 3 · filters]`; nothing is below 0.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn word_windows(
    word: Tensor<2>,
    window: Tensor<2>,
    bias: Tensor<1>,
    texts: Arc<Texts>,
) -> Tensor<2> {
    let ([words, size], [rows, columns], [biases]) = (word.dims(), window.dims(), bias.dims());
    assert!(
        rows == size && biases > 0 && columns * WINDOW_WIDTHS == biases * KERNEL_POSITIONS,
        "windows of {rows} x {columns} and {biases} biases do not fit words of {size}"
    );
    assert!(
        texts.words.iter().all(|word| (*word as usize) < words),
        "a word is beyond the {words} that there are"
    );
    Tensor::from_dispatch(<Dispatch as TextOps>::word_windows(
        word.into_dispatch(),
        window.into_dispatch(),
        bias.into_dispatch(),
        texts,
    ))
}

/// For each of `bags` the sum of rows of `prior · (1 + multiplier · change)`, with autodiff for `change`.
///
/// `multiplier` makes the change learn faster than other parameters. Both tables have the shape `[rows, columns]`,
/// of which the bags name rows. Only those are computed.
/// Returns `[bags, columns]`.
///
/// # Panics
///
/// If the backend is none that [`is_available`](crate::is_available), or shapes do not fit.
#[must_use]
pub fn embedding_bag(
    change: Tensor<2>,
    prior: Tensor<2>,
    multiplier: f32,
    bags: Arc<Bags>,
) -> Tensor<2> {
    let [rows, columns] = prior.dims();
    assert!(
        change.dims() == [rows, columns] && columns > 0,
        "a change of {:?} does not fit a table of {rows} x {columns}",
        change.dims()
    );
    assert!(
        bags.rows.len() == bags.shares.len() && bags.rows.iter().all(|row| (*row as usize) < rows),
        "a row is beyond the {rows} that there are, or has no share"
    );
    Tensor::from_dispatch(<Dispatch as TextOps>::embedding_bag(
        change.into_dispatch(),
        prior.into_dispatch(),
        multiplier,
        bags,
    ))
}

/// Any backend of the host, with gradients.
impl<B: Host, C: CheckpointStrategy> TextOps for Autodiff<B, C> {
    fn word_windows(
        word: FloatTensor<Self>,
        window: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        texts: Arc<Texts>,
    ) -> FloatTensor<Self> {
        let (word, word_node) = word.into_parts();
        let (window, window_node) = window.into_parts();
        let (bias, bias_node) = bias.into_parts();
        let weights = [word, window, bias];
        let mut found = find::<B>(&weights, &texts);
        let output = std::mem::take(&mut found.output);
        let output = B::tensor(output, B::columns(&weights[2]));
        let nodes = [word_node, window_node, bias_node];
        match WordWindows.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((weights, texts, found), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }

    fn embedding_bag(
        change: FloatTensor<Self>,
        prior: FloatTensor<Self>,
        multiplier: f32,
        bags: Arc<Bags>,
    ) -> FloatTensor<Self> {
        let (change, change_node) = change.into_parts();
        let (prior, _) = prior.into_parts();
        let (output, columns) = sums::<B>(&change, &prior, multiplier, &bags);
        let output = B::tensor(output, columns);
        match EmbeddingBag
            .prepare::<C>([change_node])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prepared) => prepared.finish((prior, multiplier, bags), output),
            OpsKind::UnTracked(prepared) => prepared.finish(output),
        }
    }
}

/// The sums, and how many columns they have.
fn sums<B: Host>(
    change: &FloatTensor<B>,
    prior: &FloatTensor<B>,
    multiplier: f32,
    bags: &Bags,
) -> (Vec<f32>, usize) {
    let columns = B::columns(prior);
    let (change, prior) = (B::numbers(change), B::numbers(prior));
    (
        bags::forward(&change, &prior, multiplier, bags, columns),
        columns,
    )
}

/// [`embedding_bag`] on its way back.
#[derive(Debug)]
struct EmbeddingBag;

impl<B: Host> Backward<B, 1> for EmbeddingBag {
    type State = (FloatTensor<B>, f32, Arc<Bags>);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (prior, multiplier, bags) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let [Some(parent)] = ops.parents else {
            return;
        };
        let columns = B::columns(&prior);
        let found = bags::backward(
            &B::numbers(&prior),
            multiplier,
            &bags,
            &B::numbers(&gradient),
            columns,
        );
        gradients.register::<B>(parent.id, B::tensor(found, columns));
    }
}

/// Calls `then` with the numbers of the weights.
fn with_weights<B: Host, R>(
    weights: &[FloatTensor<B>; 3],
    then: impl FnOnce(Weights<'_>) -> R,
) -> R {
    let [word, window, bias] = weights.each_ref().map(B::numbers);
    then(Weights {
        word: &word,
        window: &window,
        bias: &bias,
    })
}

fn find<B: Host>(weights: &[FloatTensor<B>; 3], texts: &Texts) -> Found {
    with_weights::<B, _>(weights, |weights| windows::forward(weights, texts))
}

/// [`word_windows`] on its way back.
#[derive(Debug)]
struct WordWindows;

impl<B: Host> Backward<B, 3> for WordWindows {
    type State = ([FloatTensor<B>; 3], Arc<Texts>, Found);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let (weights, texts, found) = ops.state;
        let gradient = gradients.consume::<B>(&ops.node);
        let gradient = B::numbers(&gradient);
        let found = with_weights::<B, _>(&weights, |weights| {
            windows::backward(weights, &texts, &found, &gradient)
        });
        let [word, window, _] = &weights;
        let found = [
            B::tensor(found.word, B::columns(word)),
            B::tensor(found.window, B::columns(window)),
            B::vector(found.bias),
        ];
        for (parent, gradient) in ops.parents.into_iter().zip(found) {
            if let Some(parent) = parent {
                gradients.register::<B>(parent.id, gradient);
            }
        }
    }
}

/// The operations of a backend whose tensors lie in the host's memory.
macro_rules! on_the_host {
    ($backend:ty) => {
        impl TextOps for $backend {
            fn word_windows(
                word: FloatTensor<Self>,
                window: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                texts: Arc<Texts>,
            ) -> FloatTensor<Self> {
                let weights = [word, window, bias];
                let output = find::<Self>(&weights, &texts).output;
                Self::tensor(output, Self::columns(&weights[2]))
            }

            fn embedding_bag(
                change: FloatTensor<Self>,
                prior: FloatTensor<Self>,
                multiplier: f32,
                bags: Arc<Bags>,
            ) -> FloatTensor<Self> {
                let (output, columns) = sums::<Self>(&change, &prior, multiplier, &bags);
                Self::tensor(output, columns)
            }
        }
    };
}

#[cfg(feature = "flex")]
on_the_host!(burn::backend::Flex);
#[cfg(feature = "ndarray")]
on_the_host!(burn::backend::NdArray);
