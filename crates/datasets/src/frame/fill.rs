//! The second pass: the columns.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hasher};

use model::DATE_PARTS;

use crate::DataError;
use model::is_missing;

use super::number::Style;
use super::open::File;
use super::plan::{Plan, Planned};
use super::rows::Rows;
use super::tally::{Map, REPORTED, Set};
use super::{Cells, Column, ColumnSchema, MISSING};

/// Fills the columns that `plans` describe with `count` rows. Returns them and the line of each row.
///
/// # Errors
///
/// Those of the rows, and if a value is none that the schema allows.
pub fn pass(
    file: File<'_>,
    rows: &Rows<'_>,
    plans: Vec<Plan<'_>>,
    count: usize,
    progress: &dyn Fn(u64),
) -> Result<(Vec<Column>, Vec<u32>), DataError> {
    let mut columns: Vec<_> = plans
        .into_iter()
        .map(|plan| Filled::new(plan, count))
        .collect();
    let mut lines = Vec::with_capacity(count);
    let mut reported = 0;
    rows.visit(file, &mut |place, row| {
        lines.push(place.line);
        for (at, column) in columns.iter_mut().enumerate() {
            let cell = row.cell(at);
            let pushed = column.push(cell);
            pushed.map_err(|problem| file.bad(Some(place.line), problem))?;
        }
        if place.byte >= reported + REPORTED {
            reported = place.byte;
            progress(reported as u64);
        }
        Ok(())
    })?;
    Ok((
        columns.into_iter().filter_map(Filled::finish).collect(),
        lines,
    ))
}

/// A column that is being filled.
struct Filled<'a> {
    name: String,
    is_ascending: bool,
    schema: Option<&'a ColumnSchema>,
    values: Values,
}

enum Values {
    Numbers {
        style: Style,
        sign: Option<char>,
        numbers: Vec<f32>,
    },
    Categories {
        known: Map<String, u32>,
        codes: Vec<u32>,
        names: Vec<String>,
    },
    Dates(Vec<Option<[f32; DATE_PARTS]>>),
    Texts {
        hashes: Vec<u64>,
        missing: usize,
        all: DefaultHasher,
        kept: Option<Vec<String>>,
    },
    Ignored,
}

impl<'a> Filled<'a> {
    fn new(plan: Plan<'a>, count: usize) -> Self {
        let values = match plan.cells {
            Planned::Numbers(style, sign) => Values::Numbers {
                style,
                sign,
                numbers: Vec::with_capacity(count),
            },
            Planned::Categories(names) => Values::Categories {
                known: allowed(plan.wanted.schema, &names),
                codes: Vec::with_capacity(count),
                names,
            },
            Planned::Dates => Values::Dates(Vec::with_capacity(count)),
            Planned::Texts => Values::Texts {
                hashes: Vec::with_capacity(count),
                missing: 0,
                all: DefaultHasher::new(),
                kept: plan.wanted.is_text.then(|| Vec::with_capacity(count)),
            },
            Planned::Ignored => Values::Ignored,
        };
        Self {
            name: plan.name,
            is_ascending: plan.is_ascending,
            schema: plan.wanted.schema,
            values,
        }
    }

    /// Takes a cell. Says what is wrong with it if the schema does not allow it.
    fn push(&mut self, cell: &str) -> Result<(), String> {
        match &mut self.values {
            Values::Numbers {
                style,
                sign,
                numbers,
            } => {
                // No word for a missing value is a number.
                let number = match sign {
                    Some(sign) => style.signed_number(cell, *sign),
                    None => style.number(cell),
                };
                if let (Some(number), Some(schema)) = (number, self.schema) {
                    schema.check_number(number)?;
                }
                numbers.push(number.unwrap_or(f32::NAN));
            }
            Values::Categories { known, codes, .. } => {
                let code = match (is_missing(cell), known.get(cell)) {
                    (true, _) => MISSING,
                    (false, Some(code)) => *code,
                    (false, None) => return Err(ColumnSchema::unknown(&self.name, cell)),
                };
                codes.push(code);
            }
            Values::Dates(dates) => dates.push(model::date::parts(cell)),
            Values::Texts {
                hashes,
                missing,
                all,
                kept,
            } => {
                if let Some(kept) = kept {
                    kept.push(cell.to_owned());
                }
                if is_missing(cell) {
                    *missing += 1;
                    all.write_u64(0);
                } else {
                    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(cell);
                    hashes.push(hash);
                    all.write_u64(hash);
                }
            }
            Values::Ignored => {}
        }
        Ok(())
    }

    fn finish(self) -> Option<Column> {
        let cells = match self.values {
            Values::Numbers { numbers, .. } => Cells::Numbers(numbers),
            Values::Categories { codes, names, .. } => Cells::Categories { codes, names },
            Values::Dates(dates) => Cells::Dates(dates),
            Values::Texts {
                mut hashes,
                missing,
                all,
                kept,
            } => {
                hashes.sort_unstable();
                hashes.dedup();
                Cells::Texts {
                    distinct: hashes.len(),
                    missing,
                    fingerprint: all.finish(),
                    cells: kept.unwrap_or_default(),
                }
            }
            Values::Ignored => return None,
        };
        Some(Column {
            name: self.name,
            cells,
            is_ascending: self.is_ascending,
        })
    }
}

/// The codes of `names`, without those that the schema does not know.
fn allowed(schema: Option<&ColumnSchema>, names: &[String]) -> Map<String, u32> {
    let listed = schema.map(|schema| schema.categories.as_slice());
    let listed: Set<&str> = listed
        .iter()
        .flat_map(|list| list.iter().map(String::as_str))
        .collect();
    let is_allowed = |name: &str| listed.is_empty() || listed.contains(name);
    let codes = names.iter().cloned().zip(0..);
    codes.filter(|(name, _)| is_allowed(name)).collect()
}
