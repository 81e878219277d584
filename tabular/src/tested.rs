//! Answers to rows that were not learnt from.

use crate::measure::{self, Figures};
use crate::report::Surprise;
use crate::target::{Kind, Target};
use crate::view::Subject;

/// The answers of a model to some rows, row-major, and those of simpler models: what they are, and the answers.
pub type Answers = (Vec<f32>, Vec<(String, Vec<f32>)>);

/// Rows that were not learnt from, and the answers to them.
#[derive(Debug, Clone)]
pub struct Tested {
    /// How they were chosen, in words.
    pub how: String,
    /// What is true of the rows.
    pub target: Target,
    /// Their lines in the file.
    pub lines: Vec<u32>,
    /// The model's answers, row-major.
    pub answers: Vec<f32>,
    /// Answers of simpler models: what they are, and the answers.
    pub baselines: Vec<(String, Vec<f32>)>,
}

impl Tested {
    /// Rows of which folds will give the answers.
    #[must_use]
    pub fn by_folds(subject: Subject, target: &Target, lines: Vec<u32>, folds: usize) -> Self {
        Self {
            how: format!(
                "by cross-validation with {folds} folds: each {} by a model that has not seen it",
                subject.one()
            ),
            target: target.clone(),
            lines,
            answers: vec![0.0; target.values.len() * target.width()],
            baselines: Vec::new(),
        }
    }

    /// Takes over the answers to some of the rows.
    pub fn place(&mut self, rows: &[u32], (answers, baselines): Answers) {
        let width = self.target.width();
        let place = |all: &mut Vec<f32>, some: &[f32]| {
            for (row, answer) in rows.iter().zip(some.chunks_exact(width)) {
                let start = *row as usize * width;
                if let Some(place) = all.get_mut(start..start + width) {
                    place.copy_from_slice(answer);
                }
            }
        };
        place(&mut self.answers, &answers);
        for (index, (name, answers)) in baselines.into_iter().enumerate() {
            if self.baselines.len() == index {
                let empty = vec![0.0; self.answers.len()];
                self.baselines.push((name, empty));
            }
            if let Some((_, all)) = self.baselines.get_mut(index) {
                place(all, &answers);
            }
        }
    }

    /// How good the answers are. The interval of a number has half the width `half_width`.
    #[must_use]
    pub fn figures(&self, half_width: f32) -> Figures {
        measure::figures(
            &self.target.kind,
            &self.answers,
            &self.target.values,
            half_width,
        )
    }

    /// The losses of the simpler models.
    #[must_use]
    pub fn baseline_losses(&self) -> Vec<(String, f64)> {
        let loss = |answers: &[f32]| {
            measure::figures(&self.target.kind, answers, &self.target.values, 0.0).loss()
        };
        let baselines = self.baselines.iter();
        baselines
            .map(|(name, answers)| (name.clone(), loss(answers)))
            .collect()
    }

    /// At most `most` of the rows with the least probable true class, or the largest error; `json` shows a row.
    #[must_use]
    pub fn surprises(&self, most: usize, json: &dyn Fn(u32) -> String) -> Vec<Surprise> {
        let width = self.target.width();
        let amount = |answer: &[f32], y: f32| match self.target.kind {
            Kind::Classes(_) => 1.0 - answer.get(y as usize).copied().unwrap_or(0.0),
            Kind::Number => (answer.first().copied().unwrap_or(0.0) - y).abs(),
        };
        let answers = self.answers.chunks_exact(width).zip(&self.target.values);
        let mut rows: Vec<(u32, f32, &[f32], f32)> = (0..)
            .zip(answers)
            .map(|(row, (answer, y))| (row, amount(answer, *y), answer, *y))
            .collect();
        rows.sort_by(|a, b| b.1.total_cmp(&a.1));
        let shown = rows.into_iter().take(most).map(|(row, amount, answer, y)| {
            let class = |class: usize| {
                self.target
                    .classes()
                    .get(class)
                    .cloned()
                    .unwrap_or_default()
            };
            let (truth, answer, amount) = match self.target.kind {
                Kind::Classes(_) => (
                    class(y as usize),
                    class(kernels::argmax(answer)),
                    1.0 - amount,
                ),
                Kind::Number => (
                    y.to_string(),
                    answer.first().map(ToString::to_string).unwrap_or_default(),
                    amount,
                ),
            };
            Surprise {
                line: self.lines.get(row as usize).copied().unwrap_or(0),
                row: json(row),
                truth,
                answer,
                amount: amount.into(),
            }
        });
        shown
            .filter(|surprise| surprise.truth != surprise.answer)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_find_their_places_and_the_worst_comes_first() {
        let target = Target {
            name: "t".into(),
            kind: Kind::Classes(vec!["a".into(), "b".into()]),
            values: vec![0.0, 1.0, 1.0],
        };
        let mut whole = Tested::by_folds(Subject::Table, &target, vec![2, 3, 4], 2);
        for (rows, answers) in [
            (vec![2, 0], vec![0.9, 0.1, 0.8, 0.2]),
            (vec![1], vec![0.6, 0.4]),
        ] {
            let baselines = vec![("flat".into(), vec![0.5; answers.len()])];
            whole.place(&rows, (answers, baselines));
        }
        assert_eq!(whole.answers, [0.8, 0.2, 0.6, 0.4, 0.9, 0.1]);
        assert!((whole.baseline_losses()[0].1 - 2.0_f64.ln()).abs() < 1e-6);
        let surprises = whole.surprises(10, &|row| format!("row {row}"));
        let lines: Vec<_> = surprises
            .iter()
            .map(|surprise| (surprise.line, surprise.row.as_str()))
            .collect();
        assert_eq!(lines, [(4, "row 2"), (3, "row 1")]);
        assert_eq!(
            (surprises[0].truth.as_str(), surprises[0].answer.as_str()),
            ("b", "a")
        );
    }
}
