use alloc::vec;
use alloc::vec::Vec;

use super::{Layer, Linear};
use crate::ngrams::{find, words_in};

/// What a text says to a network, in two ways side by side.
///
/// First, a sum over its words and pairs of words, each of which speaks for or against each class
/// (as in Wang and Manning, "Baselines and bigrams", ACL 2012), over the root of their number. Behind it,
/// how strongly any one, two or three words in a row are what each of some filters looks for (as in
/// Kim, <https://arxiv.org/abs/1408.5882>), the strongest place of each.
///
/// The input is a slot for each word: see [`ngrams`](crate::ngrams).
#[derive(Debug, Clone, Copy)]
pub struct TextFeatures<'a> {
    /// Numbers of the words and pairs that count, sorted.
    pub grams: &'a [u32],
    /// Shape `[grams, classes]`, row-major.
    pub gram_weight: &'a [i8],
    /// Shape `[classes]`.
    pub gram_scale: &'a [f32],
    /// Shape `[classes]`.
    pub gram_bias: &'a [f32],
    /// How many readers of windows there are, each with numbers for the words, and filters, of its own.
    pub readers: usize,
    /// Numbers of the words that filters can see, sorted.
    pub words: &'a [u32],
    /// Shape `[1 + words, readers, size]`, row-major; the first row is for all other words.
    pub word_weight: &'a [i8],
    /// Shape `[readers, size]`.
    pub word_scale: &'a [f32],
    /// Shape `[readers, size, 6, filters]`, row-major: what a word adds to a window of one word; to one of
    /// two as the last and as the first; to one of three as the last, the middle and the first.
    pub window_weight: &'a [f32],
    /// Shape `[readers, 6, filters]`: added to windows by their last word.
    pub window_bias: &'a [f32],
}

/// The parts that words play in windows.
pub const ROLES: usize = 6;
/// The sizes of windows.
pub const WINDOWS: usize = 3;

impl TextFeatures<'_> {
    fn filters(&self) -> usize {
        self.window_bias.len() / ROLES / self.readers.max(1)
    }

    fn sum_grams(&self, input: &[f32], output: &mut [f32]) {
        let found = find(self.grams, input);
        output.fill(0.0);
        for index in &found {
            let start = index * output.len();
            let row = self.gram_weight.get(start..).unwrap_or_default();
            for (sum, weight) in output.iter_mut().zip(row) {
                // Whole numbers, and hence exact in any order.
                *sum += f32::from(*weight);
            }
        }
        let share = 1.0 / libm::sqrtf(found.len().max(1) as f32);
        for (y, (scale, bias)) in output
            .iter_mut()
            .zip(self.gram_scale.iter().zip(self.gram_bias))
        {
            *y = *y * share * scale + bias;
        }
    }

    /// What the reader number `reader` finds in the words in `rows` of the table, `[3, filters]`.
    fn find_windows(&self, reader: usize, rows: &[usize], output: &mut [f32]) {
        let (all, filters) = (self.word_scale.len(), self.filters());
        let size = all / self.readers.max(1);
        let part = |length: usize| reader * length..(reader + 1) * length;
        let scale = self.word_scale.get(part(size)).unwrap_or_default();
        let roles = Linear {
            weight: self
                .window_weight
                .get(part(size * ROLES * filters))
                .unwrap_or_default(),
            bias: self
                .window_bias
                .get(part(ROLES * filters))
                .unwrap_or_default(),
        };
        let mut vector = vec![0.0; size];
        // What the word at hand and the two before it add to windows.
        let mut added = [(); WINDOWS].map(|()| vec![0.0; ROLES * filters]);
        output.fill(0.0);
        for row in rows {
            let start = row * all + reader * size;
            let row = self.word_weight.get(start..).unwrap_or_default();
            for ((x, weight), scale) in vector.iter_mut().zip(row).zip(scale) {
                *x = f32::from(*weight) * scale;
            }
            added.rotate_right(1);
            let [last, middle, first] = &mut added;
            roles.forward(&vector, last);
            let role = |added: &[f32], role: usize, filter: usize| {
                added
                    .get(role * filters + filter)
                    .copied()
                    .unwrap_or_default()
            };
            let (one, rest) = output.split_at_mut(filters);
            let (two, three) = rest.split_at_mut(filters);
            for (filter, ((one, two), three)) in one.iter_mut().zip(two).zip(three).enumerate() {
                *one = one.max(role(last, 0, filter));
                *two = two.max(role(last, 1, filter) + role(middle, 2, filter));
                let window = role(last, 3, filter) + role(middle, 4, filter);
                *three = three.max(window + role(first, 5, filter));
            }
        }
    }
}

