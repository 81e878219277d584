mod sums;
mod windows;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use burn::module::{Module, Param};
use burn::tensor::{Device, Int, Tensor, TensorData};
use burn_cpu_ops::{Bags, Texts, parallel};
use inference::frozen::{FrozenLayer, FrozenText};
use inference::layers::{ROLES, WINDOWS};
use inference::ngrams::{find, grams, words_in};
use rand::RngExt;

use self::sums::sum_bags;
use self::windows::strongest;
use super::{Layer, Pass};
use crate::init::{buffer, normal, trainable};
use crate::parameters::host;
use crate::quantized::{LARGEST, scales};
use crate::random::Random;

/// In how many training texts an n-gram has to be; a text that comes in two forms counts as two.
const FEWEST_TEXTS: u32 = 2;
/// In how many a word has to be for the readers.
const FEWEST_TEXTS_OF_A_WORD: u32 = 3;
/// Added to each count of an n-gram in a class, so that none is beyond all doubt.
const SMOOTHING: f32 = 1.0;
/// First standard deviation of the numbers of a word.
const WORD: f32 = 0.1;

/// How large [`TextFeatures`] are, and how they are disturbed while they learn.
#[derive(Debug, Clone, Copy)]
pub struct TextSize {
    /// Most words and pairs of words that speak for classes.
    pub grams: usize,
    /// Most words that filters see.
    pub words: usize,
    /// Readers of windows, each of which learns by itself.
    pub readers: usize,
    /// Numbers of a word for each reader.
    pub size: usize,
    /// Filters for each size of window.
    pub filters: usize,
    /// How much faster what a gram says is learnt than the rest.
    pub haste: f64,
    /// Share of the grams that are left out of a sum.
    pub gram_dropout: f32,
    /// Share of the words that filters see as unknown.
    pub word_dropout: f32,
}

/// Several readers of a text side by side; see [`inference::layers::TextFeatures`].
///
/// What an n-gram says is learnt as a change to what naive Bayes makes of its counts in the training
/// texts, in proportion to that: what is rare, and hence near nothing, stays so.
#[derive(Module, Debug)]
pub struct TextFeatures {
    /// Log ratio of an n-gram's frequency in each class to that in the others; shape
    /// `[grams, classes]`, not trained.
    prior: Param<Tensor<2>>,
    /// Factor on it, less 1, over [`TextSize::haste`]; the same shape.
    change: Param<Tensor<2>>,
    /// Factor on the sums, shape `[1]`.
    level: Param<Tensor<1>>,
    /// Shape `[classes]`.
    bias: Param<Tensor<1>>,
    /// The readers of windows.
    readers: Vec<Reader>,
    /// The n-grams that are known, sorted.
    #[module(skip)]
    grams: Arc<Vec<u32>>,
    /// The words that are known, sorted.
    #[module(skip)]
    words: Arc<Vec<u32>>,
    #[module(skip)]
    size: Arc<TextSize>,
}

