//! What is to be predicted.

use datasets::frame::{Cells, MISSING};
use model::Excerpt;

use crate::error::TabularError;

/// Different whole numbers that are still taken for classes.
const MOST_CODES: usize = 10;
/// Classes at most: each has a score of its own.
const MOST_CLASSES: usize = 500;
/// Rows of a class, at least: fewer cannot be learnt from and measured on.
const FEWEST_ROWS: usize = 2;

/// A target for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Name of the column.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The position of the class, or the number; NaN where there is none.
    pub values: Vec<f32>,
}

/// The kind of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// One of these classes.
    Classes(Vec<String>),
    /// A number.
    Number,
}

/// How whole numbers are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Up to ten different ones are classes.
    Automatic,
    /// As classes.
    Classes,
    /// As numbers.
    Number,
}

impl Target {
    /// The target in the column `name` with `cells`.
    ///
    /// # Errors
    ///
    /// If it is neither a number nor of a moderate number of classes, or all the same.
    pub fn new(name: &str, cells: &Cells, wanted: Wanted) -> Result<Self, TabularError> {
        let bad = |problem: String| TabularError::BadTarget {
            name: Excerpt::new(name),
            problem,
        };
        let (kind, values) = match cells {
            Cells::Numbers(numbers) => match codes(numbers, wanted) {
                Some(codes) => classes_of_codes(numbers, &codes),
                None => (Kind::Number, numbers.clone()),
            },
            Cells::Categories { codes, names } => classes_of_words(codes, names),
            Cells::Dates(_) => {
                return Err(bad(
                    "is a date, which cannot be predicted; name another column".into(),
                ));
            }
            Cells::Texts { distinct, .. } => {
                return Err(bad(format!(
                    "has {distinct} different words, which are too many classes; name another column"
                )));
            }
        };
        let target = Self {
            name: name.to_owned(),
            kind,
            values,
        };
        target.check().map_err(bad)?;
        Ok(target)
    }

    /// The same target in `cells` of another file; NaN where it is missing or of a class that is not known.
    #[must_use]
    pub fn of(&self, cells: &Cells) -> Vec<f32> {
        let class = |name: &str| {
            let position = self.classes().iter().position(|class| class == name);
            position.map_or(f32::NAN, |position| position as f32)
        };
        match (cells, &self.kind) {
            (Cells::Numbers(numbers), Kind::Number) => numbers.clone(),
            (Cells::Numbers(numbers), Kind::Classes(_)) => numbers
                .iter()
                .map(|number| class(&number.to_string()))
                .collect(),
            (Cells::Categories { codes, names }, Kind::Classes(_)) => {
                let classes: Vec<f32> = names.iter().map(|name| class(name)).collect();
                let of = |code: &u32| classes.get(*code as usize).copied().unwrap_or(f32::NAN);
                codes.iter().map(of).collect()
            }
            (Cells::Categories { codes, .. }, Kind::Number) => vec![f32::NAN; codes.len()],
            (Cells::Dates(dates), _) => vec![f32::NAN; dates.len()],
            (Cells::Texts { .. }, _) => Vec::new(),
        }
    }

    fn check(&self) -> Result<(), String> {
        let mut known: Vec<f32> = self
            .values
            .iter()
            .copied()
            .filter(|y| !y.is_nan())
            .collect();
        known.sort_unstable_by(f32::total_cmp);
        known.dedup();
        let alike =
            |what: &str| format!("has {what}: there is nothing to predict; name another column");
        match (&self.kind, known.as_slice()) {
            (_, []) => Err(alike("no value")),
            (Kind::Classes(names), [_]) => {
                let only = names.first().map_or("", String::as_str);
                Err(alike(&format!("only the class `{}`", Excerpt::new(only))))
            }
            (Kind::Number, [_]) => Err(alike("only one number")),
            (Kind::Classes(names), _) if names.len() > MOST_CLASSES => Err(format!(
                "has {} classes; expected up to {MOST_CLASSES}",
                names.len()
            )),
            _ => Ok(()),
        }
    }

    /// How many numbers an answer has.
    #[must_use]
    pub fn width(&self) -> usize {
        match &self.kind {
            Kind::Classes(names) => names.len(),
            Kind::Number => 1,
        }
    }

    /// Names of the classes; none if it is a number.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        match &self.kind {
            Kind::Classes(names) => names,
            Kind::Number => &[],
        }
    }

    /// The classes of which fewer than two rows are among `rows`.
    #[must_use]
    pub fn rare_classes(&self, rows: &[u32]) -> Vec<&str> {
        let mut counts = vec![0; self.classes().len()];
        for row in rows {
            let class = self.values.get(*row as usize).map(|class| *class as usize);
            if let Some(count) = class.and_then(|class| counts.get_mut(class)) {
                *count += 1;
            }
        }
        let rare = self
            .classes()
            .iter()
            .zip(counts)
            .filter(|(_, count)| *count < FEWEST_ROWS);
        rare.map(|(name, _)| name.as_str()).collect()
    }
}

