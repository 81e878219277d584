//! The type of one column.

use model::Excerpt;

use crate::DataError;

use super::Kind;
use super::number::Style;
use super::open::File;
use super::plan::Planned;
use super::tally::{Dictionary, Seen, Tally};

/// Fewest numbers among which a few words count as missing.
const FEWEST_NUMBERS: usize = 20;
/// Most distinct words that count as missing among numbers.
const MOST_STRAY_WORDS: usize = 3;
/// Most distinct cells of a column of codes, or of numbers and words, that is of categories.
const MOST_CODES: usize = 50;
/// Fewest cells of which most may be distinct, so that they are text.
const FEWEST_TEXTS: usize = 50;

/// The decision about one column.
pub struct Decision<'a> {
    /// The file.
    pub file: File<'a>,
    /// The name of the column, as messages show it.
    pub name: &'a str,
    /// How it writes numbers.
    pub style: Style,
    /// Takes what the user should know.
    pub notes: &'a mut Vec<String>,
}

impl Decision<'_> {
    /// The column as the type `kind`, which the user wants.
    ///
    /// # Errors
    ///
    /// If it is not of this type.
    pub fn wanted(&mut self, kind: Kind, tally: Tally) -> Result<Planned, DataError> {
        let numbers = self.numbers(&tally);
        let name = self.name;
        match kind {
            Kind::Ignored => Ok(Planned::Ignored),
            Kind::Category | Kind::Target => {
                Ok(Planned::Categories(tally.dictionary.by_frequency()))
            }
            Kind::Number if is_signed(&tally) => self.finite(&tally, tally.sign),
            Kind::Number => {
                let words = tally.present - numbers - tally.infinities;
                if 2 * words > tally.present {
                    let problem = format!(
                        "`{name}` is to be a number, but {words} of {} cells are not, such as {}",
                        tally.present,
                        self.shown(&tally)
                    );
                    return Err(self.file.bad(self.first_line(&tally), problem));
                }
                if words > 0 {
                    let shown = self.shown(&tally);
                    self.notes.push(format!(
                        "`{name}`: {words} cells are not numbers and count as missing, such as {shown}"
                    ));
                }
                self.finite(&tally, None)
            }
            Kind::Date if tally.dates == tally.present => Ok(Planned::Dates),
            Kind::Date => {
                let problem = format!(
                    "`{name}` is to be a date, but {} of {} cells are not dates such as \
                     `2024-05-31` or `2024-05-31T17:30`: {}",
                    tally.present - tally.dates,
                    tally.present,
                    self.shown(&tally)
                );
                Err(self.file.bad(self.first_line(&tally), problem))
            }
        }
    }

    /// The column as what its cells are. `is_code` says whether whole numbers are codes, after its name.
    ///
    /// # Errors
    ///
    /// If it has numbers that are not finite.
    pub fn found(&mut self, tally: Tally, is_code: bool) -> Result<Planned, DataError> {
        let name = self.name;
        let (numbers, present) = (self.numbers(&tally), tally.present);
        if tally.leading_zeros > 0 && 100 * tally.leading_zeros >= present {
            self.notes.push(format!(
                "`{name}`: numbers with leading zeros are words; `--numeric \"{name}\"` reads numbers"
            ));
            return Ok(words(tally.dictionary, present));
        }
        let (distinct, is_full) = (tally.dictionary.words.len(), tally.dictionary.is_full);
        let is_few = !is_full && distinct <= MOST_CODES;
        if numbers + tally.infinities == present {
            if numbers > 0 && is_code && is_few && !tally.has_decimals && tally.infinities == 0 {
                self.notes.push(format!(
                    "`{name}`: whole numbers are categories, {distinct} of them, because of the name; \
                     `--numeric \"{name}\"` reads numbers"
                ));
                return Ok(Planned::Categories(tally.dictionary.by_frequency()));
            }
            return self.finite(&tally, None);
        }
        if is_signed(&tally) {
            if let Some(sign) = tally.sign {
                self.notes
                    .push(format!("`{name}`: numbers without their sign `{sign}`"));
            }
            return self.finite(&tally, tally.sign);
        }
        if tally.dates == present {
            return Ok(Planned::Dates);
        }
        let is_stray = |main: usize| {
            main >= FEWEST_NUMBERS
                && 100 * main >= 95 * present
                && tally.words.len() <= MOST_STRAY_WORDS
        };
        if tally.dates == 0 && tally.numbers == numbers && is_stray(numbers) && !is_few {
            self.note_strays(&tally, "numbers");
            return self.finite(&tally, None);
        }
        if tally.numbers == 0 && is_stray(tally.dates) {
            self.note_strays(&tally, "dates");
            return Ok(Planned::Dates);
        }
        if 2 * numbers > present {
            self.notes.push(format!(
                "`{name}`: {numbers} of {present} cells are numbers, others are words, such as {}; all \
                 are words here, `--numeric \"{name}\"` reads the numbers",
                self.shown(&tally)
            ));
        }
        Ok(words(tally.dictionary, present))
    }

    fn note_strays(&mut self, tally: &Tally, kind: &str) {
        let (name, words) = (self.name, self.shown(tally));
        self.notes.push(format!(
            "`{name}`: {kind}, in which {words} counts as missing; `--categorical \"{name}\"` reads words"
        ));
    }

    /// Cells that are numbers in the style of the column.
    fn numbers(&self, tally: &Tally) -> usize {
        match self.style {
            Style::Point => tally.point,
            Style::Comma => tally.comma,
        }
    }

    /// The first cells that are no numbers in the style of the column.
    fn strays<'t>(&self, tally: &'t Tally) -> impl Iterator<Item = &'t Seen> {
        let [point, comma] = &tally.only;
        let other = match self.style {
            Style::Point => comma,
            Style::Comma => point,
        };
        other.iter().chain(&tally.words).take(MOST_STRAY_WORDS)
    }

    /// The same, for a message that goes on with them.
    fn shown(&self, tally: &Tally) -> String {
        let shown = self.strays(tally).map(|seen| {
            let cell = Excerpt::new(&seen.cell);
            format!("`{cell}` in line {}", seen.line)
        });
        match shown.collect::<Vec<_>>().join(", ") {
            // Neither of which is remembered.
            shown if shown.is_empty() && tally.dates > 0 => "dates".into(),
            shown if shown.is_empty() => "numbers".into(),
            shown => shown,
        }
    }

    /// The line of the first of them.
    fn first_line(&self, tally: &Tally) -> Option<u32> {
        self.strays(tally).map(|seen| seen.line).min()
    }

    /// Numbers, if all are finite.
    fn finite(&mut self, tally: &Tally, sign: Option<char>) -> Result<Planned, DataError> {
        let name = self.name;
        if let Some(Seen { cell, line }) = &tally.infinite {
            let problem = format!(
                "`{name}` is `{}`; expected a finite number up to 3.4e38: remove the row or leave the \
                 cell empty, or read words with `--categorical \"{name}\"`",
                Excerpt::new(cell)
            );
            return Err(self.file.bad(Some(*line), problem));
        }
        if tally.has_commas {
            let meaning = match self.style {
                Style::Point => "commas in numbers group thousands, first in",
                Style::Comma => "commas in numbers stand before decimals, first in",
            };
            // Most tables have many such columns.
            if !self.notes.iter().any(|note| note.starts_with(meaning)) {
                self.notes.push(format!("{meaning} `{name}`"));
            }
        }
        Ok(Planned::Numbers(self.style, sign))
    }
}

/// Whether every cell is a number with the same sign.
fn is_signed(tally: &Tally) -> bool {
    tally.signed > 0 && tally.signed == tally.present
}

/// Categories, or texts if the words are too many.
fn words(dictionary: Dictionary, present: usize) -> Planned {
    let distinct = dictionary.words.len();
    let is_text = dictionary.is_full || present >= FEWEST_TEXTS && 2 * distinct > present;
    match is_text {
        true => Planned::Texts,
        false => Planned::Categories(dictionary.by_frequency()),
    }
}
