//! Where the Wine Quality data can be had.

use crate::download::RemoteFile;

/// The folder of the UCI Machine Learning Repository that the data set was published in.
pub const MIRROR: &str = "https://archive.ics.uci.edu/ml/machine-learning-databases/wine-quality/";

/// The files as published: 1,599 red wines and 4,898 white ones.
pub const FILES: [RemoteFile; 2] = [
    RemoteFile {
        name: "winequality-red.csv",
        sha256: "4a402cf041b025d4566d954c3b9ba8635a3a8a01e039005d97d6a710278cf05e",
        bytes: 84_199,
    },
    RemoteFile {
        name: "winequality-white.csv",
        sha256: "76c3f809815c17c07212622f776311faeb31e87610d52c26d87d6e361b169836",
        bytes: 264_426,
    },
];
