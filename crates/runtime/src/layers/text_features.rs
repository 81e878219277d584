use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;

use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};
use model::ModelError;
use model::keys::Keys;
use model::ngrams::{find, ngrams, tokens};

use super::four_bits::{FourBits, LEVELS};
use super::{Layer, LayerKind, Linear, MOST_OUTPUTS};

/// Of so many n-grams that are not known, one may be taken for another that is: four times as many as on average.
const BY_CHANCE: usize = 16;

/// The features of a text, of two kinds.
///
/// First a sum over its words and pairs of words, each of which counts for or against each class
/// (Wang and Manning, "Baselines and bigrams", ACL 2012), divided by the root of their number. After it
/// the outputs of convolution filters over windows of one, two and three words, of which each filter's
/// largest over the whole text counts (Kim, <https://arxiv.org/abs/1408.5882>). There are several branches
/// of filters, each with word vectors of its own.
///
/// The input is a token for each word: see [`tokens`].
#[derive(Debug, Clone)]
pub struct TextFeatures<'a> {
    /// The n-grams that are known, by their [keys](model::ngrams::key).
    pub ngrams: Keys<'a>,
    /// Shape `[ngrams, classes]`: whole numbers.
    pub ngram_weight: FourBits<'a>,
    /// Shape `[classes]`.
    pub ngram_scale: &'a [f32],
    /// Shape `[classes]`.
    pub ngram_bias: &'a [f32],
    /// The words that have a vector.
    pub words: Keys<'a>,
    /// Shape `[1 + words, branches · size]`; the first row is for all other words.
    pub word_weight: FourBits<'a>,
    /// Shape `[branches, size, 6, filters]`, row-major: the weights of a word at each kernel position. They are, in
    /// this order: the only one of windows of one word; the last and the first of two; the last, the
    /// middle and the first of three.
    pub filter_weight: &'a [f32],
    /// Shape `[branches, 6, filters]`: the biases, at the positions of the last word of a window.
    pub filter_bias: &'a [f32],
    /// Number of branches.
    pub branches: usize,
    /// Numbers of a word for each branch.
    pub size: usize,
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
        let (ngram_weight, [rows, row_bytes]) = layer.tensor("ngram_weight")?;
        let (ngram_levels, [classes, ngram_values]) = layer.tensor("ngram_levels")?;
        let (word_weight, [word_rows, word_bytes]) = layer.tensor("word_weight")?;
        let (word_levels, [branches, size, word_values]) = layer.tensor("word_levels")?;
        let (word_scale, scales) = layer.tensor::<f32, 2>("word_scale")?;
        let (filter_weight, [.., filters]) = layer.tensor::<_, 4>("filter_weight")?;
        let (_, filter_shape) = layer.tensor::<f32, 4>("filter_weight")?;
        let (filter_bias, bias_shape) = layer.tensor("filter_bias")?;
        let words = word_rows.checked_sub(1);
        let fits = [ngram_values, word_values] == [LEVELS; 2]
            && row_bytes == FourBits::row_bytes(classes)
            && word_bytes == FourBits::row_bytes(branches.saturating_mul(size))
            && scales == [branches, size]
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
        let keys = |low: &'static str, counts: &'static str, length| {
            let (counts, [_]) = layer.tensor(counts)?;
            Keys::new(layer.vector(low, length)?, counts)
                .ok_or_else(|| layer.problem("has keys that do not fit together"))
        };
        Ok(Self {
            ngrams: keys("ngram_low", "ngram_counts", rows)?,
            ngram_weight: FourBits::new(ngram_weight, whole_numbers(ngram_levels)),
            ngram_scale: layer.vector("ngram_scale", classes)?,
            ngram_bias: layer.vector("ngram_bias", classes)?,
            words: keys("word_low", "word_counts", words)?,
            word_weight: FourBits::new(word_weight, scaled(word_levels, word_scale)),
            filter_weight,
            filter_bias,
            branches,
            size,
        })
    }

    fn filters(&self) -> usize {
        self.filter_bias.len() / KERNEL_POSITIONS / self.branches.max(1)
    }

    fn sum_ngrams(&self, input: &[f32], output: &mut [f32]) {
        let found = find(input, |key| self.ngrams.position(key));
        output.fill(0.0);
        for index in &found {
            // Whole numbers, and hence exact in any order.
            self.ngram_weight
                .for_each(*index, 0, output, |sum, weight| *sum += weight);
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
        let (size, filters) = (self.size, self.filters());
        let part = |length: usize| branch * length..(branch + 1) * length;
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
            self.word_weight
                .for_each(*row, branch * size, &mut vector, |x, weight| *x = weight);
            added.rotate_right(1);
            let [last, middle, first] = &mut added;
            positions.forward(&vector, last);
            kernels::portable::max_over_windows([last, middle, first], output);
        }
    }
}

fn whole_numbers(levels: &[i8]) -> impl Iterator<Item = f32> + '_ {
    levels.iter().map(|level| f32::from(*level))
}

