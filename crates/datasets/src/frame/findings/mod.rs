//! What is peculiar about the columns of a frame.

mod target;
#[cfg(test)]
mod tests;

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use model::Excerpt;

use super::tally::Map;
use super::{Cells, Column, Frame, MISSING, names};

/// Fewest rows in which distinct values say anything.
const FEWEST_ROWS: usize = 20;
/// Share of missing cells above which a column is mostly missing.
const MOSTLY: f64 = 0.95;

/// What is peculiar about a column. Its text is a sentence for the user.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The name of the column.
    pub column: String,
    /// What it is.
    pub reason: Reason,
}

/// What may be peculiar about a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// It has no values.
    Empty,
    /// All rows have the same value.
    Constant,
    /// It tells rows apart, by whole numbers or by words that are all distinct.
    Identifier {
        /// Whether the name says so too, or nothing else can be meant. If not, it may be a measurement.
        is_sure: bool,
    },
    /// Its cells are those of a column before it.
    Duplicate {
        /// The name of the other column.
        of: String,
    },
    /// Words of too many kinds.
    FreeText {
        /// The number of distinct texts.
        distinct: usize,
    },
    /// It alone predicts the target, at least in this share of the rows, or of the variance of a number.
    GivesTargetAway {
        /// The share, from 0 to 1.
        share: f64,
    },
    /// More than 95 % of its cells are missing.
    MostlyMissing {
        /// The share that is missing, from 0 to 1.
        share: f64,
    },
}

