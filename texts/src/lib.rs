//! Anybody's texts: from a file to a classifier, a module and a report.
//!
//! A text is a bag of n-grams of words and of characters; linear support vector machines tell the classes apart, and folds
//! of the training rows choose their settings and calibrate their probabilities. In the order of a run: [`options`] is the
//! command line, [`mod@read`] makes a [`corpus`] of a file, [`bags`] counts n-grams, [`solver`] fits a linear classifier,
//! [`shrink`] makes it small, [`calibration`] makes probabilities of its scores, [`fit`] does all of it on the folds of a
//! [`job`], [`mod@file`] writes the model, [`telling`] names words, [`trial`] measures models on texts that they have not learnt
//! from, and [`report`] writes it down. What texts have in common with tables is in the crate `tabular`.

pub mod bags;
pub mod calibration;
pub mod corpus;
pub mod file;
pub mod fit;
pub mod job;
mod later;
pub mod options;
pub mod read;
pub mod report;
pub mod run;
pub mod shrink;
pub mod solver;
pub mod telling;
pub mod trial;
mod words;
