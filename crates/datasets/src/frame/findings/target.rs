//! Whether one column gives the target away.

use crate::frame::{Cells, MISSING};

use super::FEWEST_ROWS;

/// Share of the target that a column has to predict: of the rows, or of the variance.
const SHARE: f64 = 0.999;
/// Rows for each distinct value of a column, so that its values predict by more than chance.
const ROWS_PER_VALUE: usize = 10;
/// Most classes of a target that is looked at.
const MOST_CLASSES: usize = 1000;

/// The share of `target` that `cells` predict, if it is almost all: of the rows if the target has classes, of the
/// variance if it is a number. Rows without a target do not count.
pub fn given_away(cells: &Cells, target: &Cells) -> Option<f64> {
    let share = match (cells, target) {
        (
            Cells::Categories { codes, names },
            Cells::Categories {
                codes: target,
                names: classes,
            },
        ) => by_value(codes, names.len(), target, classes.len()),
        (Cells::Numbers(numbers), Cells::Categories { codes, names }) => {
            by_order(numbers, codes, names.len())
        }
        (Cells::Numbers(numbers), Cells::Numbers(target)) => on_a_line(numbers, target),
        (Cells::Categories { codes, names }, Cells::Numbers(target)) => {
            by_mean(codes, names.len(), target)
        }
        _ => None,
    };
    share.filter(|share| *share >= SHARE)
}

/// The share of the rows that are right if each value stands for its most frequent class. A missing value is one more.
fn by_value(codes: &[u32], values: usize, target: &[u32], classes: usize) -> Option<f64> {
    // Before memory is taken for so many values, most of which are of few rows.
    if codes.len() < ROWS_PER_VALUE * values || classes > MOST_CLASSES {
        return None;
    }
    let mut counts = vec![vec![0_usize; classes]; values + 1];
    for (code, class) in codes.iter().zip(target) {
        let row = match *code {
            MISSING => counts.last_mut(),
            code => counts.get_mut(code as usize),
        };
        if let Some(count) = row.and_then(|row| row.get_mut(*class as usize)) {
            *count += 1;
        }
    }
    let total: usize = counts.iter().flatten().sum();
    let most = |row: &Vec<usize>| row.iter().copied().max().unwrap_or(0);
    let right: usize = counts.iter().map(most).sum();
    let of_class = |class| {
        counts
            .iter()
            .filter_map(move |row| row.get(class))
            .sum::<usize>()
    };
    let guessed = (0..classes).map(of_class).max().unwrap_or(0);
    share_of(right, guessed, total).filter(|_| total >= ROWS_PER_VALUE * values)
}

/// The share of the rows that are right if each class is one range of the numbers.
fn by_order(numbers: &[f32], target: &[u32], classes: usize) -> Option<f64> {
    let rows = numbers
        .iter()
        .zip(target)
        .filter(|(_, class)| **class != MISSING);
    let mut sorted: Vec<_> = rows.map(|(number, class)| (*number, *class)).collect();
    // A NaN, which is missing, comes last as if it were one more number.
    sorted.sort_unstable_by(|(a, x), (b, y)| a.total_cmp(b).then(x.cmp(y)));
    let mut counts = vec![0_usize; classes];
    for (_, class) in &sorted {
        if let Some(count) = counts.get_mut(*class as usize) {
            *count += 1;
        }
    }
    let guessed = counts.iter().copied().max().unwrap_or(0);
    let right = match counts.as_slice() {
        [zeros, ones] => by_threshold(&sorted, *zeros, *ones),
        _ if is_in_runs(&sorted, classes) => sorted.len(),
        _ => 0,
    };
    share_of(right, guessed, sorted.len())
}

/// Whether the rows of each class follow each other, without a number that two classes have.
fn is_in_runs(sorted: &[(f32, u32)], classes: usize) -> bool {
    let borders = || sorted.windows(2).filter(|pair| is_border(pair));
    borders().count() < classes && !borders().any(is_tied)
}

/// The most rows that are right if one class lies below a threshold and the other above it.
fn by_threshold(sorted: &[(f32, u32)], zeros: usize, ones: usize) -> usize {
    let (mut low_zeros, mut low_ones, mut most) = (0, 0, 0);
    for (at, (_, class)) in sorted.iter().enumerate() {
        low_zeros += usize::from(*class == 0);
        low_ones += usize::from(*class == 1);
        if !sorted.get(at..at + 2).is_some_and(is_tied) {
            let right = low_zeros + ones - low_ones;
            most = most.max(right).max(zeros + ones - right);
        }
    }
    most
}

fn is_border(pair: &[(f32, u32)]) -> bool {
    matches!(pair, [(_, one), (_, other)] if one != other)
}

fn is_tied(pair: &[(f32, u32)]) -> bool {
    matches!(pair, [(a, _), (b, _)] if a.total_cmp(b).is_eq())
}

/// `right` of `total` rows, if it is much better than `guessed`, which the most frequent class alone gives.
fn share_of(right: usize, guessed: usize, total: usize) -> Option<f64> {
    let is_better = 10 * (total - right.min(total)) < total - guessed.min(total);
    (total >= FEWEST_ROWS && is_better).then(|| right as f64 / total as f64)
}

/// The share of the variance that the least squares line explains: the squared correlation.
fn on_a_line(numbers: &[f32], target: &[f32]) -> Option<f64> {
    let pairs = numbers.iter().zip(target).filter(|(_, y)| !y.is_nan());
    let pairs: Vec<_> = pairs.map(|(x, y)| (f64::from(*x), f64::from(*y))).collect();
    let known = pairs.iter().filter(|(x, _)| !x.is_nan());
    let count = known.clone().count() as f64;
    if count < FEWEST_ROWS as f64 || count < SHARE * pairs.len() as f64 {
        return None;
    }
    let (x, y) = known
        .clone()
        .fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
    let (x_mean, y_mean) = (x / count, y / count);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in known {
        let (x, y) = (x - x_mean, y - y_mean);
        xx += x * x;
        xy += x * y;
        yy += y * y;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy * xy / (xx * yy))
}

/// The share of the variance that the means of the values explain.
fn by_mean(codes: &[u32], values: usize, target: &[f32]) -> Option<f64> {
    let group = |code: u32| (code as usize).min(values);
    let pairs = codes.iter().zip(target).filter(|(_, y)| !y.is_nan());
    let mut sums = vec![(0.0, 0.0); values + 1];
    for (code, y) in pairs.clone() {
        if let Some((sum, count)) = sums.get_mut(group(*code)) {
            *sum += f64::from(*y);
            *count += 1.0;
        }
    }
    let (sum, count) = sums
        .iter()
        .fold((0.0, 0.0), |(a, b), (sum, count)| (a + sum, b + count));
    let mean = sum / count;
    let (mut all, mut within) = (0.0, 0.0);
    for (code, y) in pairs {
        let (sum, count) = sums.get(group(*code)).copied().unwrap_or_default();
        let y = f64::from(*y);
        all += (y - mean) * (y - mean);
        within += (y - sum / count) * (y - sum / count);
    }
    let is_enough = count >= (FEWEST_ROWS.max(ROWS_PER_VALUE * values)) as f64;
    (is_enough && all > 0.0).then(|| 1.0 - within / all)
}
