use alloc::boxed::Box;
use alloc::vec::Vec;

use model::ModelError;
use model::characters::{MOST_LONGEST, Shape, WORD, ngrams};
use model::ngrams::tokens;

use super::{Layer, LayerKind};

/// A weighted sum over the n-grams of a text: those of words and those of characters, each block divided by its length as
/// a vector.
///
/// In a block, the n-gram number `i`, which the text has `tf` times, counts `(1 + ln tf) · rarity[i]` (G. Salton and C.
/// Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing & Management 24, 1988).
///
/// The input is a character in each place: see [`model::Tokenizer::Characters`].
#[derive(Debug, Clone, Copy)]
pub struct WeightedNgrams<'a> {
    /// The n-grams that are known, sorted: shape `[ngrams]`. Those of characters come before those of words.
    pub ngrams: &'a [u32],
    /// In proportion to the logarithm of the inverse of the share of texts that have it: shape `[ngrams]`, from 1.
    pub rarity: &'a [i8],
    /// Shape `[ngrams, outputs]`, row-major.
    pub weight: &'a [i8],
    /// Shape `[outputs]`: what a weight of 1 stands for.
    pub scale: &'a [f32],
    /// Shape `[outputs]`.
    pub bias: &'a [f32],
    /// Which n-grams there are.
    pub shape: Shape,
}

impl<'a> WeightedNgrams<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "weighted_ngrams",
        read: |layer, _| Ok(Box::new(WeightedNgrams::read(layer)?)),
    };

    /// Reads a layer. It takes any number of characters.
    ///
    /// # Errors
    ///
    /// If its weights do not fit together, or its settings are no n-grams.
    pub fn read(layer: &model::Layer<'_, 'a>) -> Result<Self, ModelError> {
        let (weight, [rows, outputs]) = layer.tensor("weight")?;
        let shape = Shape {
            words: layer.setting("words")?,
            shortest: layer.setting("shortest")?,
            longest: layer.setting("longest")?,
            across: layer.setting("across")? > 0,
        };
        if shape.words > 2 || shape.longest > MOST_LONGEST || outputs == 0 {
            return Err(layer.problem("has settings that are no n-grams"));
        }
        Ok(Self {
            ngrams: layer.vector("ngrams", rows)?,
            rarity: layer.vector("rarity", rows)?,
            weight,
            scale: layer.vector("scale", outputs)?,
            bias: layer.vector("bias", outputs)?,
            shape,
        })
    }

    /// Positions of the n-grams of the text that are known, sorted, each as often as it is there.
    fn find(&self, input: &[f32]) -> Vec<usize> {
        let characters: Vec<u32> = tokens(input).collect();
        let mut found = Vec::new();
        ngrams(&characters, self.shape, |ngram| {
            found.extend(self.ngrams.binary_search(&ngram));
        });
        found.sort_unstable();
        found
    }

    /// What the n-gram number `index` counts that is there `times` times.
    fn value(&self, index: usize, times: usize) -> f32 {
        let rarity = self.rarity.get(index).copied().unwrap_or_default();
        (1.0 + libm::logf(times as f32)) * f32::from(rarity)
    }

    /// Adds what the n-grams in `found`, one block, count.
    fn add(&self, found: &[usize], sums: &mut [f32]) {
        let values = || {
            let runs = found.chunk_by(|a, b| a == b);
            runs.filter_map(|run| Some((*run.first()?, self.value(*run.first()?, run.len()))))
        };
        let length: f32 = values().map(|(_, value)| value * value).sum();
        if length == 0.0 {
            return;
        }
        let share = 1.0 / libm::sqrtf(length);
        for (index, value) in values() {
            let row = self.weight.get(index * sums.len()..).unwrap_or_default();
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += value * share * f32::from(*weight);
            }
        }
    }
}

impl Layer for WeightedNgrams<'_> {
    fn outputs(&self) -> usize {
        self.bias.len()
    }

    fn knows(&self, input: &[f32]) -> bool {
        !self.find(input).is_empty()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let found = self.find(input);
        let first_word = self.ngrams.partition_point(|ngram| *ngram < WORD);
        let (characters, words) =
            found.split_at(found.partition_point(|index| *index < first_word));
        output.fill(0.0);
        self.add(characters, output);
        self.add(words, output);
        for ((y, scale), bias) in output.iter_mut().zip(self.scale).zip(self.bias) {
            *y = *y * scale + bias;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    const SHAPE: Shape = Shape {
        words: 1,
        shortest: 2,
        longest: 2,
        across: false,
    };

    fn input(text: &str) -> Vec<f32> {
        let numbers = text.chars().map(|c| (u32::from(c) + 1) as f32);
        numbers.chain([0.0; 3]).collect()
    }

    fn all(text: &str) -> Vec<u32> {
        let characters: Vec<u32> = text.chars().map(u32::from).collect();
        let mut found = vec![];
        ngrams(&characters, SHAPE, |ngram| found.push(ngram));
        found
    }

    #[test]
    fn sums_by_hand() {
        let [word, ab] = [all("ab")[0], all("ab")[2]];
        let mut known = [(word, 3_i8, [4_i8, 0]), (ab, 2, [1, -2])];
        known.sort_unstable();
        assert_eq!(known[0].0, ab, "characters come first");
        let layer = WeightedNgrams {
            ngrams: &known.map(|(ngram, ..)| ngram),
            rarity: &known.map(|(_, rarity, _)| rarity),
            weight: &known.map(|(.., weight)| weight).concat(),
            scale: &[0.5, 2.0],
            bias: &[0.25, 0.0],
            shape: SHAPE,
        };
        let mut output = [f32::NAN; 2];
        // In each block one n-gram is known, which makes the whole length whatever it counts.
        layer.forward(&input("ab x ab"), &mut output);
        assert_eq!(output, [2.75, -4.0]);
        layer.forward(&input("cab"), &mut output);
        assert_eq!(output, [0.75, -4.0]);
        assert!(layer.knows(&input("cab")) && !layer.knows(&input("ba")));
        layer.forward(&input("ba"), &mut output);
        assert_eq!(output, [0.25, 0.0]);
    }

    #[test]
    fn frequent_and_rare_ngrams_share_a_length() {
        let mut known = [(all("a")[0], 1_i8, 1_i8), (all("b")[0], 2, 0)];
        known.sort_unstable();
        let layer = WeightedNgrams {
            ngrams: &known.map(|(ngram, ..)| ngram),
            rarity: &known.map(|(_, rarity, _)| rarity),
            weight: &known.map(|(.., weight)| weight),
            scale: &[1.0],
            bias: &[0.0],
            shape: Shape {
                longest: 0,
                ..SHAPE
            },
        };
        let mut output = [f32::NAN];
        layer.forward(&input("a b a a"), &mut output);
        let a = 1.0 + 3.0_f32.ln();
        assert!((output[0] - a / (a * a + 4.0).sqrt()).abs() < 1e-6);
    }
}
