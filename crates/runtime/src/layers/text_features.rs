use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};
use model::ModelError;
use model::ngrams::{find, tokens};

use super::{Layer, LayerKind, Linear, MOST_OUTPUTS};

/// The features of a text, of two kinds.
///
/// First a sum over its words and pairs of words, each of which counts for or against each class
/// (Wang and Manning, "Baselines and bigrams", ACL 2012), divided by the root of their number. After it
/// the outputs of convolution filters over windows of one, two and three words, of which each filter's
/// largest over the whole text counts (Kim, <https://arxiv.org/abs/1408.5882>). There are several branches
/// of filters, each with word vectors of its own.
///
/// The input is a token for each word: see [`tokens`].
#[derive(Debug, Clone, Copy)]
pub struct TextFeatures<'a> {
    /// The n-grams that are known, sorted: shape `[ngrams]`.
    pub ngrams: &'a [u32],
    /// Shape `[ngrams, classes]`, row-major.
    pub ngram_weight: &'a [i8],
    /// Shape `[classes]`.
    pub ngram_scale: &'a [f32],
    /// Shape `[classes]`.
    pub ngram_bias: &'a [f32],
    /// The words that have a vector, sorted: shape `[words]`.
    pub words: &'a [u32],
    /// Shape `[1 + words, branches, size]`, row-major; the first row is for all other words.
    pub word_weight: &'a [i8],
    /// Shape `[branches, size]`.
    pub word_scale: &'a [f32],
    /// Shape `[branches, size, 6, filters]`, row-major: the weights of a word at each kernel position. They are, in
    /// this order: the only one of windows of one word; the last and the first of two; the last, the
    /// middle and the first of three.
    pub filter_weight: &'a [f32],
    /// Shape `[branches, 6, filters]`: the biases, at the positions of the last word of a window.
    pub filter_bias: &'a [f32],
    /// Number of branches.
    pub branches: usize,
}

impl<'a> TextFeatures<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "text_features",
        read: |layer, _| Ok(Box::new(TextFeatures::read(layer)?)),
    };

    /// Reads a layer. It takes any number of tokens.
    ///
    /// # Errors
    ///
    /// If its weights do not fit together.
    pub fn read(layer: &model::Layer<'_, 'a>) -> Result<Self, ModelError> {
        let (ngram_weight, [rows, classes]) = layer.tensor("ngram_weight")?;
        let (word_weight, [word_rows, branches, size]) = layer.tensor("word_weight")?;
        let (word_scale, scales) = layer.tensor("word_scale")?;
        let (filter_weight, [.., filters]) = layer.tensor::<_, 4>("filter_weight")?;
        let (_, filter_shape) = layer.tensor::<f32, 4>("filter_weight")?;
        let (filter_bias, bias_shape) = layer.tensor("filter_bias")?;
        let words = word_rows.checked_sub(1);
        let fits = scales == [branches, size]
            && filter_shape == [branches, size, KERNEL_POSITIONS, filters]
            && bias_shape == [branches, KERNEL_POSITIONS, filters]
            && ![classes, branches, size, filters].contains(&0);
        let (true, Some(words)) = (fits, words) else {
            return Err(layer.problem("has weights that do not fit together"));
        };
        let outputs = (branches.checked_mul(WINDOW_WIDTHS))
            .and_then(|windows| windows.checked_mul(filters)?.checked_add(classes));
        if outputs.is_none_or(|outputs| outputs > MOST_OUTPUTS) {
            return Err(layer.problem("has too many outputs"));
        }
        Ok(Self {
            ngrams: layer.vector("ngrams", rows)?,
            ngram_weight,
            ngram_scale: layer.vector("ngram_scale", classes)?,
            ngram_bias: layer.vector("ngram_bias", classes)?,
            words: layer.vector("words", words)?,
            word_weight,
            word_scale,
            filter_weight,
            filter_bias,
            branches,
        })
    }

    fn filters(&self) -> usize {
        self.filter_bias.len() / KERNEL_POSITIONS / self.branches.max(1)
    }

    fn sum_ngrams(&self, input: &[f32], output: &mut [f32]) {
        let found = find(self.ngrams, input);
        output.fill(0.0);
        for index in &found {
            let start = index * output.len();
            let row = self.ngram_weight.get(start..).unwrap_or_default();
            for (sum, weight) in output.iter_mut().zip(row) {
                // Whole numbers, and hence exact in any order.
                *sum += f32::from(*weight);
            }
        }
        let share = 1.0 / libm::sqrtf(found.len().max(1) as f32);
        for (y, (scale, bias)) in output
            .iter_mut()
            .zip(self.ngram_scale.iter().zip(self.ngram_bias))
        {
            *y = *y * share * scale + bias;
        }
    }

    /// The largest output of each filter of the branch number `branch`, over the text whose words are the
    /// `rows` of the table; shape `[3, filters]`.
    fn max_over_time(&self, branch: usize, rows: &[usize], output: &mut [f32]) {
        let (all, filters) = (self.word_scale.len(), self.filters());
        let size = all / self.branches.max(1);
        let part = |length: usize| branch * length..(branch + 1) * length;
        let scale = self.word_scale.get(part(size)).unwrap_or_default();
        let positions = Linear {
            weight: self
                .filter_weight
                .get(part(size * KERNEL_POSITIONS * filters))
                .unwrap_or_default(),
            bias: self
                .filter_bias
                .get(part(KERNEL_POSITIONS * filters))
                .unwrap_or_default(),
        };
        let mut vector = vec![0.0; size];
        // What this word and the two before it add to windows.
        let mut added = [(); WINDOW_WIDTHS].map(|()| vec![0.0; KERNEL_POSITIONS * filters]);
        output.fill(0.0);
        for row in rows {
            let start = row * all + branch * size;
            let row = self.word_weight.get(start..).unwrap_or_default();
            for ((x, weight), scale) in vector.iter_mut().zip(row).zip(scale) {
                *x = f32::from(*weight) * scale;
            }
            added.rotate_right(1);
            let [last, middle, first] = &mut added;
            positions.forward(&vector, last);
            kernels::portable::max_over_windows([last, middle, first], output);
        }
    }
}

