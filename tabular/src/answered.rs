//! Rows with the answers of a finished model beside them, as CSV on standard output.

use std::cell::RefCell;
use std::io::Write;
use std::path::Path;

use datasets::frame;
use model::Output;
use runtime::{InputError, Prediction, Runtime};
use training::TrainingError;

use crate::error::TabularError;

/// Bytes of answers that are kept back before they are written.
const BUFFERED: usize = 1 << 16;

/// Answers on their way to standard output.
pub struct Answered<'a, 'm> {
    runtime: &'a mut Runtime<'m>,
    csv: Csv,
    rows: usize,
    unanswered: usize,
    failure: Option<TrainingError>,
}

impl<'a, 'm> Answered<'a, 'm> {
    /// The answers of `runtime`.
    pub fn new(runtime: &'a mut Runtime<'m>) -> Self {
        Self {
            runtime,
            csv: Csv::default(),
            rows: 0,
            unanswered: 0,
            failure: None,
        }
    }

    /// Writes the names of the columns, and those of the answers.
    pub fn header(&mut self, names: &[String]) {
        let answers = answer_names(&self.runtime.model().output);
        let names = names.iter().chain(&answers).map(String::as_str);
        self.csv.line(names);
    }

    /// Writes the `cells` of a row and the answer to it, which is `json` for the model. A text of which the model knows nothing
    /// has empty answers.
    pub fn row(&mut self, cells: &[&str], json: &str) {
        let cells = cells.iter().copied();
        match answer(self.runtime, json) {
            Ok(answers) => self
                .csv
                .line(cells.chain(answers.iter().map(String::as_str))),
            Err(InputError::Unknown | InputError::NoWords) => {
                self.unanswered += 1;
                let empty = answer_names(&self.runtime.model().output).len();
                self.csv.line(cells.chain(std::iter::repeat_n("", empty)));
            }
            Err(error) => {
                let row = self.rows;
                self.failure
                    .get_or_insert_with(|| TrainingError::RowRefused {
                        row,
                        problem: error.to_string(),
                    });
            }
        }
        self.rows += 1;
    }

    /// Writes the rest, and says how many rows have no answer.
    ///
    /// # Errors
    ///
    /// If the model has refused a row, or standard output cannot be written.
    pub fn finish(self) -> Result<usize, TabularError> {
        match self.failure {
            Some(error) => Err(error.into()),
            None => self.csv.finish().map(|()| self.unanswered),
        }
    }

    /// Writes the rows of the table in the file `path`, of which `json` makes an input by their number from 0.
    ///
    /// # Errors
    ///
    /// If the file cannot be read.
    pub fn file(
        self,
        path: &Path,
        no_header: bool,
        json: &dyn Fn(u32) -> String,
    ) -> Result<Self, TabularError> {
        let options = frame::Options {
            header: no_header.then_some(false),
            ..frame::Options::default()
        };
        // Both visitors write, and one comes after the other.
        let all = RefCell::new(self);
        let mut number = 0;
        frame::visit(
            path,
            &options,
            &mut |names| all.borrow_mut().header(names),
            &mut |cells| {
                all.borrow_mut().row(cells, &json(number));
                number += 1;
            },
        )?;
        Ok(all.into_inner())
    }
}

/// CSV (RFC 4180, with line feeds alone) on its way to standard output.
#[derive(Default)]
struct Csv {
    text: String,
    failed: Option<std::io::Error>,
}

impl Csv {
    fn line<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        for (place, cell) in cells.enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            if cell.contains([',', '"', '\n', '\r']) {
                self.text.push('"');
                self.text.push_str(&cell.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(cell);
            }
        }
        self.text.push('\n');
        if self.text.len() >= BUFFERED {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.failed.is_none() {
            self.failed = std::io::stdout().write_all(self.text.as_bytes()).err();
        }
        self.text.clear();
    }

    fn finish(mut self) -> Result<(), TabularError> {
        self.flush();
        match self.failed {
            // Who no longer reads has no use for the rest.
            Some(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(TrainingError::Output(error).into())
            }
            _ => Ok(()),
        }
    }
}

/// Names of the columns of answers.
fn answer_names(output: &Output) -> Vec<String> {
    match output {
        Output::Classes(classes) => {
            let probabilities = classes
                .iter()
                .map(|class| format!("probability of {class}"));
            std::iter::once("prediction".to_owned())
                .chain(probabilities)
                .collect()
        }
        Output::Number(_) => ["prediction", "low", "high"].map(str::to_owned).to_vec(),
    }
}

/// The answer to a row, as the cells of these columns.
fn answer(runtime: &mut Runtime<'_>, json: &str) -> Result<Vec<String>, InputError> {
    Ok(match runtime.predict(json, false)?.prediction {
        Prediction::Class {
            classes,
            index,
            probabilities,
        } => {
            let class = classes.get(index).cloned().unwrap_or_default();
            std::iter::once(class)
                .chain(probabilities.iter().map(ToString::to_string))
                .collect()
        }
        Prediction::Number {
            value, low, high, ..
        } => [value, low, high].map(|number| number.to_string()).to_vec(),
    })
}