/// The different numbers, rising, if they are to be classes.
fn codes(numbers: &[f32], wanted: Wanted) -> Option<Vec<f32>> {
    let limit = match wanted {
        Wanted::Automatic => MOST_CODES,
        Wanted::Classes => MOST_CLASSES + 1,
        Wanted::Number => return None,
    };
    let mut codes: Vec<f32> = Vec::new();
    for number in numbers.iter().filter(|number| !number.is_nan()) {
        if let Err(place) = codes.binary_search_by(|code| code.total_cmp(number)) {
            // Zero with either sign is one number.
            if codes.contains(number) {
                continue;
            }
            if wanted == Wanted::Automatic && number.fract() != 0.0 || codes.len() == limit {
                return None;
            }
            codes.insert(place, *number);
        }
    }
    Some(codes)
}

fn classes_of_codes(numbers: &[f32], codes: &[f32]) -> (Kind, Vec<f32>) {
    let names = codes.iter().map(ToString::to_string).collect();
    let class = |number: &f32| {
        let position = codes.iter().position(|code| code == number);
        position.map_or(f32::NAN, |position| position as f32)
    };
    (Kind::Classes(names), numbers.iter().map(class).collect())
}

/// Classes in alphabetical order.
fn classes_of_words(codes: &[u32], names: &[String]) -> (Kind, Vec<f32>) {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|a, b| names[*a].cmp(&names[*b]));
    let mut places = vec![f32::NAN; names.len()];
    for (place, name) in order.iter().enumerate() {
        places[*name] = place as f32;
    }
    let class = |code: &u32| match *code {
        MISSING => f32::NAN,
        code => places.get(code as usize).copied().unwrap_or(f32::NAN),
    };
    let names = order.iter().map(|name| names[*name].clone()).collect();
    (Kind::Classes(names), codes.iter().map(class).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(codes: &[u32], names: &[&str]) -> Cells {
        Cells::Categories {
            codes: codes.to_vec(),
            names: names.iter().map(ToString::to_string).collect(),
        }
    }

    fn classes(names: &[&str]) -> Kind {
        Kind::Classes(names.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn words_and_few_whole_numbers_are_classes() {
        let target = Target::new(
            "t",
            &words(&[0, 1, MISSING], &["no", "maybe"]),
            Wanted::Automatic,
        );
        let target = target.unwrap();
        assert_eq!(target.kind, classes(&["maybe", "no"]));
        assert_eq!(target.values[..2], [1.0, 0.0]);
        assert!(target.values[2].is_nan());
        let numbers = Cells::Numbers(vec![10.0, 2.0, f32::NAN, 2.0]);
        let target = Target::new("t", &numbers, Wanted::Automatic).unwrap();
        assert_eq!(
            (target.kind.clone(), target.width()),
            (classes(&["2", "10"]), 2)
        );
        assert_eq!(target.values[0], 1.0);
        assert_eq!(target.rare_classes(&[0, 1, 3]), ["10"]);
        let target = Target::new("t", &numbers, Wanted::Number).unwrap();
        assert_eq!((target.kind.clone(), target.width()), (Kind::Number, 1));
        let numbers = Cells::Numbers((0..11_u8).map(f32::from).collect());
        assert_eq!(
            Target::new("t", &numbers, Wanted::Automatic).unwrap().kind,
            Kind::Number
        );
        assert_eq!(
            Target::new("t", &numbers, Wanted::Classes).unwrap().width(),
            11
        );
        let halves = Cells::Numbers(vec![0.5, 1.0]);
        assert_eq!(
            Target::new("t", &halves, Wanted::Automatic).unwrap().kind,
            Kind::Number
        );
        assert_eq!(
            Target::new("t", &halves, Wanted::Classes).unwrap().kind,
            classes(&["0.5", "1"])
        );
    }

    #[test]
    fn what_cannot_be_predicted_is_refused() {
        let texts = Cells::Texts {
            distinct: 4000,
            missing: 0,
            fingerprint: 0,
            cells: Vec::new(),
        };
        for (cells, expected) in [
            (texts, "`t` has 4000 different words"),
            (Cells::Dates(vec![None]), "`t` is a date"),
            (Cells::Numbers(vec![f32::NAN]), "`t` has no value"),
            (Cells::Numbers(vec![1.5, 1.5]), "`t` has only one number"),
            (words(&[0, 0], &["a"]), "`t` has only the class `a`"),
        ] {
            let error = Target::new("t", &cells, Wanted::Automatic)
                .unwrap_err()
                .to_string();
            assert!(
                error.starts_with(&format!("the target {expected}")),
                "{error}"
            );
        }
    }
}
