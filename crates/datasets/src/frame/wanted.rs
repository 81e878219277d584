//! What the user wants of the columns.

use model::Excerpt;

use crate::DataError;

use super::open::File;
use super::{ColumnSchema, Kind, Options};

/// Columns that a message names.
const NAMED: usize = 8;

/// What the user wants of a column.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Its type, if it is not to be found out. Never [`Kind::Target`].
    pub kind: Option<Kind>,
    /// What the schema says of it.
    pub schema: Option<&'a ColumnSchema>,
    /// Whether it is free text that is to be kept.
    pub is_text: bool,
}

/// What `options` say of each of the columns `names`.
///
/// # Errors
///
/// If they name a column that is not there, or say two things of one.
pub fn find<'a>(
    file: File<'_>,
    names: &[String],
    options: &'a Options,
) -> Result<Vec<Wanted<'a>>, DataError> {
    let mut wanted = vec![Wanted::default(); names.len()];
    let position = |name: &str, place: &str| {
        let found = names.iter().position(|known| known == name);
        found.ok_or_else(|| file.bad(None, unknown(name, place, names)))
    };
    for column in options.schema.iter().flat_map(|schema| &schema.columns) {
        let at = position(&column.name, "the schema")?;
        if let Some(wanted) = wanted.get_mut(at) {
            wanted.kind = column.cells();
            wanted.schema = Some(column);
        }
    }
    let listed = [
        (&options.categorical, Kind::Category, "--categorical"),
        (&options.numeric, Kind::Number, "--numeric"),
    ];
    for (list, kind, place) in listed {
        for name in list {
            if options.categorical.contains(name) && options.numeric.contains(name) {
                let name = Excerpt::new(name);
                let problem = format!(
                    "`{name}` is named by --categorical and by --numeric; name it in one of them"
                );
                return Err(file.bad(None, problem));
            }
            if let Some(wanted) = wanted.get_mut(position(name, place)?) {
                wanted.kind = Some(kind);
            }
        }
    }
    for name in &options.texts {
        if let Some(wanted) = wanted.get_mut(position(name, "--text")?) {
            wanted.is_text = true;
        }
    }
    Ok(wanted)
}

fn unknown(name: &str, place: &str, names: &[String]) -> String {
    let more = if names.len() > NAMED { ", …" } else { "" };
    let names = names.iter().take(NAMED);
    let names: Vec<_> = names
        .map(|name| format!("`{}`", Excerpt::new(name)))
        .collect();
    let (name, names) = (Excerpt::new(name), names.join(", "));
    format!("has no column `{name}`, which {place} names; the columns are {names}{more}")
}
