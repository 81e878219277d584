mod sums;
mod windows;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};
use burn_cpu_ops::{Bags, Texts, parallel};
use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};
use model::FrozenLayer;
use model::keys::{has_room, pack};
use model::ngrams::{KEY_BITS, find, key, ngrams, tokens};
use model::tokenizer::MOST_BUCKETS;
use rand::RngExt;
use runtime::layers::{FourBits as RowsOfFourBits, LEVELS};

use self::sums::sum_bags;
use self::windows::max_over_time;
use super::{Layer, Pass};
use crate::init::{buffer, normal, trainable};
use crate::parameters::host;
use crate::quantized::FourBits;
use crate::random::Random;

/// In how many training texts an n-gram has to be; a text that comes in two forms counts as two.
const FEWEST_TEXTS: u32 = 2;
/// In how many a word has to be for the branches.
const FEWEST_TEXTS_OF_A_WORD: u32 = 3;
/// Added to each count of an n-gram in a class, so that none is beyond all doubt.
const SMOOTHING: f32 = 1.0;
/// Bits of a token.
const TOKEN_BITS: u32 = MOST_BUCKETS.ilog2();
/// First standard deviation of the numbers of a word.
const WORD: f32 = 0.1;

/// How large [`TextFeatures`] are, and how they are disturbed while they learn.
#[derive(Debug, Clone, Copy)]
pub struct TextSize {
    /// Most words and pairs of words that speak for classes.
    pub ngrams: usize,
    /// Most words that filters see.
    pub words: usize,
    /// Branches of windows, each of which learns by itself.
    pub branches: usize,
    /// Numbers of a word for each branch.
    pub size: usize,
    /// Filters for each size of window.
    pub filters: usize,
    /// How much faster what an n-gram says is learnt than the rest.
    pub learning_rate_multiplier: f64,
    /// Share of the n-grams that are left out of a sum.
    pub ngram_dropout: f32,
    /// Share of the words that filters see as unknown.
    pub word_dropout: f32,
}

/// Several branches of a text side by side; see [`runtime::layers::TextFeatures`].
///
/// What an n-gram says is learnt as a change to what naive Bayes makes of its counts in the training
/// texts, in proportion to that: what is rare, and hence near nothing, stays so.
#[derive(Module, Debug)]
pub struct TextFeatures {
    /// Log ratio of an n-gram's frequency in each class to that in the others; shape
    /// `[ngrams, classes]`, not trained.
    prior: Param<Tensor<2>>,
    /// Factor on it, less 1, over [`TextSize::learning_rate_multiplier`]; the same shape.
    change: Param<Tensor<2>>,
    /// Factor on the sums, shape `[1]`.
    level: Param<Tensor<1>>,
    /// Shape `[classes]`.
    bias: Param<Tensor<1>>,
    /// The branches of windows.
    branches: Vec<Branch>,
    /// The [keys](key) of the n-grams that are known, sorted.
    #[module(skip)]
    ngrams: Arc<Vec<u32>>,
    /// The words that are known, sorted.
    #[module(skip)]
    words: Arc<Vec<u32>>,
    #[module(skip)]
    size: Arc<TextSize>,
    /// Whether weights are those of a module already.
    is_rounded: bool,
}

/// Looks for windows of words.
#[derive(Module, Debug)]
struct Branch {
    /// Shape `[1 + words, size]`; the first row is for all other words.
    word: Param<Tensor<2>>,
    /// Shape `[size, 6 · filters]`.
    window: Param<Tensor<2>>,
    /// Shape `[3 · filters]`.
    bias: Param<Tensor<1>>,
}

/// In how many texts of each class something is.
type Counts = HashMap<u32, Vec<u32>>;

impl TextFeatures {
    /// Features that know what is in `texts`, each its token numbers and its class; the weights are fresh.
    #[must_use]
    pub fn fit(
        texts: impl Iterator<Item = (Vec<f32>, usize)>,
        classes: usize,
        size: TextSize,
        random: &mut Random,
        device: &Device,
    ) -> Self {
        let (mut counts, mut words) = (Counts::new(), Counts::new());
        let mut texts_of = vec![0_u32; classes];
        for (numbers, label) in texts {
            texts_of[label] += 1;
            for word in tokens(&numbers).collect::<BTreeSet<_>>() {
                words.entry(word).or_insert_with(|| vec![0; classes])[label] += 1;
            }
            for ngram in ngrams_of(&numbers) {
                counts.entry(ngram).or_insert_with(|| vec![0; classes])[label] += 1;
            }
        }
        let ngrams = most_frequent(&counts, FEWEST_TEXTS, size.ngrams);
        let words = most_frequent(&words, FEWEST_TEXTS_OF_A_WORD, size.words);
        let prior: Vec<f32> = (ngrams.iter())
            .flat_map(|ngram| log_ratios(&counts[ngram], &texts_of))
            .collect();
        let (rows, filters) = (ngrams.len(), size.filters);
        let deviation = (1.0 / (2.0 * size.size as f32)).sqrt();
        let windows = [size.size, KERNEL_POSITIONS * filters];
        let mut branch = || Branch {
            word: trainable(normal([words.len() + 1, size.size], WORD, random, device)),
            window: trainable(normal(windows, deviation, random, device)),
            bias: trainable(Tensor::zeros([WINDOW_WIDTHS * filters], device)),
        };
        Self {
            branches: (0..size.branches).map(|_| branch()).collect(),
            prior: buffer(Tensor::from_data(
                TensorData::new(prior, [rows, classes]),
                device,
            )),
            change: trainable(Tensor::zeros([rows, classes], device)),
            level: trainable(Tensor::ones([1], device)),
            bias: trainable(Tensor::zeros([classes], device)),
            ngrams: Arc::new(ngrams),
            words: Arc::new(words),
            size: Arc::new(size),
            is_rounded: false,
        }
    }