/// The levels of each column with its scale.
fn scaled<'l>(levels: &'l [i8], scales: &'l [f32]) -> impl Iterator<Item = f32> + 'l {
    let columns = levels.chunks_exact(LEVELS).zip(scales);
    columns.flat_map(|(levels, scale)| whole_numbers(levels).map(move |level| level * scale))
}

impl Layer for TextFeatures<'_> {
    fn outputs(&self) -> usize {
        self.ngram_bias.len() + self.branches * WINDOW_WIDTHS * self.filters()
    }

    fn knows(&self, input: &[f32]) -> bool {
        // One word suffices nearly always; what is found in a text is looked for once more in its sum.
        let has_word = tokens(input).any(|word| self.words.position(word).is_some());
        has_word || {
            let known = find(input, |key| self.ngrams.position(key)).len();
            let mut count = 0;
            ngrams(input, |_| count += 1);
            known * BY_CHANCE > count
        }
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let (sums, windows) = output.split_at_mut(self.ngram_bias.len());
        self.sum_ngrams(input, sums);
        let row = |word| self.words.position(word).map_or(0, |index| index + 1);
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
    use model::keys::pack;
    use model::ngrams::{KEY_BITS, key, pair};
    use model::tokenizer::{MOST_BUCKETS, Tokenizer};

    fn word(text: &str) -> u32 {
        let hash_buckets = MOST_BUCKETS;
        Tokenizer::Words { hash_buckets }.token(text)
    }

    /// Levels for any column: −2 to 13.
    fn levels() -> impl Iterator<Item = f32> {
        (-2_i8..14).map(f32::from)
    }

    /// Rows of those levels, as bytes.
    fn rows<const COLUMNS: usize>(rows: &[[i8; COLUMNS]]) -> Vec<u8> {
        let byte = |pair: &[i8]| {
            let half = |at: usize| pair.get(at).map_or(0, |level| (level + 2) as u8);
            half(0) | half(1) << 4
        };
        rows.iter()
            .flat_map(|row| row.chunks(2).map(byte))
            .collect()
    }

    #[test]
    fn sums_and_windows_by_hand() {
        let (a, b, c) = (word("a"), word("b"), word("c"));
        let mut known = [(a, [1_i8, -2]), (b, [3, 0]), (pair(a, b), [4, 4])]
            .map(|(ngram, weight)| (key(ngram), weight));
        known.sort_unstable();
        let [low, counts] = pack(&known.map(|(key, _)| key), KEY_BITS);
        let ngram_weight = rows(&known.map(|(_, weight)| weight));
        let mut words = [(a, 2_i8), (b, -1)];
        words.sort_unstable();
        let [word_low, word_counts] = pack(&words.map(|(word, _)| word), KEY_BITS);
        // To the second branch all words are alike.
        let [one, other] = words.map(|(_, weight)| [weight, 2]);
        let word_weight = rows(&[[0, 2], one, other]);
        let layer = TextFeatures {
            ngrams: Keys::new(&low, &counts).unwrap(),
            ngram_weight: FourBits::new(&ngram_weight, levels().chain(levels())),
            ngram_scale: &[0.5, 1.0],
            ngram_bias: &[0.25, 0.0],
            branches: 2,
            size: 1,
            words: Keys::new(&word_low, &word_counts).unwrap(),
            word_weight: FourBits::new(
                &word_weight,
                levels().map(|x| 0.5 * x).chain(levels().map(|x| 0.25 * x)),
            ),
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

    /// A layer without words, and with n-grams that say nothing.
    fn without_words<'a>(low: &'a [u8], counts: &'a [u8], bias: &'a [f32]) -> TextFeatures<'a> {
        TextFeatures {
            ngrams: Keys::new(low, counts).unwrap(),
            ngram_weight: FourBits::new(&[], levels()),
            ngram_scale: &[1.0],
            ngram_bias: bias,
            branches: 1,
            size: 1,
            words: Keys::new(&[], &[]).unwrap(),
            word_weight: FourBits::new(&[2], levels()),
            filter_weight: &[1.0; 6],
            filter_bias: &[0.0; 6],
        }
    }

    #[test]
    fn a_text_of_unknown_words_is_no_trouble() {
        let layer = without_words(&[], &[], &[0.5]);
        let mut output = [f32::NAN; 4];
        layer.forward(&[7.0, f32::NAN, -1.0, 1e30], &mut output);
        assert_eq!(output, [0.5, 0.0, 0.0, 0.0]);
        assert!(!layer.knows(&[7.0]));
    }

    #[test]
    fn one_of_many_ngrams_is_no_knowledge() {
        let [low, counts] = pack(&[key(word("a"))], KEY_BITS);
        let layer = without_words(&low, &counts, &[0.0]);
        let text = |unknown: usize| -> Vec<f32> {
            let others = (0..unknown).map(|index| word(&alloc::format!("b{index}")));
            let all = core::iter::once(word("a")).chain(others);
            all.map(|word| (word + 1) as f32).collect()
        };
        assert!(layer.knows(&text(0)) && layer.knows(&text(7)));
        assert!(!layer.knows(&text(8)) && !layer.knows(&text(50)[1..]));
    }
}