impl Layer for TextFeatures<'_> {
    fn outputs(&self) -> usize {
        self.ngram_bias.len() + self.branches * WINDOW_WIDTHS * self.filters()
    }

    fn knows(&self, input: &[f32]) -> bool {
        tokens(input).any(|word| self.words.binary_search(&word).is_ok())
            || !find(self.ngrams, input).is_empty()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let (sums, windows) = output.split_at_mut(self.ngram_bias.len());
        self.sum_ngrams(input, sums);
        let row = |word| self.words.binary_search(&word).map_or(0, |index| index + 1);
        let rows: Vec<usize> = tokens(input).map(row).collect();
        let width = WINDOW_WIDTHS * self.filters();
        for (branch, windows) in windows.chunks_exact_mut(width.max(1)).enumerate() {
            self.max_over_time(branch, &rows, windows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ngrams::pair;
    use model::tokenizer::{MOST_BUCKETS, Tokenizer};

    fn word(text: &str) -> u32 {
        let hash_buckets = MOST_BUCKETS;
        Tokenizer::Words { hash_buckets }.token(text)
    }

    #[test]
    fn sums_and_windows_by_hand() {
        let (a, b, c) = (word("a"), word("b"), word("c"));
        let mut known = [(a, [1_i8, -2]), (b, [3, 0]), (pair(a, b), [4, 4])];
        known.sort_unstable();
        let ngrams = known.map(|(ngram, _)| ngram);
        let ngram_weight = known.map(|(_, weight)| weight).concat();
        let mut words = [(a, 2_i8), (b, -1)];
        words.sort_unstable();
        // To the second branch all words are alike.
        let word_weight = words.map(|(_, weight)| [weight, 2]).concat();
        let word_weight = [&[0, 2][..], &word_weight].concat();
        let layer = TextFeatures {
            ngrams: &ngrams,
            ngram_weight: &ngram_weight,
            ngram_scale: &[0.5, 1.0],
            ngram_bias: &[0.25, 0.0],
            branches: 2,
            words: &words.map(|(word, _)| word),
            word_weight: &word_weight,
            word_scale: &[0.5, 0.25],
            // One filter for each: the weight at each kernel position.
            filter_weight: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 2.0, 2.0, 2.0, -2.0, 2.0, 2.0],
            filter_bias: &[0.5, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        };
        let numbers = [a, b, c, a].map(|word| (word + 1) as f32);
        let input = [&numbers[..], &[0.0; 2]].concat();
        let mut output = [f32::NAN; 8];
        layer.forward(&input, &mut output);
        // Found are a, b and the pair of them: sums of 8 and 2.
        let root = 3.0_f32.sqrt();
        // The words' numbers are 1, −½, 0 and 1. Windows of one: 1.5, 0, 0.5, 1.5; of two:
        // 2, −1 + 3, 0 − 1.5, 2 + 0; of three: 4 − 1, −2 + 5 − 1, −2.5 + 6 − 1, 4 + 0 − 3 − 1.
        // To the second branch each word is ½: windows of 1, 2 and −1 + 2.
        let expected = [4.0 / root + 0.25, 2.0 / root, 1.5, 2.0, 3.0, 1.0, 2.0, 1.0];
        for (y, expected) in output.iter().zip(expected) {
            assert!((y - expected).abs() < 1e-6, "{output:?}");
        }
    }

    #[test]
    fn a_text_of_unknown_words_is_no_trouble() {
        let layer = TextFeatures {
            ngrams: &[],
            ngram_weight: &[],
            ngram_scale: &[1.0],
            ngram_bias: &[0.5],
            branches: 1,
            words: &[],
            word_weight: &[0],
            word_scale: &[1.0],
            filter_weight: &[1.0; 6],
            filter_bias: &[0.0; 6],
        };
        let mut output = [f32::NAN; 4];
        layer.forward(&[7.0, f32::NAN, -1.0, 1e30], &mut output);
        assert_eq!(output, [0.5, 0.0, 0.0, 0.0]);
    }
}
