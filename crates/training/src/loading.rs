//! Gets a data set into memory, and shows how that goes on standard error.

use std::path::PathBuf;

use datasets::{DataError, download};

use crate::algorithm::Algorithm;
use crate::backend::Backend;
use crate::bar::Bar;
use crate::cli::Options;
use crate::console::note;
use crate::error::TrainingError;
use crate::progress::{JsonLines, Shown};

/// How a data set is read, and shows how that goes.
pub struct Loading {
    /// Whether images are stored column by column.
    pub transposed: bool,
    bar: Option<Bar>,
    json: Option<JsonLines>,
}

impl Loading {
    /// Shows what the user wants, without plain lines.
    #[must_use]
    pub fn new(shown: Shown, transposed: bool) -> Self {
        Self {
            transposed,
            bar: shown.bar(),
            json: shown.json(),
        }
    }

    /// `done` of `total` have been read, downloaded or the like; `what` says what.
    pub fn show(&self, what: &str, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set(done, total);
            bar.say(what.to_owned());
        }
        if let Some(json) = &self.json {
            json.stage(what, done, total);
        }
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.clear();
        }
    }
}

/// Gets the data set into memory, and says where it was.
pub(crate) fn load<A: Algorithm>(
    backend: Backend,
    options: &Options<A::Options>,
) -> Result<(A, Vec<PathBuf>), TrainingError> {
    let loading = Loading::new(options.shown, options.transpose);
    let mut named = options.data.clone();
    if named.len() > 1 && (options.download || !A::SOURCE.several) {
        return Err(TrainingError::BadSettings(
            "more than one --data; expected one path here".into(),
        ));
    }
    if options.transpose && !A::SOURCE.images {
        return Err(TrainingError::BadSettings(
            "--transpose is for images, which this data set has none of".into(),
        ));
    }
    if options.download && A::SOURCE.remote.is_none() {
        note("note: the data set comes with the program; there is nothing to download");
    }
    if let (true, Some(remote)) = (options.download, A::SOURCE.remote) {
        let mirror = options.mirror.as_deref().unwrap_or(remote.mirror);
        if named.is_empty() {
            named.push(remote.folder.into());
        }
        for target in &named {
            download::fetch(mirror, remote.files, target, &mut |name, done, total| {
                loading.show(name, done, total);
            })
            .map_err(DataError::from)?;
        }
    }
    let command = format!("{}-{}", A::NAME, backend.name());
    let data = A::SOURCE.find(named, &command)?;
    let algorithm = A::load(&data, &loading, &options.own)?;
    if !options.shown.quiet {
        for path in &data {
            note(format_args!("data: {}", path.display()));
        }
    }
    for message in algorithm.notes() {
        note(format_args!("note: {message}"));
    }
    Ok((algorithm, data))
}
