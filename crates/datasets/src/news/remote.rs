//! Where AG News can be had.

use crate::download::RemoteFile;

/// A public copy of the files, which their publisher keeps on a drive that programs cannot easily
/// read.
pub const MIRROR: &str =
    "https://raw.githubusercontent.com/mhjabreel/CharCnn_Keras/master/data/ag_news_csv/";

/// The files as published: 120,000 training articles and 7,600 test articles.
pub const FILES: [RemoteFile; 2] = [
    RemoteFile {
        name: "train.csv",
        sha256: "76a0a2d2f92b286371fe4d4044640910a04a803fdd2538e0f3f29a5c6f6b672e",
        bytes: 29_470_338,
    },
    RemoteFile {
        name: "test.csv",
        sha256: "521465c2428ed7f02f8d6db6ffdd4b5447c1c701962353eb2c40d548c3c85699",
        bytes: 1_857_427,
    },
];
