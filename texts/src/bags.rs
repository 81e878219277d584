//! Texts as bags of n-grams.

use model::characters::{Shape, WORD, ngrams};
use rayon::prelude::*;

use crate::corpus::{Corpus, Parts, characters};

/// Texts that an n-gram is in, at least. One that only one text has says nothing about others.
const FEWEST_TEXTS: u32 = 2;
/// Texts that are counted at once.
const CHUNK: usize = 2048;
/// Largest rarity.
const RAREST: f64 = 127.0;
/// Marks an n-gram that a matrix leaves out.
pub const LEFT_OUT: u32 = u32::MAX;

/// Which n-grams each text has, and how often.
#[derive(Debug)]
pub struct Bags {
    /// The n-grams, sorted.
    pub ngrams: Vec<u32>,
    /// In proportion to the logarithm of the inverse of the share of texts with each.
    pub rarity: Vec<i8>,
    /// Where each text begins in `places`, and the end.
    starts: Vec<usize>,
    /// Positions in `ngrams`, rising in a text.
    places: Vec<u32>,
    /// How often the text has it.
    times: Vec<u16>,
}

impl Bags {
    /// The n-grams of `corpus` that at least two texts have; of more than `most`, those that most texts have. Of each text,
    /// `length` characters are read.
    #[must_use]
    pub fn new(corpus: &Corpus, shape: Shape, length: usize, most: usize) -> Self {
        let counted = |row: &Parts| counted(&characters(row, length), shape);
        let mut shares: Vec<(u32, u32)> = Vec::new();
        for chunk in corpus.texts.chunks(CHUNK) {
            let mut own: Vec<u32> = chunk
                .par_iter()
                .flat_map_iter(|row| counted(row).into_iter().map(|(ngram, _)| ngram))
                .collect();
            own.par_sort_unstable();
            shares = merged(
                &shares,
                own.chunk_by(|a, b| a == b)
                    .map(|run| (run[0], run.len() as u32)),
            );
        }
        shares.retain(|(_, texts)| *texts >= FEWEST_TEXTS);
        if shares.len() > most {
            shares.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            shares.truncate(most);
            shares.sort_unstable();
        }
        let ngrams: Vec<u32> = shares.iter().map(|(ngram, _)| *ngram).collect();
        let (mut starts, mut places, mut times) = (vec![0], Vec::new(), Vec::new());
        for chunk in corpus.texts.chunks(CHUNK) {
            let rows: Vec<_> = chunk
                .par_iter()
                .map(|row| known(&ngrams, counted(row)))
                .collect();
            for row in rows {
                places.extend(row.iter().map(|(place, _)| *place));
                times.extend(row.iter().map(|(_, times)| *times));
                starts.push(places.len());
            }
        }
        Self {
            rarity: rarity(&shares, corpus.rows()),
            ngrams,
            starts,
            places,
            times,
        }
    }

    /// In how many of `rows` each n-gram is.
    #[must_use]
    pub fn texts_with(&self, rows: &[u32]) -> Vec<u32> {
        let mut counts = vec![0; self.ngrams.len()];
        for place in rows.iter().flat_map(|row| self.row(*row as usize)) {
            counts[self.places[place] as usize] += 1;
        }
        counts
    }

    /// The n-grams that enough of `rows` have to be learnt from, as [`matrix`](Self::matrix) takes them.
    #[must_use]
    pub fn known_in(&self, rows: &[u32]) -> Vec<u32> {
        numbered(
            self.texts_with(rows)
                .into_iter()
                .map(|texts| texts >= FEWEST_TEXTS),
        )
    }

    fn row(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row]..self.starts[row + 1]
    }

    /// The texts as vectors, each block of length 1. `columns` has the column of each n-gram, rising, or [`LEFT_OUT`].
    #[must_use]
    pub fn matrix(&self, columns: &[u32]) -> Matrix {
        let width = columns.iter().filter(|column| **column != LEFT_OUT).count();
        let first_word = self.ngrams.partition_point(|ngram| *ngram < WORD);
        let mut matrix = Matrix {
            starts: vec![0],
            columns: Vec::new(),
            values: Vec::new(),
            width,
        };
        for row in 0..self.starts.len() - 1 {
            let own = self.row(row);
            let split = own.start
                + self.places[own.clone()].partition_point(|place| (*place as usize) < first_word);
            for block in [own.start..split, split..own.end] {
                let start = matrix.values.len();
                let mut length = 0.0;
                for entry in block {
                    let place = self.places[entry] as usize;
                    if columns[place] == LEFT_OUT {
                        continue;
                    }
                    let value =
                        (1.0 + f64::from(self.times[entry]).ln()) * f64::from(self.rarity[place]);
                    length += value * value;
                    matrix.columns.push(columns[place]);
                    matrix.values.push(value as f32);
                }
                let share = 1.0 / length.sqrt();
                matrix.values[start..]
                    .iter_mut()
                    .for_each(|value| *value = (f64::from(*value) * share) as f32);
            }
            matrix.starts.push(matrix.values.len());
        }
        matrix
    }
}