/// Looks for windows of words.
#[derive(Module, Debug)]
struct Reader {
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
    /// Features that know what is in `texts`, each its slots and its class; the weights are fresh.
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
        for (slots, label) in texts {
            texts_of[label] += 1;
            for word in words_in(&slots).collect::<BTreeSet<_>>() {
                words.entry(word).or_insert_with(|| vec![0; classes])[label] += 1;
            }
            for gram in grams_of(&slots) {
                counts.entry(gram).or_insert_with(|| vec![0; classes])[label] += 1;
            }
        }
        let grams = most_frequent(&counts, FEWEST_TEXTS, size.grams);
        let words = most_frequent(&words, FEWEST_TEXTS_OF_A_WORD, size.words);
        let prior: Vec<f32> = (grams.iter())
            .flat_map(|gram| log_ratios(&counts[gram], &texts_of))
            .collect();
        let (rows, filters) = (grams.len(), size.filters);
        let deviation = (1.0 / (2.0 * size.size as f32)).sqrt();
        let windows = [size.size, ROLES * filters];
        let mut reader = || Reader {
            word: trainable(normal([words.len() + 1, size.size], WORD, random, device)),
            window: trainable(normal(windows, deviation, random, device)),
            bias: trainable(Tensor::zeros([WINDOWS * filters], device)),
        };
        Self {
            readers: (0..size.readers).map(|_| reader()).collect(),
            prior: buffer(Tensor::from_data(
                TensorData::new(prior, [rows, classes]),
                device,
            )),
            change: trainable(Tensor::zeros([rows, classes], device)),
            level: trainable(Tensor::ones([1], device)),
            bias: trainable(Tensor::zeros([classes], device)),
            grams: Arc::new(grams),
            words: Arc::new(words),
            size: Arc::new(size),
        }
    }

    /// The features that a module has, as Burn computes them. Rounded weights stay what they are when
    /// they are rounded again.
    pub(crate) fn thaw(text: &FrozenText, device: &Device) -> Self {
        let table = |weight: &[i8], scale: &[f32]| {
            let numbers = weight.iter().zip(scale.iter().cycle());
            let numbers: Vec<f32> = numbers.map(|(w, scale)| f32::from(*w) * scale).collect();
            let shape = [weight.len() / scale.len().max(1), scale.len()];
            Tensor::<2>::from_data(TensorData::new(numbers, shape), device)
        };
        let vector = |numbers: Vec<f32>| {
            let length = numbers.len();
            buffer(Tensor::<1>::from_data(
                TensorData::new(numbers, [length]),
                device,
            ))
        };
        let all = text.word_scale.len();
        let (size, columns) = (all / text.readers, text.window_bias.len() / text.readers);
        let filters = columns / ROLES;
        let reader = |reader: usize| {
            let of_word = |row: &[i8]| row[reader * size..][..size].to_vec();
            let weight: Vec<i8> = text
                .word_weight
                .chunks_exact(all)
                .flat_map(of_word)
                .collect();
            let window = text.window_weight[reader * size * columns..][..size * columns].to_vec();
            let window = TensorData::new(window, [size, columns]);
            let bias = &text.window_bias[reader * columns..];
            let of_role = |role: usize| &bias[role * filters..][..filters];
            Reader {
                word: buffer(table(&weight, &text.word_scale[reader * size..][..size])),
                window: buffer(Tensor::from_data(window, device)),
                bias: vector([of_role(0), of_role(1), of_role(3)].concat()),
            }
        };
        let prior = table(&text.gram_weight, &text.gram_scale);
        Self {
            change: buffer(Tensor::zeros(prior.dims(), device)),
            prior: buffer(prior),
            level: vector(vec![1.0]),
            bias: vector(text.gram_bias.clone()),
            readers: (0..text.readers).map(reader).collect(),
            grams: Arc::new(text.grams.clone()),
            words: Arc::new(text.words.clone()),
            size: Arc::new(TextSize {
                grams: text.grams.len(),
                words: text.words.len(),
                readers: text.readers,
                size,
                filters,
                haste: 1.0,
                gram_dropout: 0.0,
                word_dropout: 0.0,
            }),
        }
    }

    /// What each n-gram says, shape `[grams, classes]`.
    fn gram_weight(&self) -> Tensor<2> {
        let change = self
            .change
            .val()
            .mul_scalar(self.size.haste)
            .add_scalar(1.0);
        self.prior.val() * change * self.level.val().unsqueeze_dim(0)
    }

    /// The sums over the n-grams of each text, shape `[rows, classes]`.
    fn sum_grams(&self, slots: &[f32], rows: usize, pass: &mut Pass<'_>) -> Tensor<2> {
        let bags = self.bags(slots, rows, pass);
        let sums = match pass {
            Pass::Train(_) => {
                let sums = sum_bags(self.change.val(), self.prior.val(), self.size.haste, bags);
                sums * self.level.val().unsqueeze_dim(0)
            }
            Pass::Predict => {
                let weight = rounded(self.gram_weight());
                sum_bags(weight.clone(), weight, 0.0, bags)
            }
        };
        sums + self.bias.val().unsqueeze_dim(0)
    }

    /// The n-grams of each text. Each text's count for the same together, whatever their number.
    fn bags(&self, slots: &[f32], rows: usize, pass: &mut Pass<'_>) -> Bags {
        let mut bags = Bags::default();
        let texts = slots.chunks_exact(slots.len() / rows);
        for found in parallel::map(texts, |slots| find(&self.grams, slots)) {
            let share = 1.0 / (found.len().max(1) as f32).sqrt();
            for gram in found {
                let share = match pass {
                    Pass::Train(random) => {
                        let dropout = self.size.gram_dropout;
                        if random.random::<f32>() < dropout {
                            continue;
                        }
                        share / (1.0 - dropout)
                    }
                    Pass::Predict => share,
                };
                bags.rows.push(gram as u32);
                bags.shares.push(share);
            }
            bags.ends.push(bags.rows.len() as u32);
        }
        bags
    }

    /// The strongest place of each window for one of the readers, shape `[rows, 3 · filters]`.
    fn find_windows(&self, reader: &Reader, texts: &Arc<Texts>, pass: &mut Pass<'_>) -> Tensor<2> {
        let texts = match pass {
            Pass::Train(random) => Arc::new(self.hide_words(texts, random)),
            Pass::Predict => Arc::clone(texts),
        };
        let word = match pass {
            Pass::Train(_) => reader.word.val(),
            Pass::Predict => rounded(reader.word.val()),
        };
        let (window, bias) = (reader.window.val(), reader.bias.val());
        strongest(word, window, bias, texts)
    }

    /// The words of each text as rows of the tables.
    fn texts(&self, slots: &[f32], rows: usize) -> Texts {
        let (mut words, mut ends) = (Vec::new(), Vec::new());
        for slots in slots.chunks_exact(slots.len() / rows) {
            let known = words_in(slots).map(|word| self.words.binary_search(&word));
            words.extend(known.map(|known| known.map_or(0, |index| index as u32 + 1)));
            ends.push(words.len() as u32);
        }
        Texts { words, ends }
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

/// `weight` as modules will have it.
fn rounded(weight: Tensor<2>) -> Tensor<2> {
    let scale = scales(weight.clone());
    weight.div(scale.clone()).round().mul(scale)
}

/// The [`grams`] in `slots`, each once.
fn grams_of(slots: &[f32]) -> BTreeSet<u32> {
    let mut found = BTreeSet::new();
    grams(slots, |gram| {
        found.insert(gram);
    });
    found
}

/// Up to `most` of the n-grams that are in `fewest` texts or more, the most frequent; sorted.
fn most_frequent(counts: &Counts, fewest: u32, most: usize) -> Vec<u32> {
    let total = |counts: &Vec<u32>| counts.iter().sum::<u32>();
    let mut frequent: Vec<(u32, u32)> = (counts.iter())
        .map(|(gram, counts)| (total(counts), *gram))
        .filter(|(texts, _)| *texts >= fewest)
        .collect();
    frequent.sort_unstable_by(|a, b| b.cmp(a));
    frequent.truncate(most);
    let mut grams: Vec<u32> = frequent.into_iter().map(|(_, gram)| gram).collect();
    grams.sort_unstable();
    grams
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
            readers,
            size,
            filters,
            ..
        } = *self.size;
        let (grams, words) = (self.grams.len(), self.words.len());
        let params = self.parameters();
        format!(
            "TextFeatures {{grams: {grams}, words: {words}, readers: {readers}, d_word: {size}, \
             windows: {WINDOWS}, filters: {filters}, params: {params}}}"
        )
    }

    fn forward(&self, input: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        let [rows, _] = input.dims();
        let slots = host(input);
        let mut answers = vec![self.sum_grams(&slots, rows, pass)];
        let texts = Arc::new(self.texts(&slots, rows));
        for reader in &self.readers {
            answers.push(self.find_windows(reader, &texts, pass));
        }
        Tensor::cat(answers, 1)
    }

    fn parameters(&self) -> usize {
        let TextSize {
            readers,
            size,
            filters,
            ..
        } = *self.size;
        let classes = self.bias.shape().num_elements();
        let grams = self.grams.len() * classes + classes + 1;
        let windows = size * ROLES * filters + WINDOWS * filters;
        grams + readers * ((self.words.len() + 1) * size + windows)
    }

    fn freeze(&self) -> Option<Vec<FrozenLayer>> {
        let rounded = |weight: Tensor<2>| -> (Vec<i8>, Vec<f32>) {
            let scale = scales(weight.clone());
            let rounded = host(weight.div(scale.clone()).round());
            let rounded = rounded
                .into_iter()
                .map(|weight| weight.clamp(-LARGEST, LARGEST) as i8);
            (rounded.collect(), host(scale))
        };
        let (gram_weight, gram_scale) = rounded(self.gram_weight());
        let words: Vec<Tensor<2>> = self
            .readers
            .iter()
            .map(|reader| reader.word.val())
            .collect();
        let (word_weight, word_scale) = rounded(Tensor::cat(words, 1));
        let filters = self.size.filters;
        let bias = |reader: &Reader| {
            // The last word of a window brings the bias.
            let bias = host(reader.bias.val());
            let mut of_role = [(); ROLES].map(|()| vec![0.0; filters]);
            for (role, bias) in [0, 1, 3].into_iter().zip(bias.chunks_exact(filters)) {
                of_role[role] = bias.to_vec();
            }
            of_role.concat()
        };
        Some(vec![FrozenLayer::TextFeatures(FrozenText {
            grams: self.grams.to_vec(),
            gram_weight,
            gram_scale,
            gram_bias: host(self.bias.val()),
            readers: self.readers.len(),
            words: self.words.to_vec(),
            word_weight,
            word_scale,
            window_weight: self
                .readers
                .iter()
                .flat_map(|r| host(r.window.val()))
                .collect(),
            window_bias: self.readers.iter().flat_map(bias).collect(),
        })])
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
