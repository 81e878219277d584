//! The first pass: what the cells of each column are.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, DefaultHasher};

use crate::DataError;
use model::is_missing;

use super::Kind;
use super::number::{Style, has_leading_zero, is_infinity, signed};
use super::open::File;
use super::rows::Rows;
use super::wanted::Wanted;

/// Most distinct words of a column of categories that nobody asked for.
pub const MOST_CATEGORIES: usize = 1000;
/// Most distinct words of all columns together, for the sake of memory. Very wide tables have fewer a column.
const MOST_WORDS: usize = 4_000_000;
/// Distinct words that are no numbers, of which messages may speak.
const REMEMBERED: usize = 4;
/// Bytes between two reports of progress.
pub const REPORTED: usize = 1 << 20;

/// A hash map that is the same in every run.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// A hash set that is the same in every run.
pub type Set<T> = HashSet<T, BuildHasherDefault<DefaultHasher>>;

/// A cell, and the line that it is in.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The cell.
    pub cell: String,
    /// The line, from 1.
    pub line: u32,
}

/// What the cells of a column are.
#[derive(Debug, Default)]
pub struct Tally {
    /// Cells that are not missing.
    pub present: usize,
    /// Numbers with a point for decimals.
    pub point: usize,
    /// Numbers with a comma for decimals.
    pub comma: usize,
    /// Numbers of either style.
    pub numbers: usize,
    /// The first number that only a point makes one, and the first that only a comma does.
    pub only: [Option<Seen>; 2],
    /// Whether a number has a comma in it.
    pub has_commas: bool,
    /// Whether a number has decimals.
    pub has_decimals: bool,
    /// Whole numbers with a leading zero.
    pub leading_zeros: usize,
    /// The first number that is not finite.
    pub infinite: Option<Seen>,
    /// Numbers that are not finite.
    pub infinities: usize,
    /// Numbers with the sign `sign`.
    pub signed: usize,
    /// The sign of the first number that has one.
    pub sign: Option<char>,
    /// Those with a point for decimals.
    signed_point: usize,
    /// Those with a comma for decimals.
    signed_comma: usize,
    /// Dates.
    pub dates: usize,
    /// The first few distinct cells that are neither finite numbers nor dates.
    pub words: Vec<Seen>,
    /// All distinct cells.
    pub dictionary: Dictionary,
    order: Order,
}

/// Whether the cells are ascending whole numbers.
#[derive(Debug, Default)]
enum Order {
    #[default]
    Empty,
    Last(i64),
    Broken,
}

/// Distinct words, and how often each is there.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// The words; none if they are too many.
    pub words: Map<String, usize>,
    /// Whether they are too many.
    pub is_full: bool,
}

/// Goes through all rows. Returns a tally for each column, and the number of rows.
///
/// # Errors
///
/// Those of the rows, and if the table is too large.
pub fn pass(
    file: File<'_>,
    rows: &Rows<'_>,
    wanted: &[Wanted<'_>],
    progress: &dyn Fn(u64),
) -> Result<(Vec<Tally>, usize), DataError> {
    let mut tallies: Vec<_> = wanted.iter().map(|_| Tally::default()).collect();
    let most = (MOST_WORDS / wanted.len().max(1)).min(MOST_CATEGORIES);
    let limits = wanted
        .iter()
        .map(|wanted| match wanted.kind == Some(Kind::Category) {
            true => usize::MAX,
            false => most,
        });
    let limits: Vec<_> = limits.collect();
    let (mut count, mut reported) = (0, 0);
    rows.visit(file, &mut |place, row| {
        count += 1;
        file.check_size(count, tallies.len(), rows.text())?;
        for (column, (tally, limit)) in tallies.iter_mut().zip(&limits).enumerate() {
            tally.add(row.cell(column), place.line, *limit);
        }
        if place.byte >= reported + REPORTED {
            reported = place.byte;
            progress(reported as u64);
        }
        Ok(())
    })?;
    match count {
        0 => Err(file.bad(None, "has no rows")),
        _ => Ok((tallies, count)),
    }
}

impl Tally {
    fn add(&mut self, cell: &str, line: u32, most_words: usize) {
        if is_missing(cell) {
            self.order = Order::Broken;
            return;
        }
        self.present += 1;
        self.dictionary.add(cell, most_words);
        let point = Style::Point.number(cell);
        let (has_comma, has_point) = (cell.contains(','), cell.contains('.'));
        let comma = match has_comma || has_point {
            true => Style::Comma.number(cell),
            false => point,
        };
        let Some(number) = point.or(comma) else {
            self.order = Order::Broken;
            self.add_word(cell, line);
            return;
        };
        if number.is_infinite() {
            self.add_infinity(cell, line);
            return;
        }
        self.numbers += 1;
        for (only, other) in self.only.iter_mut().zip([comma, point]) {
            if other.is_none() && only.is_none() {
                let cell = cell.to_owned();
                *only = Some(Seen { cell, line });
            }
        }
        self.point += usize::from(point.is_some());
        self.comma += usize::from(comma.is_some());
        self.has_commas |= has_comma;
        self.has_decimals |= number.fract() != 0.0;
        self.leading_zeros += usize::from(has_leading_zero(cell));
        self.order = match (&self.order, cell.parse()) {
            (Order::Empty, Ok(number)) => Order::Last(number),
            (Order::Last(last), Ok(number)) if number > *last => Order::Last(number),
            _ => Order::Broken,
        };
    }

    fn add_infinity(&mut self, cell: &str, line: u32) {
        self.infinities += 1;
        let cell = cell.to_owned();
        self.infinite.get_or_insert(Seen { cell, line });
    }

    fn add_word(&mut self, cell: &str, line: u32) {
        if model::date::parts(cell).is_some() {
            self.dates += 1;
            return;
        }
        if is_infinity(cell) {
            self.add_infinity(cell, line);
        }
        if let Some((sign, _, rest)) = signed(cell) {
            let is_same = *self.sign.get_or_insert(sign) == sign;
            let (point, comma) = (Style::Point.number(rest), Style::Comma.number(rest));
            if is_same && point.or(comma).is_some_and(f32::is_finite) {
                self.signed += 1;
                self.signed_point += usize::from(point.is_some());
                self.signed_comma += usize::from(comma.is_some());
            }
        }
        let known = self.words.iter().any(|seen| seen.cell == cell);
        if self.words.len() < REMEMBERED && !known {
            let cell = cell.to_owned();
            self.words.push(Seen { cell, line });
        }
    }

    /// How many numbers, with and without a sign, have a point and how many a comma for decimals.
    pub fn styles(&self) -> [usize; 2] {
        [
            self.point + self.signed_point,
            self.comma + self.signed_comma,
        ]
    }

    /// Whether every cell is a whole number larger than the one before.
    pub fn is_ascending(&self) -> bool {
        matches!(self.order, Order::Last(_)) && self.present > 1
    }
}

impl Dictionary {
    fn add(&mut self, word: &str, most: usize) {
        if self.is_full {
            return;
        }
        if let Some(count) = self.words.get_mut(word) {
            *count += 1;
        } else if self.words.len() < most {
            self.words.insert(word.to_owned(), 1);
        } else {
            self.is_full = true;
            self.words = Map::default();
        }
    }

    /// The words with their counts: the most frequent first, equally frequent ones by name.
    pub fn by_frequency(self) -> Vec<String> {
        let mut words: Vec<_> = self.words.into_iter().collect();
        words.sort_unstable_by(|(a, many), (b, other)| other.cmp(many).then_with(|| a.cmp(b)));
        words.into_iter().map(|(word, _)| word).collect()
    }
}