/// Consecutive numbers for those that are `kept`, and [`LEFT_OUT`] for the others.
pub fn numbered(kept: impl Iterator<Item = bool>) -> Vec<u32> {
    let mut next = 0;
    let number = |kept: bool| match kept {
        true => {
            next += 1;
            next - 1
        }
        false => LEFT_OUT,
    };
    kept.map(number).collect()
}

/// Sparse rows.
#[derive(Debug)]
pub struct Matrix {
    starts: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
    /// The number of columns.
    pub width: usize,
}

impl Matrix {
    /// The columns of the row number `row` that are not 0, and their values.
    #[must_use]
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        let own = self.starts[row]..self.starts[row + 1];
        (&self.columns[own.clone()], &self.values[own])
    }

    /// The product of the row number `row` with `weights`.
    #[must_use]
    pub fn dot(&self, row: usize, weights: &[f64]) -> f64 {
        let (columns, values) = self.row(row);
        columns
            .iter()
            .zip(values)
            .map(|(column, value)| weights[*column as usize] * f64::from(*value))
            .sum()
    }

    /// Adds `factor` times the row number `row` to `weights`.
    pub fn add(&self, row: usize, factor: f64, weights: &mut [f64]) {
        let (columns, values) = self.row(row);
        for (column, value) in columns.iter().zip(values) {
            weights[*column as usize] += factor * f64::from(*value);
        }
    }

    /// The sum of the squares of each column over `rows`.
    #[must_use]
    pub fn squares(&self, rows: &[u32]) -> Vec<f64> {
        let mut sums = vec![0.0; self.width];
        for row in rows {
            let (columns, values) = self.row(*row as usize);
            for (column, value) in columns.iter().zip(values) {
                sums[*column as usize] += f64::from(*value).powi(2);
            }
        }
        sums
    }
}

/// The n-grams of a text, sorted, and how often each is there.
fn counted(characters: &[u32], shape: Shape) -> Vec<(u32, u16)> {
    let mut all = Vec::new();
    ngrams(characters, shape, |ngram| all.push(ngram));
    all.sort_unstable();
    let count = |run: &[u32]| (run[0], u16::try_from(run.len()).unwrap_or(u16::MAX));
    all.chunk_by(|a, b| a == b).map(count).collect()
}

/// The positions in `ngrams`, sorted, of those in `row`.
fn known(ngrams: &[u32], row: Vec<(u32, u16)>) -> Vec<(u32, u16)> {
    let place = |(ngram, times)| Some((ngrams.binary_search(&ngram).ok()? as u32, times));
    row.into_iter().filter_map(place).collect()
}

/// The sums of two lists of counts by number, both sorted.
fn merged(first: &[(u32, u32)], second: impl Iterator<Item = (u32, u32)>) -> Vec<(u32, u32)> {
    let mut sums = Vec::with_capacity(first.len());
    let (mut first, mut second) = (first.iter().copied().peekable(), second.peekable());
    loop {
        let next = match (first.peek(), second.peek()) {
            (Some((a, x)), Some((b, y))) if a == b => {
                let sum = (*a, x + y);
                first.next();
                second.next();
                sum
            }
            (Some((a, _)), Some((b, _))) if b < a => second.next().unwrap_or_default(),
            (Some(_), _) => first.next().unwrap_or_default(),
            (None, Some(_)) => second.next().unwrap_or_default(),
            (None, None) => return sums,
        };
        sums.push(next);
    }
}

/// The smoothed logarithm of the inverse of the share of texts, plus 1, as scikit-learn's `TfidfTransformer` has it, in whole
/// numbers of which the largest is 127. The scale has no effect: texts have length 1.
fn rarity(shares: &[(u32, u32)], texts: usize) -> Vec<i8> {
    let of = |count: u32| ((1.0 + texts as f64) / (1.0 + f64::from(count))).ln() + 1.0;
    let most = of(FEWEST_TEXTS);
    let scaled =
        |(_, count): &(u32, u32)| (RAREST * of(*count) / most).round().clamp(1.0, RAREST) as i8;
    shares.iter().map(scaled).collect()
}

#[cfg(test)]
mod tests;