impl Finding {
    /// Whether a model is to be trained without the column: nothing can be learnt from it.
    #[must_use]
    pub fn leaves_out(&self) -> bool {
        match self.reason {
            Reason::Empty
            | Reason::Constant
            | Reason::Duplicate { .. }
            | Reason::FreeText { .. } => true,
            Reason::Identifier { is_sure } => is_sure,
            Reason::GivesTargetAway { .. } | Reason::MostlyMissing { .. } => false,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", Excerpt::new(&self.column))?;
        match &self.reason {
            Reason::Empty => f.write_str("has no values"),
            Reason::Constant => f.write_str("has the same value in all rows"),
            Reason::Identifier { is_sure: true } => f.write_str("identifies rows"),
            Reason::Identifier { is_sure: false } => f.write_str(
                "may only number the rows: whole numbers, each larger than the one before",
            ),
            Reason::Duplicate { of } => {
                write!(f, "has the same cells as `{}`", Excerpt::new(of))
            }
            Reason::FreeText { distinct } => {
                write!(f, "is free text: {distinct} distinct texts")
            }
            Reason::GivesTargetAway { share } => {
                let share = (1000.0 * share).floor() / 10.0;
                write!(
                    f,
                    "alone predicts {share} % of the target; leave it out if it is not known beforehand"
                )
            }
            Reason::MostlyMissing { share } => {
                let share = (1000.0 * share).floor() / 10.0;
                write!(f, "is missing in {share} % of the rows")
            }
        }
    }
}

/// What is peculiar about the columns of `frame`, in their order; at most one thing each, and whether it gives the
/// target away. The target itself is looked at for nothing but values that are missing or constant.
pub fn findings(frame: &Frame, target: Option<usize>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: Map<u64, Vec<usize>> = Map::default();
    let target = target.and_then(|at| Some((at, frame.columns.get(at)?)));
    for (position, column) in frame.columns.iter().enumerate() {
        let is_target = target.is_some_and(|(at, _)| at == position);
        let mut find = |reason| {
            findings.push(Finding {
                column: column.name.clone(),
                reason,
            });
        };
        let fixed = fixed(column, frame.rows);
        let is_fixed = fixed.is_some();
        if is_target {
            fixed.into_iter().for_each(find);
            continue;
        }
        let same = seen.entry(hash(&column.cells)).or_default();
        let original = same.iter().find_map(|at| {
            let other = frame.columns.get(*at)?;
            is_same(&other.cells, &column.cells).then(|| other.name.clone())
        });
        same.push(position);
        let duplicate = original.map(|of| Reason::Duplicate { of });
        let reason = fixed
            .or_else(|| duplicate.or_else(|| identifier(column, frame.rows)))
            .or_else(|| rest(column, frame.rows));
        reason.into_iter().for_each(&mut find);
        if let (Some((_, target)), false) = (target, is_fixed)
            && let Some(share) = target::given_away(&column.cells, &target.cells)
        {
            find(Reason::GivesTargetAway { share });
        }
    }
    findings
}

/// A column without values, or with the same in all rows.
fn fixed(column: &Column, rows: usize) -> Option<Reason> {
    if column.cells.missing() == rows {
        return Some(Reason::Empty);
    }
    let is_constant = match &column.cells {
        Cells::Numbers(numbers) => numbers.iter().all(|n| Some(n) == numbers.first()),
        Cells::Categories { codes, .. } => codes.iter().all(|c| Some(c) == codes.first()),
        Cells::Dates(dates) => dates.iter().all(|d| Some(d) == dates.first()),
        Cells::Texts {
            distinct, missing, ..
        } => *distinct == 1 && *missing == 0,
    };
    // Large numbers that differ may have been rounded to the same.
    (is_constant && rows > 1 && !column.is_ascending).then_some(Reason::Constant)
}

fn identifier(column: &Column, rows: usize) -> Option<Reason> {
    let is_named = names::is_identifier(&column.name);
    let sure = |is_sure| Some(Reason::Identifier { is_sure });
    match &column.cells {
        Cells::Numbers(numbers) => {
            let is_whole = numbers.iter().all(|n| n.is_nan() || n.fract() == 0.0);
            if column.is_ascending && (is_named || rows >= FEWEST_ROWS) {
                return sure(is_named);
            }
            // Of large numbers several may have been rounded to the same.
            let mut sorted: Vec<_> = numbers.iter().filter(|n| !n.is_nan()).collect();
            sorted.sort_unstable_by(|a, b| a.total_cmp(b));
            sorted.dedup();
            match is_named && is_whole && 2 * sorted.len() > rows {
                true => sure(true),
                false => None,
            }
        }
        Cells::Categories { codes, names } => {
            let is_distinct = names.len() == codes.len();
            match is_distinct && (is_named || rows >= FEWEST_ROWS) {
                true => sure(true),
                false => None,
            }
        }
        Cells::Texts {
            distinct, missing, ..
        } => match distinct + missing == rows {
            true => sure(true),
            false => None,
        },
        Cells::Dates(_) => None,
    }
}

fn rest(column: &Column, rows: usize) -> Option<Reason> {
    if let Cells::Texts { distinct, .. } = column.cells {
        return Some(Reason::FreeText { distinct });
    }
    let share = column.cells.missing() as f64 / rows.max(1) as f64;
    (share > MOSTLY).then_some(Reason::MostlyMissing { share })
}

/// A hash that is equal for columns with the same cells.
fn hash(cells: &Cells) -> u64 {
    let mut hasher = DefaultHasher::new();
    match cells {
        Cells::Numbers(numbers) => numbers.iter().for_each(|n| bits(*n).hash(&mut hasher)),
        Cells::Categories { codes, names } => (codes, names).hash(&mut hasher),
        Cells::Dates(dates) => dates
            .iter()
            .for_each(|date| date.map(|d| d.map(bits)).hash(&mut hasher)),
        Cells::Texts { fingerprint, .. } => fingerprint.hash(&mut hasher),
    }
    hasher.finish()
}

/// The same bits for equal numbers: zero has two signs, and every NaN is a missing value.
fn bits(number: f32) -> u32 {
    match number.is_nan() {
        true => MISSING,
        false => (number + 0.0).to_bits(),
    }
}

fn is_same(one: &Cells, other: &Cells) -> bool {
    match (one, other) {
        (Cells::Numbers(one), Cells::Numbers(other)) => one
            .iter()
            .map(|n| bits(*n))
            .eq(other.iter().map(|n| bits(*n))),
        (one, other) => one == other,
    }
}
