//! Columns cut into bins.

/// Largest number of bins of a column, the bin [`MISSING`] included.
const MOST: usize = 256;
/// Smallest number of fitted rows of a bin of numbers.
const FEWEST_ROWS: usize = 3;
/// A category needs this share of the fitted rows, but never fewer than 2 nor more than 10 rows.
const CATEGORY_SHARE: usize = 20;
/// The bin of missing values, unseen categories and rare categories.
pub(crate) const MISSING: u8 = 0;

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub enum Column<'a> {
    /// A number for each row; NaN where it is missing.
    Numbers(&'a [f32]),
    /// The code of a category for each row; `u32::MAX` where it is missing.
    Categories(&'a [u32]),
}

impl Column<'_> {
    fn rows(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories(codes) => codes.len(),
        }
    }
}

/// What the bins of a column stand for. Bin 0 holds what is missing, and for categories also what is
/// unseen or too rare.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Bin `b` from 1 holds the numbers above `edges[b - 2]` (if there is one) and up to
    /// `edges[b - 1]`, inclusive. The last bin, `edges.len() + 1`, holds the numbers above the last
    /// edge.
    Numbers {
        /// In rising order; at most 254.
        edges: Vec<f32>,
    },
    /// Bin `b` from 1 holds the category `categories[b - 1]`.
    Categories {
        /// By falling frequency in the fitted rows, equals by rising code; at most 255.
        categories: Vec<u32>,
    },
}

impl Values {
    /// Number of bins, the one for missing values included.
    #[must_use]
    pub fn bins(&self) -> usize {
        1 + match self {
            Self::Numbers { edges } => edges.len() + 1,
            Self::Categories { categories } => categories.len(),
        }
    }

    /// The bin of each row of `column`. A column of the other kind is missing throughout.
    fn assign(&self, column: &Column<'_>) -> Vec<u8> {
        match (self, column) {
            (Self::Numbers { edges }, Column::Numbers(numbers)) => {
                let bin = |number: &f32| match number.is_nan() {
                    true => MISSING,
                    false => 1 + edges.partition_point(|edge| edge < number) as u8,
                };
                numbers.iter().map(bin).collect()
            }
            (Self::Categories { categories }, Column::Categories(codes)) => {
                let mut bins: Vec<(u32, u8)> =
                    categories.iter().copied().zip(1..=u8::MAX).collect();
                bins.sort_unstable();
                let bin = |code: &u32| match bins.binary_search_by_key(code, |(known, _)| *known) {
                    Ok(place) => bins[place].1,
                    Err(_) => MISSING,
                };
                codes.iter().map(bin).collect()
            }
            _ => vec![MISSING; column.rows()],
        }
    }
}

/// A column in bins.
#[derive(Debug, Clone)]
pub(crate) struct BinnedColumn {
    /// The bin of each row.
    pub bins: Vec<u8>,
    /// What the bins stand for.
    pub values: Values,
}

/// A table in bins: one byte for each value, column by column.
#[derive(Debug, Clone)]
pub struct Binned {
    pub(crate) columns: Vec<BinnedColumn>,
    rows: usize,
}

