//! Between the passes: the type of each column.

use model::Excerpt;

use crate::DataError;

use super::decision::Decision;
use super::number::Style;
use super::open::File;
use super::rows::Rows;
use super::tally::Tally;
use super::wanted::Wanted;
use super::{DATE_CELLS, names};

/// What is to become of a column.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Its name.
    pub name: String,
    /// Its type.
    pub cells: Planned,
    /// Whether every cell is a whole number larger than the one before.
    pub is_ascending: bool,
    /// What the user wants of it.
    pub wanted: Wanted<'a>,
}

/// The type of a column.
#[derive(Debug, PartialEq)]
pub enum Planned {
    /// Numbers in this style, with this sign. Other cells count as missing.
    Numbers(Style, Option<char>),
    /// Categories of these names.
    Categories(Vec<String>),
    /// Dates. Other cells count as missing.
    Dates,
    /// Texts, which are kept if that is wanted.
    Texts,
    /// Nothing.
    Ignored,
}

impl Plan<'_> {
    /// The memory that it needs, in numbers a row.
    pub fn weight(&self) -> usize {
        match self.cells {
            Planned::Numbers(..) | Planned::Categories(_) => 1,
            Planned::Dates => DATE_CELLS,
            Planned::Texts => 2,
            Planned::Ignored => 0,
        }
    }
}

/// Decides the types of all columns.
///
/// # Errors
///
/// If a column does not fit what is wanted, or has numbers that are not finite.
pub fn decide<'a>(
    file: File<'_>,
    rows: &Rows<'_>,
    wanted: &[Wanted<'a>],
    tallies: Vec<Tally>,
    notes: &mut Vec<String>,
) -> Result<Vec<Plan<'a>>, DataError> {
    let usual = usual_style(rows, &tallies);
    let columns = rows.names().iter().zip(wanted).zip(tallies);
    let plans = columns.map(|((name, wanted), tally)| {
        let style = match tally.styles() {
            [point, comma] if point > comma => Style::Point,
            [point, comma] if comma > point => Style::Comma,
            _ => usual,
        };
        let mut decision = Decision {
            file,
            name: &Excerpt::new(name).to_string(),
            style,
            notes,
        };
        Ok(Plan {
            name: name.clone(),
            is_ascending: tally.is_ascending(),
            wanted: *wanted,
            cells: match wanted.kind {
                _ if wanted.is_text => Planned::Texts,
                Some(kind) => decision.wanted(kind, tally)?,
                None => decision.found(tally, names::is_code(name))?,
            },
        })
    });
    plans.collect()
}

/// The style of numbers that could be of both.
fn usual_style(rows: &Rows<'_>, tallies: &[Tally]) -> Style {
    let is_point = |tally: &Tally| matches!(tally.styles(), [point, comma] if point > comma);
    let is_comma = |tally: &Tally| {
        let [point, comma] = tally.styles();
        comma > point || tally.has_commas && !rows.has_commas()
    };
    match !tallies.iter().any(is_point) && tallies.iter().any(is_comma) {
        true => Style::Comma,
        false => Style::Point,
    }
}