    /// The features that a module has, as Burn computes them.
    pub(crate) fn from_frozen(text: &runtime::layers::TextFeatures<'_>, device: &Device) -> Self {
        let table = |rows: usize, columns: usize, read: &dyn Fn(usize, &mut [f32])| {
            let mut numbers = vec![0.0; rows * columns];
            for (row, numbers) in numbers.chunks_exact_mut(columns).enumerate() {
                read(row, numbers);
            }
            Tensor::<2>::from_data(TensorData::new(numbers, [rows, columns]), device)
        };
        let vector = |numbers: Vec<f32>| {
            let length = numbers.len();
            buffer(Tensor::<1>::from_data(
                TensorData::new(numbers, [length]),
                device,
            ))
        };
        let (size, columns) = (text.size, text.filter_bias.len() / text.branches);
        let filters = columns / KERNEL_POSITIONS;
        let branch = |branch: usize| {
            let word = table(text.words.len() + 1, size, &|row, numbers| {
                text.word_weight
                    .for_each(row, branch * size, numbers, |x, weight| *x = weight);
            });
            let window = text.filter_weight[branch * size * columns..][..size * columns].to_vec();
            let window = TensorData::new(window, [size, columns]);
            let bias = &text.filter_bias[branch * columns..];
            let of_role = |role: usize| &bias[role * filters..][..filters];
            Branch {
                word: buffer(word),
                window: buffer(Tensor::from_data(window, device)),
                bias: vector([of_role(0), of_role(1), of_role(3)].concat()),
            }
        };
        let classes = text.ngram_scale.len();
        let prior = table(text.ngrams.len(), classes, &|row, numbers| {
            text.ngram_weight
                .for_each(row, 0, numbers, |x, weight| *x = weight);
            for (x, scale) in numbers.iter_mut().zip(text.ngram_scale) {
                *x *= scale;
            }
        });
        Self {
            change: buffer(Tensor::zeros(prior.dims(), device)),
            prior: buffer(prior),
            level: vector(vec![1.0]),
            bias: vector(text.ngram_bias.to_vec()),
            branches: (0..text.branches).map(branch).collect(),
            ngrams: Arc::new(text.ngrams.iter().collect()),
            words: Arc::new(text.words.iter().collect()),
            is_rounded: true,
            size: Arc::new(TextSize {
                ngrams: text.ngrams.len(),
                words: text.words.len(),
                branches: text.branches,
                size,
                filters,
                learning_rate_multiplier: 1.0,
                ngram_dropout: 0.0,
                word_dropout: 0.0,
            }),
        }
    }

    /// What each n-gram says, shape `[ngrams, classes]`.
    fn gram_weight(&self) -> Tensor<2> {
        let change = self
            .change
            .val()
            .mul_scalar(self.size.learning_rate_multiplier)
            .add_scalar(1.0);
        self.prior.val() * change * self.level.val().unsqueeze_dim(0)
    }

    /// The sums over the n-grams of each text, shape `[rows, classes]`.
    fn sum_ngrams(&self, numbers: &[f32], rows: usize, pass: &mut Pass<'_>) -> Tensor<2> {
        let bags = self.bags(numbers, rows, pass);
        let sums = match pass {
            Pass::Train(_) => {
                let sums = sum_bags(
                    self.change.val(),
                    self.prior.val(),
                    self.size.learning_rate_multiplier,
                    bags,
                );
                sums * self.level.val().unsqueeze_dim(0)
            }
            Pass::Predict => {
                let weight = self.rounded(self.gram_weight());
                sum_bags(weight.clone(), weight, 0.0, bags)
            }
        };
        sums + self.bias.val().unsqueeze_dim(0)
    }

