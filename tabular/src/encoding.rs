//! Features for linear layers: the layer `encode` of the runtime, fitted to the rows of a table.

use model::FrozenLayer;
use runtime::layers::{CATEGORY, Encode, Layer, NUMBER, STATISTICS};

use crate::columns::Feature;
use crate::table::Table;

/// Categories of a column that have features of their own, at most.
const MOST_CATEGORIES: usize = 100;
/// Rows with a missing value from which on that is a feature.
const MISSING_ROWS: usize = 2;
/// Position of what has no feature.
const NOWHERE: u32 = u32::MAX;

/// The numbers of the layer `encode`, which [`Encode`] borrows.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoding {
    columns: Vec<u32>,
    numbers: Vec<f32>,
    edges: Vec<f32>,
    places: Vec<u32>,
    outputs: usize,
}

impl Encoding {
    /// Fits the features to all rows of `table`: statistics, up to `knots + 1` quantiles as edges of each column of numbers, and
    /// the categories that are frequent enough.
    #[must_use]
    pub fn fit(table: &Table, knots: usize) -> Self {
        let mut encoding = Self {
            columns: Vec::new(),
            numbers: Vec::new(),
            edges: Vec::new(),
            places: Vec::new(),
            outputs: 0,
        };
        let rare = (table.rows() / 100).clamp(2, 10);
        for input in &table.inputs {
            for feature in &input.features {
                match feature {
                    Feature::Number(numbers) => encoding.number(numbers, knots),
                    Feature::Category(codes) => {
                        encoding.category(codes, input.categories.len(), rare);
                    }
                }
            }
        }
        encoding
    }

    /// How many features there are.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    fn number(&mut self, numbers: &[f32], knots: usize) {
        let mut sorted: Vec<f32> = numbers.iter().copied().filter(|x| !x.is_nan()).collect();
        sorted.sort_unstable_by(f32::total_cmp);
        let missing = numbers.len() - sorted.len();
        let (low, high) = match (sorted.first(), sorted.last()) {
            (Some(low), Some(high)) => (*low, *high),
            _ => (0.0, 0.0),
        };
        let typical = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
        let count = sorted.len().max(1) as f64;
        let mean = sorted.iter().copied().map(f64::from).sum::<f64>() / count;
        let variance = sorted
            .iter()
            .map(|x| (f64::from(*x) - mean).powi(2))
            .sum::<f64>()
            / count;
        // A column that is always the same has no deviation; its feature is 0.
        let std_dev = if variance > 0.0 {
            variance.sqrt() as f32
        } else {
            1.0
        };
        self.numbers.extend([
            typical,
            low,
            high,
            mean as f32,
            std_dev.max(f32::MIN_POSITIVE),
        ]);
        let edges = edges(&sorted, knots);
        let features = 1 + edges.len().saturating_sub(1) + usize::from(missing >= MISSING_ROWS);
        self.columns
            .extend([NUMBER, edges.len() as u32, features as u32]);
        self.edges.extend(edges);
        self.outputs += features;
    }

    /// `categories` are by falling frequency, but for ties.
    fn category(&mut self, codes: &[u32], categories: usize, rare: usize) {
        // The last is a missing value.
        let mut counts = vec![0; categories + 1];
        for code in codes {
            counts[(*code as usize).min(categories)] += 1;
        }
        let mut features = 0;
        let mut places = vec![NOWHERE; categories + 1];
        for (place, count) in places.iter_mut().zip(&counts) {
            if *count >= rare && features < MOST_CATEGORIES as u32 {
                *place = features;
                features += 1;
            }
        }
        // All others share a feature.
        let mut others = 0;
        for (place, count) in places.iter_mut().zip(&counts) {
            if *place == NOWHERE && *count > 0 {
                *place = features;
                others = 1;
            }
        }
        features += others;
        self.columns.extend([CATEGORY, categories as u32, features]);
        self.places.extend(places);
        self.outputs += features as usize;
    }

    /// The layer of the runtime.
    fn layer(&self) -> Encode<'_> {
        Encode {
            columns: &self.columns,
            numbers: &self.numbers,
            edges: &self.edges,
            places: &self.places,
            outputs: self.outputs,
        }
    }

    /// The features of all rows of `table`, row-major.
    #[must_use]
    pub fn features(&self, table: &Table) -> Vec<f32> {
        let layer = self.layer();
        let mut input = vec![0.0; table.features().count()];
        let mut features = vec![0.0; table.rows() * self.outputs];
        for (row, output) in (0..).zip(features.chunks_exact_mut(self.outputs.max(1))) {
            table.row(row, &mut input);
            layer.forward(&input, output);
        }
        features
    }

    /// The layer for the model file.
    #[must_use]
    pub fn freeze(&self) -> FrozenLayer {
        let (columns, numbers) = (self.columns.len() / 3, self.numbers.len() / STATISTICS);
        FrozenLayer::new("encode")
            .weight("columns", &[columns, 3], self.columns.clone())
            .weight("numbers", &[numbers, STATISTICS], self.numbers.clone())
            .weight("edges", &[self.edges.len()], self.edges.clone())
            .weight("places", &[self.places.len()], self.places.clone())
    }
}

/// The different ones among `knots + 1` quantiles of `sorted`; none if there are fewer than three.
fn edges(sorted: &[f32], knots: usize) -> Vec<f32> {
    let last = sorted.len().saturating_sub(1);
    let mut edges: Vec<f32> = (0..=knots)
        .filter_map(|knot| {
            // Linear interpolation between order statistics.
            let place = knot as f64 * last as f64 / knots.max(1) as f64;
            let below = sorted.get(place as usize)?;
            let above = sorted.get((place as usize + 1).min(last))?;
            let part = place.fract();
            Some((f64::from(*below) * (1.0 - part) + f64::from(*above) * part) as f32)
        })
        .collect();
    edges.dedup();
    match edges.len() {
        0..3 => Vec::new(),
        _ => edges,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_quantiles() {
        let sorted: Vec<f32> = (0..=100_u8).map(f32::from).collect();
        assert_eq!(edges(&sorted, 4), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(edges(&[0.0, 1.0, 3.0], 4), [0.0, 0.5, 1.0, 2.0, 3.0]);
        assert_eq!(edges(&[0.0, 0.0, 0.0, 1.0], 2), Vec::<f32>::new());
        assert_eq!(edges(&[], 4), Vec::<f32>::new());
        assert_eq!(edges(&sorted, 0), Vec::<f32>::new());
    }
}
