//! Anybody's texts: from a file to a classifier, a module and a report.
//!
//! A text is a bag of n-grams of words and of characters; linear support vector machines tell the classes apart, and folds
//! of the training rows choose their settings and calibrate their probabilities. In the order of a run: [`options`] is the
//! command line, [`mod@read`] makes a [`corpus`] of a file, [`bags`] counts n-grams, [`solver`] fits a linear classifier,
//! [`shrink`] makes it small, [`calibration`] makes probabilities of its scores, [`fit`] does all of it on folds, [`file`]
//! writes the model, [`measure`] looks at rows that were not learnt from.

pub mod bags;
pub mod calibration;
pub mod corpus;
pub mod file;
pub mod fit;
pub mod job;
pub mod measure;
pub mod options;
pub mod read;
pub mod report;
pub mod run;
pub mod shrink;
pub mod solver;
mod words;
