//! Progress for programs that start a trainer: a JSON object a line.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::console::note;
use crate::epoch::Epoch;
use crate::metrics::Score;

/// So much time at least passes between two lines of a stage.
const INTERVAL: Duration = Duration::from_millis(100);

/// Writes progress to standard error.
#[derive(Debug, Default)]
pub struct JsonLines {
    /// The stage of the last line, and when it was written. Pictures are read by several threads.
    last: Mutex<Option<(String, Instant)>>,
}

impl JsonLines {
    /// `done` of `total` of `stage` are done. Not all of it is written, but always the first of a stage.
    pub fn stage(&self, stage: &str, done: u64, total: u64) {
        if self.is_due(stage) {
            note(stage_line(stage, done, total));
        }
    }

    /// Writes the loss after a step.
    pub fn loss(&self, loss: &Loss<'_>) {
        note(loss_line(loss));
    }

    fn is_due(&self, stage: &str) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = match &*last {
            Some((before, time)) => before != stage || time.elapsed() >= INTERVAL,
            None => true,
        };
        if is_due {
            *last = Some((stage.to_owned(), Instant::now()));
        }
        is_due
    }
}

/// The loss of rows that are held out, after a step of training.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Loss<'a> {
    /// What learns.
    pub stage: &'a str,
    /// The number of the step, from 1.
    pub step: usize,
    /// How many steps there are at most.
    pub steps: usize,
    /// The loss; `null` in the line if it is not a number.
    pub loss: f64,
    /// The other figures, where there are some.
    #[serde(flatten)]
    pub figures: Option<Figures>,
}

/// Figures of an epoch beside the loss of rows that are held out.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Figures {
    train_loss: f64,
    score: f64,
    train_score: f64,
    score_name: &'static str,
}

impl Figures {
    /// Those of `epoch`, which `score` names.
    #[must_use]
    pub fn of(epoch: &Epoch, score: Score) -> Self {
        Self {
            train_loss: epoch.train_loss,
            score: epoch.validation_score,
            train_score: epoch.train_score,
            score_name: score.name,
        }
    }
}

/// The line for `done` of `total` of `stage`.
fn stage_line(stage: &str, done: u64, total: u64) -> String {
    #[derive(Serialize)]
    struct Reached<'a> {
        stage: &'a str,
        done: u64,
        total: u64,
    }
    line(&Reached { stage, done, total })
}

/// The line for a loss.
fn loss_line(loss: &Loss<'_>) -> String {
    line(loss)
}

fn line(value: &impl Serialize) -> String {
    // Words and numbers can always be written.
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_object() {
        let stage = stage_line("fold 2 of 5, \"network\"", 30, 250);
        assert_eq!(
            stage,
            r#"{"stage":"fold 2 of 5, \"network\"","done":30,"total":250}"#
        );
        let mut loss = Loss {
            stage: "network",
            step: 3,
            steps: 40,
            loss: 0.25,
            figures: None,
        };
        assert_eq!(
            loss_line(&loss),
            r#"{"stage":"network","step":3,"steps":40,"loss":0.25}"#
        );
        loss.figures = Some(Figures {
            train_loss: f64::NAN,
            score: 0.5,
            train_score: 0.75,
            score_name: "accuracy",
        });
        assert_eq!(
            loss_line(&loss),
            r#"{"stage":"network","step":3,"steps":40,"loss":0.25,"train_loss":null,"score":0.5,"train_score":0.75,"score_name":"accuracy"}"#
        );
    }

    #[test]
    fn the_first_line_of_a_stage_is_due_and_others_wait() {
        let lines = JsonLines::default();
        assert!(lines.is_due("a"));
        assert!(!lines.is_due("a"));
        assert!(lines.is_due("b"));
        std::thread::sleep(INTERVAL);
        assert!(lines.is_due("b"));
    }
}