impl Binned {
    /// Chooses the bins of `columns` by the rows `fitted`, and puts all rows into them.
    ///
    /// Numbers are cut so that bins have about as many rows each. Categories that are too rare in
    /// the rows `fitted` share the bin of missing values.
    ///
    /// # Panics
    ///
    /// If a column has no row of a number in `fitted`.
    #[must_use]
    pub fn new(columns: &[Column<'_>], fitted: &[u32]) -> Self {
        let values = columns.iter().map(|column| match column {
            Column::Numbers(numbers) => number_values(numbers, fitted),
            Column::Categories(codes) => category_values(codes, fitted),
        });
        Self::assigned(values, columns)
    }

    /// Puts the rows of other `columns` into the bins of this table. A column that is lacking, or
    /// that is of the other kind, is missing in every row.
    #[must_use]
    pub fn apply(&self, columns: &[Column<'_>]) -> Self {
        Self::assigned(self.values().cloned(), columns)
    }

    fn assigned(values: impl Iterator<Item = Values>, columns: &[Column<'_>]) -> Self {
        let rows = columns.iter().map(Column::rows).max().unwrap_or(0);
        let column = |(place, values): (usize, Values)| {
            let mut bins = columns
                .get(place)
                .map_or_else(Vec::new, |column| values.assign(column));
            bins.resize(rows, MISSING);
            BinnedColumn { bins, values }
        };
        Self {
            columns: values.enumerate().map(column).collect(),
            rows,
        }
    }

    /// What the bins of each column stand for.
    pub fn values(&self) -> impl Iterator<Item = &Values> {
        self.columns.iter().map(|column| &column.values)
    }

    /// The bin of each row in a column; `None` if there is no such column.
    #[must_use]
    pub fn bins(&self, column: usize) -> Option<&[u8]> {
        self.columns
            .get(column)
            .map(|column| column.bins.as_slice())
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }
}

fn number_values(numbers: &[f32], fitted: &[u32]) -> Values {
    let known = fitted.iter().map(|row| numbers[*row as usize]);
    let mut sorted: Vec<f32> = known.filter(|number| !number.is_nan()).collect();
    sorted.sort_unstable_by(f32::total_cmp);
    Values::Numbers {
        edges: edges(&counts(&sorted), sorted.len()),
    }
}

/// Cuts between values, given with the number of their rows. Few values are all told apart, but for those of too few rows.
/// Of many, those that are frequent have a bin of their own, and the others share bins of about the same number of rows
/// (as in G. Ke et al., "`LightGBM`", NIPS 2017).
fn edges(counts: &[(f32, usize)], rows: usize) -> Vec<f32> {
    const BINS: usize = MOST - 1;
    let all_fit = counts.len() <= BINS;
    let is_frequent = |count: usize| !all_fit && count * BINS >= rows;
    let frequent: Vec<usize> = (counts.iter())
        .map(|(_, count)| *count)
        .filter(|count| is_frequent(*count))
        .collect();
    // Rows and bins of the values that share bins.
    let mut rest = rows - frequent.iter().sum::<usize>();
    let mut bins = BINS - frequent.len();
    let share = |rest: usize, bins: usize| if all_fit { 0 } else { rest / bins.max(1) };
    let mut target = share(rest, bins);
    let mut edges = Vec::new();
    let (mut inside, mut left) = (0, rows);
    for pair in counts.windows(2) {
        let [(value, count), (next, next_count)] = pair else {
            continue;
        };
        inside += count;
        left -= count;
        let own = is_frequent(*count);
        if !own {
            rest -= count;
        }
        let is_full = own || inside >= target || is_frequent(*next_count) && 2 * inside >= target;
        if is_full && inside >= FEWEST_ROWS && left >= FEWEST_ROWS && edges.len() < BINS - 1 {
            edges.push(between(*value, *next));
            inside = 0;
            if !own {
                bins = bins.saturating_sub(1);
                target = share(rest, bins);
            }
        }
    }
    edges
}

/// How often each of the `sorted` values occurs.
fn counts<T: Copy + PartialEq>(sorted: &[T]) -> Vec<(T, usize)> {
    let mut counts: Vec<(T, usize)> = Vec::new();
    for value in sorted {
        match counts.last_mut() {
            Some((last, count)) if last == value => *count += 1,
            _ => counts.push((*value, 1)),
        }
    }
    counts
}

/// A number from `low`, inclusive, up to `high`, exclusive.
fn between(low: f32, high: f32) -> f32 {
    let middle = f32::midpoint(low, high);
    if middle < high { middle } else { low }
}

fn category_values(codes: &[u32], fitted: &[u32]) -> Values {
    let mut sorted: Vec<u32> = fitted.iter().map(|row| codes[*row as usize]).collect();
    sorted.sort_unstable();
    let mut counts = counts(&sorted);
    let fewest = (fitted.len() / CATEGORY_SHARE).clamp(2, 10);
    counts.retain(|(code, count)| *code != u32::MAX && *count >= fewest);
    counts.sort_by_key(|(code, count)| (usize::MAX - count, *code));
    counts.truncate(MOST - 1);
    Values::Categories {
        categories: counts.into_iter().map(|(code, _)| code).collect(),
    }
}

#[cfg(test)]
mod tests;
