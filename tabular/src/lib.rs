//! Anybody's table: from a file to a model, a module and a report.
//!
//! Three families of models are tried on the training rows, by cross-validation: linear models, boosted trees and a network.
//! Those that are worth a share are blended, and stand in the model file as layers that the runtime computes. In the order of
//! a run: [`options`] is the command line, [`table`] what is learnt from, [`folds`] deals rows, [`fit`] tries the
//! [`members`] and blends them ([`blend`]), [`measure`] looks at rows that were not learnt from, [`packed`] makes the
//! module, and [`report`] writes it down, which a [`page`] shows by its [`view`]. Models that are [`finished`] are measured on later rows, which are
//! [`answered`]. What is no matter of tables alone serves the crate `texts` too.

pub mod answered;
pub mod blend;
pub mod columns;
pub mod encoding;
pub mod error;
pub mod file;
pub mod finished;
pub mod fit;
pub mod folds;
mod inspect;
mod later;
pub mod looped;
pub mod measure;
pub mod members;
pub mod names;
pub mod options;
pub mod outcome;
pub mod packed;
pub mod page;
pub mod prepare;
pub mod preset;
pub mod progress;
pub mod report;
pub mod resume;
pub mod run;
pub mod table;
pub mod target;
pub mod tested;
pub mod trial;
pub mod view;
pub mod words;
