//! The columns that a model takes, and the numbers that it takes for them.

use datasets::frame::{Cells, ColumnSchema, MISSING};
use model::{Column, ColumnValues, DATE_PARTS, NumberRange};
use trees::Column as TreeColumn;

/// A column to learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Name, unit, description and limits.
    pub schema: ColumnSchema,
    /// The values of all rows.
    pub features: Vec<Feature>,
    /// The words of a category; none of other columns.
    pub categories: Vec<String>,
}

/// A number that the network takes, for all rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Feature {
    /// A number; NaN where it is missing.
    Number(Vec<f32>),
    /// The position of a category; [`MISSING`] where it is missing.
    Category(Vec<u32>),
}

impl Feature {
    /// What the network takes of the row.
    #[must_use]
    pub fn number(&self, row: u32) -> f32 {
        match self {
            Self::Number(numbers) => numbers.get(row as usize).copied().unwrap_or(f32::NAN),
            Self::Category(codes) => match codes.get(row as usize) {
                None | Some(&MISSING) => f32::NAN,
                Some(code) => *code as f32,
            },
        }
    }

    /// The same for trees.
    #[must_use]
    pub fn for_trees(&self) -> TreeColumn<'_> {
        match self {
            Self::Number(numbers) => TreeColumn::Numbers(numbers),
            Self::Category(codes) => TreeColumn::Categories(codes),
        }
    }
}

impl Input {
    /// The column with `cells`; nothing if they are texts.
    #[must_use]
    pub fn new(schema: ColumnSchema, cells: Cells) -> Option<Self> {
        let (features, categories) = match cells {
            Cells::Numbers(numbers) => (vec![Feature::Number(numbers)], Vec::new()),
            Cells::Categories { codes, names } => (vec![Feature::Category(codes)], names),
            Cells::Dates(dates) => {
                let part = |part: usize| {
                    let number =
                        |date: &Option<[f32; DATE_PARTS]>| date.map_or(f32::NAN, |date| date[part]);
                    Feature::Number(dates.iter().map(number).collect())
                };
                ((0..DATE_PARTS).map(part).collect(), Vec::new())
            }
            Cells::Texts { .. } => return None,
        };
        Some(Self {
            schema,
            features,
            categories,
        })
    }

    /// The same column of these rows alone, with the categories that they have.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        let mut categories = self.categories.clone();
        let features = self.features.iter().map(|feature| match feature {
            Feature::Number(numbers) => {
                let numbers = rows.iter().filter_map(|row| numbers.get(*row as usize));
                Feature::Number(numbers.copied().collect())
            }
            Feature::Category(codes) => {
                let codes = rows
                    .iter()
                    .filter_map(|row| codes.get(*row as usize))
                    .copied();
                let mut codes: Vec<u32> = codes.collect();
                categories = used(&mut codes, &self.categories);
                Feature::Category(codes)
            }
        });
        Self {
            schema: self.schema.clone(),
            features: features.collect(),
            categories,
        }
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        match self.features.first() {
            Some(Feature::Number(numbers)) => numbers.len(),
            Some(Feature::Category(codes)) => codes.len(),
            None => 0,
        }
    }

    /// The value of `row` as JSON; nothing if it is missing.
    #[must_use]
    pub fn json(&self, row: u32) -> Option<String> {
        let numbers: Vec<f32> = self
            .features
            .iter()
            .map(|feature| feature.number(row))
            .collect();
        if numbers.iter().any(|number| number.is_nan()) {
            return None;
        }
        match (self.features.first()?, numbers.as_slice()) {
            (Feature::Category(_), [code]) => {
                self.categories.get(*code as usize).map(|name| quoted(name))
            }
            (_, [number]) => Some(number.to_string()),
            (_, parts) => {
                let parts = parts.try_into().ok()?;
                Some(quoted(&model::date::text(parts)))
            }
        }
    }

    /// What the model file says of it, as far as the rows show it.
    #[must_use]
    pub fn describe(&self) -> Column {
        let known: Vec<u32> = (0..self.rows() as u32)
            .filter(|row| {
                self.features
                    .iter()
                    .all(|feature| !feature.number(*row).is_nan())
            })
            .collect();
        let mut column = Column {
            name: self.schema.name.clone(),
            unit: self.schema.unit.clone(),
            description: self.schema.description.clone(),
            values: ColumnValues::Date,
            missing: known.len() < self.rows(),
            typical: self.typical(known),
        };
        if let [feature] = self.features.as_slice() {
            column.values = match feature {
                Feature::Category(_) => ColumnValues::Category(self.categories.clone()),
                Feature::Number(_) => ColumnValues::Number(self.range()),
            };
        }
        column
    }

    fn range(&self) -> NumberRange {
        let numbers = match self.features.first() {
            Some(Feature::Number(numbers)) => numbers.as_slice(),
            _ => &[],
        };
        let start = (f32::INFINITY, f32::NEG_INFINITY);
        let known = numbers.iter().filter(|number| !number.is_nan());
        let (low, high) = known.fold(start, |(low, high), x| (low.min(*x), high.max(*x)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 0.0) };
        NumberRange {
            minimum: self.schema.minimum,
            maximum: self.schema.maximum,
            training_minimum: low,
            training_maximum: high,
        }
    }

    /// The numbers of the median of `rows`, of categories those of the most frequent one.
    fn typical(&self, mut rows: Vec<u32>) -> Vec<f32> {
        let Some(first) = self.features.first() else {
            return Vec::new();
        };
        rows.sort_by(|a, b| first.number(*a).total_cmp(&first.number(*b)));
        let middle = match first {
            Feature::Number(_) => rows.get(rows.len() / 2),
            Feature::Category(_) => {
                let same = |a: &u32, b: &u32| first.number(*a) == first.number(*b);
                let runs = rows.chunk_by(same);
                runs.rev()
                    .max_by_key(|run| run.len())
                    .and_then(|run| run.first())
            }
        };
        let number = |feature: &Feature| middle.map_or(0.0, |row| feature.number(*row));
        self.features.iter().map(number).collect()
    }
}