    /// The n-grams of each text. Each text's count for the same together, whatever their number.
    fn bags(&self, numbers: &[f32], rows: usize, pass: &mut Pass<'_>) -> Bags {
        let mut bags = Bags::default();
        let texts = numbers.chunks_exact(numbers.len() / rows);
        let position = |key: u32| self.ngrams.binary_search(&key).ok();
        for found in parallel::map(texts, |numbers| find(numbers, position)) {
            let share = 1.0 / (found.len().max(1) as f32).sqrt();
            for ngram in found {
                let share = match pass {
                    Pass::Train(random) => {
                        let dropout = self.size.ngram_dropout;
                        if random.random::<f32>() < dropout {
                            continue;
                        }
                        share / (1.0 - dropout)
                    }
                    Pass::Predict => share,
                };
                bags.rows.push(ngram as u32);
                bags.shares.push(share);
            }
            bags.ends.push(bags.rows.len() as u32);
        }
        bags
    }

    /// The largest answer of each filter over all windows of a text, for one of the branches, shape `[rows, 3 · filters]`.
    fn find_windows(&self, branch: &Branch, texts: &Arc<Texts>, pass: &mut Pass<'_>) -> Tensor<2> {
        let texts = match pass {
            Pass::Train(random) => Arc::new(self.hide_words(texts, random)),
            Pass::Predict => Arc::clone(texts),
        };
        let word = match pass {
            Pass::Train(_) => branch.word.val(),
            Pass::Predict => self.rounded(branch.word.val()),
        };
        let (window, bias) = (branch.window.val(), branch.bias.val());
        max_over_time(word, window, bias, texts)
    }

    /// The words of each text as rows of the tables.
    fn texts(&self, numbers: &[f32], rows: usize) -> Texts {
        let (mut words, mut ends) = (Vec::new(), Vec::new());
        for numbers in numbers.chunks_exact(numbers.len() / rows) {
            let known = tokens(numbers).map(|word| self.words.binary_search(&word));
            words.extend(known.map(|known| known.map_or(0, |index| index as u32 + 1)));
            ends.push(words.len() as u32);
        }
        Texts { words, ends }
    }

    /// `weight` as modules will have it.
    fn rounded(&self, weight: Tensor<2>) -> Tensor<2> {
        let device = weight.device();
        match self.is_rounded {
            true => weight,
            false => FourBits::round(weight).tensor(&device),
        }
    }

    /// `texts` with some of the known words made unknown.
    fn hide_words(&self, texts: &Texts, random: &mut Random) -> Texts {
        let mut texts = texts.clone();
        for word in texts.words.iter_mut().filter(|word| **word > 0) {
            if random.random::<f32>() < self.size.word_dropout {
                *word = 0;
            }
        }
        texts
    }
}

/// The keys of the [`ngrams`] in `numbers`, each once.
fn ngrams_of(numbers: &[f32]) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    ngrams(numbers, |ngram| {
        found.insert(key(ngram));
    });
    found
}

/// Up to `most` of the keys that are in `fewest` texts or more, the most frequent; sorted.
fn most_frequent(counts: &Counts, fewest: u32, most: usize) -> Vec<u32> {
    let total = |counts: &Vec<u32>| counts.iter().sum::<u32>();
    let mut frequent: Vec<(u32, u32)> = (counts.iter())
        .map(|(ngram, counts)| (total(counts), *ngram))
        .filter(|(texts, _)| *texts >= fewest)
        .collect();
    frequent.sort_unstable_by(|a, b| b.cmp(a));
    frequent.truncate(most);
    let mut keys: Vec<u32> = frequent.into_iter().map(|(_, key)| key).collect();
    keys.sort_unstable();
    let mut listed = Vec::with_capacity(keys.len());
    for key in keys {
        if has_room(&listed, key) {
            listed.push(key);
        }
    }
    listed
}

/// For each class, the logarithm of how much more of its texts have an n-gram than of the others; the
/// mean over the classes is 0.
fn log_ratios(counts: &[u32], texts: &[u32]) -> Vec<f32> {
    let [all, all_texts] = [counts, texts].map(|numbers| numbers.iter().sum::<u32>() as f32);
    let share = |count: f32, texts: f32| (count + SMOOTHING) / (texts + 2.0 * SMOOTHING);
    let ratios: Vec<f32> = (counts.iter().zip(texts))
        .map(|(count, texts)| {
            let (count, texts) = (*count as f32, *texts as f32);
            let ratio = share(count, texts) / share(all - count, all_texts - texts);
            libm::logf(ratio)
        })
        .collect();
    let mean = ratios.iter().sum::<f32>() / ratios.len().max(1) as f32;
    ratios.iter().map(|ratio| ratio - mean).collect()
}