impl Layer for TextFeatures<'_> {
    fn outputs(&self) -> usize {
        self.gram_bias.len() + self.readers * WINDOWS * self.filters()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let (sums, windows) = output.split_at_mut(self.gram_bias.len());
        self.sum_grams(input, sums);
        let row = |word| self.words.binary_search(&word).map_or(0, |index| index + 1);
        let rows: Vec<usize> = words_in(input).map(row).collect();
        let width = WINDOWS * self.filters();
        for (reader, windows) in windows.chunks_exact_mut(width.max(1)).enumerate() {
            self.find_windows(reader, &rows, windows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ngrams::{pair, word};

    #[test]
    fn sums_and_windows_by_hand() {
        let (a, b, c) = (word(b"a", false), word(b"b", false), word(b"c", false));
        let mut known = [(a, [1_i8, -2]), (b, [3, 0]), (pair(a, b), [4, 4])];
        known.sort_unstable();
        let grams = known.map(|(gram, _)| gram);
        let gram_weight = known.map(|(_, weight)| weight).concat();
        let mut words = [(a, 2_i8), (b, -1)];
        words.sort_unstable();
        // The second reader sees all words alike.
        let word_weight = words.map(|(_, weight)| [weight, 2]).concat();
        let word_weight = [&[0, 2][..], &word_weight].concat();
        let layer = TextFeatures {
            grams: &grams,
            gram_weight: &gram_weight,
            gram_scale: &[0.5, 1.0],
            gram_bias: &[0.25, 0.0],
            readers: 2,
            words: &words.map(|(word, _)| word),
            word_weight: &word_weight,
            word_scale: &[0.5, 0.25],
            // One filter for each: what a word adds in each role.
            window_weight: &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 2.0, 2.0, 2.0, -2.0, 2.0, 2.0],
            window_bias: &[0.5, 0.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        };
        let slots = [a, b, c, a].map(|word| (word + 1) as f32);
        let input = [&slots[..], &[0.0; 2]].concat();
        let mut output = [f32::NAN; 8];
        layer.forward(&input, &mut output);
        // Found are a, b and the pair of them: sums of 8 and 2.
        let root = 3.0_f32.sqrt();
        // The words' numbers are 1, −½, 0 and 1. Windows of one: 1.5, 0, 0.5, 1.5; of two:
        // 2, −1 + 3, 0 − 1.5, 2 + 0; of three: 4 − 1, −2 + 5 − 1, −2.5 + 6 − 1, 4 + 0 − 3 − 1.
        // To the second reader each word is ½: windows of 1, 2 and −1 + 2.
        let expected = [4.0 / root + 0.25, 2.0 / root, 1.5, 2.0, 3.0, 1.0, 2.0, 1.0];
        for (y, expected) in output.iter().zip(expected) {
            assert!((y - expected).abs() < 1e-6, "{output:?}");
        }
    }

    #[test]
    fn a_text_of_unknown_words_is_no_trouble() {
        let layer = TextFeatures {
            grams: &[],
            gram_weight: &[],
            gram_scale: &[1.0],
            gram_bias: &[0.5],
            readers: 1,
            words: &[],
            word_weight: &[0],
            word_scale: &[1.0],
            window_weight: &[1.0; 6],
            window_bias: &[0.0; 6],
        };
        let mut output = [f32::NAN; 4];
        layer.forward(&[7.0, f32::NAN, -1.0, 1e30], &mut output);
        assert_eq!(output, [0.5, 0.0, 0.0, 0.0]);
    }
}