/// `text` as a JSON string.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Those of `names` that `codes` have, in their order; the codes become positions in it.
fn used(codes: &mut [u32], names: &[String]) -> Vec<String> {
    let mut is_used = vec![false; names.len()];
    for code in codes.iter() {
        if let Some(used) = is_used.get_mut(*code as usize) {
            *used = true;
        }
    }
    let mut next = 0;
    let places: Vec<u32> = (is_used.iter())
        .map(|used| {
            next += u32::from(*used);
            next - u32::from(*used)
        })
        .collect();
    for code in codes.iter_mut() {
        *code = places.get(*code as usize).copied().unwrap_or(MISSING);
    }
    let used = names.iter().zip(is_used).filter(|(_, used)| *used);
    used.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use datasets::frame::Kind;

    fn schema(name: &str) -> ColumnSchema {
        ColumnSchema {
            name: name.into(),
            kind: Kind::Number,
            unit: "m".into(),
            description: "how far".into(),
            minimum: Some(0.0),
            maximum: None,
            categories: Vec::new(),
        }
    }

    #[test]
    fn what_a_column_is_comes_from_its_rows() {
        let cells = Cells::Numbers(vec![3.0, 1.0, f32::NAN, 2.0, 9.0]);
        let input = Input::new(schema("a"), cells).unwrap();
        let column = input.select(&[0, 1, 3]).describe();
        assert_eq!(
            (column.missing, column.typical.as_slice()),
            (false, &[2.0][..])
        );
        let range = NumberRange {
            minimum: Some(0.0),
            maximum: None,
            training_minimum: 1.0,
            training_maximum: 3.0,
        };
        assert_eq!(column.values, ColumnValues::Number(range));
        assert!(input.describe().missing);
        assert_eq!(input.select(&[2]).describe().typical, [0.0]);
    }

    #[test]
    fn categories_are_those_of_the_rows() {
        let cells = Cells::Categories {
            codes: vec![0, 1, 2, 2, MISSING, 0, 2],
            names: ["x", "y", "z"].map(String::from).to_vec(),
        };
        let input = Input::new(schema("a"), cells).unwrap();
        assert_eq!(input.describe().typical, [2.0]);
        let some = input.select(&[0, 2, 3, 4]);
        assert_eq!(some.categories, ["x", "z"]);
        assert_eq!(some.features, [Feature::Category(vec![0, 1, 1, MISSING])]);
        assert_eq!(some.describe().typical, [1.0]);
        assert!(some.features[0].number(3).is_nan());
    }

    #[test]
    fn a_date_has_parts() {
        let date = model::date::parts("2024-05-31").unwrap();
        let input = Input::new(schema("a"), Cells::Dates(vec![Some(date), None])).unwrap();
        let column = input.describe();
        assert_eq!(input.json(0).as_deref(), Some("\"2024-05-31\""));
        assert_eq!(input.json(1), None);
        assert_eq!(
            (&column.values, column.missing),
            (&ColumnValues::Date, true)
        );
        assert_eq!(column.typical, date);
    }
}