/// The rows of `table` at `places`.
fn gather(table: Tensor<2>, places: Vec<i64>) -> Tensor<2> {
    let device = table.device().inner();
    let count = places.len();
    let places = Tensor::<1, Int>::from_data(TensorData::new(places, [count]), &device);
    table.select(0, Tensor::from_inner(places))
}

/// Numbers that nothing is learnt about.
fn constant(numbers: Vec<f32>, shape: [usize; 3], device: &Device) -> Tensor<3> {
    let inner = Tensor::from_data(TensorData::new(numbers, shape), &device.clone().inner());
    match device.is_autodiff() {
        true => Tensor::from_inner(inner),
        false => inner,
    }
}

impl Layer for TextFeatures {
    fn describe(&self) -> String {
        let TextSize {
            branches,
            size,
            filters,
            ..
        } = *self.size;
        let (ngrams, words) = (self.ngrams.len(), self.words.len());
        let params = self.parameters();
        format!(
            "TextFeatures {{ngrams: {ngrams}, words: {words}, branches: {branches}, d_word: {size}, \
             windows: {WINDOW_WIDTHS}, filters: {filters}, params: {params}}}"
        )
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let [rows, _] = input.dims();
        let numbers = host(input);
        let mut answers = vec![self.sum_ngrams(&numbers, rows, pass)];
        let texts = Arc::new(self.texts(&numbers, rows));
        for branch in &self.branches {
            answers.push(self.find_windows(branch, &texts, pass));
        }
        Tensor::cat(answers, 1)
    }

    fn parameters(&self) -> usize {
        let TextSize {
            branches,
            size,
            filters,
            ..
        } = *self.size;
        let classes = self.bias.shape().num_elements();
        let ngrams = self.ngrams.len() * classes + classes + 1;
        let windows = size * KERNEL_POSITIONS * filters + WINDOW_WIDTHS * filters;
        ngrams + branches * ((self.words.len() + 1) * size + windows)
    }

    fn freeze(&self) -> Vec<FrozenLayer> {
        let ngram = FourBits::round(self.gram_weight());
        let words: Vec<FourBits> = (self.branches.iter())
            .map(|branch| FourBits::round(branch.word.val()))
            .collect();
        let word = FourBits::side_by_side(&words);
        let filters = self.size.filters;
        let bias = |branch: &Branch| {
            // The last word of a window brings the bias.
            let bias = host(branch.bias.val());
            let mut of_role = [(); KERNEL_POSITIONS].map(|()| vec![0.0; filters]);
            for (role, bias) in [0, 1, 3].into_iter().zip(bias.chunks_exact(filters)) {
                of_role[role] = bias.to_vec();
            }
            of_role.concat()
        };
        let classes = ngram.scales.len();
        let TextSize { branches, size, .. } = *self.size;
        let positions = KERNEL_POSITIONS;
        let filter_weight: Vec<f32> = (self.branches.iter())
            .flat_map(|branch| host(branch.window.val()))
            .collect();
        let filter_bias: Vec<f32> = self.branches.iter().flat_map(bias).collect();
        let [ngram_low, ngram_counts] = pack(&self.ngrams, KEY_BITS);
        let [word_low, word_counts] = pack(&self.words, TOKEN_BITS);
        let (rows, word_rows) = (self.ngrams.len(), self.words.len() + 1);
        let [ngram_bytes, word_bytes] = [classes, branches * size].map(RowsOfFourBits::row_bytes);
        let layer = FrozenLayer::new("text_features")
            .weight("ngram_low", &[rows], ngram_low)
            .weight("ngram_counts", &[ngram_counts.len()], ngram_counts)
            .weight("ngram_weight", &[rows, ngram_bytes], ngram.packed())
            .weight("ngram_levels", &[classes, LEVELS], ngram.levels.concat())
            .weight("ngram_scale", &[classes], ngram.scales)
            .weight("ngram_bias", &[classes], host(self.bias.val()))
            .weight("word_low", &[word_rows - 1], word_low)
            .weight("word_counts", &[word_counts.len()], word_counts)
            .weight("word_weight", &[word_rows, word_bytes], word.packed())
            .weight(
                "word_levels",
                &[branches, size, LEVELS],
                word.levels.concat(),
            )
            .weight("word_scale", &[branches, size], word.scales)
            .weight(
                "filter_weight",
                &[branches, size, positions, filters],
                filter_weight,
            )
            .weight("filter_bias", &[branches, positions, filters], filter_bias);
        vec![layer]
    }
}

#[cfg(test)]
#[cfg(feature = "flex")]
mod tests {
    use super::*;

    #[test]
    fn ratios_favour_the_class_that_has_more() {
        let ratios = log_ratios(&[8, 1], &[10, 10]);
        // (9 / 12) / (2 / 12) and its inverse.
        assert!((ratios[0] - 4.5_f32.ln()).abs() < 1e-6);
        assert!((ratios[0] + ratios[1]).abs() < 1e-6);
    }
}
