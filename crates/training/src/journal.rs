//! A journal of the finished parts of a run, so that the run can be continued as if it had never stopped.
//!
//! It is for runs that are a sequence of fits, each of which gives the same every time. The first record of the file (see
//! `records.rs`) is the [`Origin`]; the others are parts, each with its name.

mod records;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use model::Excerpt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::artifacts::Artifacts;
use crate::console::note;
use crate::error::TrainingError;

/// Name of the file in the artifacts folder.
pub const NAME: &str = "checkpoint.journal";

/// Least time between two writes: small parts do not wait for the disk one by one.
const PAUSE: Duration = Duration::from_millis(500);

/// All that decides what comes out of a run, by name: the program, the digest of the data, the settings.
pub type Origin = BTreeMap<String, String>;

/// The finished parts of a run.
pub struct Journal(RefCell<State>);

struct State {
    /// Where the file is; without it, nothing is kept.
    artifacts: Option<Artifacts>,
    /// The file, once it has been written.
    file: Option<File>,
    /// Bytes of its records.
    length: u64,
    /// Records that are not in it yet.
    waiting: Vec<u8>,
    /// When they were last written.
    saved: Instant,
    /// Parts that an earlier process has finished and this one has not asked for yet.
    earlier: HashMap<String, Vec<u8>>,
    /// How many parts there are.
    parts: usize,
    /// What the names of parts begin with.
    prefix: String,
}

impl Default for Journal {
    /// A journal that keeps nothing.
    fn default() -> Self {
        Self(RefCell::new(State {
            artifacts: None,
            file: None,
            length: 0,
            waiting: Vec::new(),
            saved: Instant::now(),
            earlier: HashMap::new(),
            parts: 0,
            prefix: String::new(),
        }))
    }
}

impl Journal {
    /// The journal of the run `origin` in the folder `artifacts`. If `resume`, the parts in the file are taken over; otherwise
    /// the file is replaced when there is a part to write. `result` is the file that a finished run leaves.
    ///
    /// # Errors
    ///
    /// If there is nothing to resume, or the file is damaged or of another run.
    pub fn open(
        artifacts: &Artifacts,
        origin: &Origin,
        resume: bool,
        result: &str,
    ) -> Result<Self, TrainingError> {
        let path = artifacts.path(NAME);
        let mut state = Self::default().0.into_inner();
        if let Artifacts::Folder(_) = artifacts {
            state.artifacts = Some(artifacts.clone());
        }
        if resume {
            if !path.exists() && artifacts.has(result) {
                let folder = artifacts.path("");
                return Err(TrainingError::Finished { folder });
            }
            state.take_over(&path, origin)?;
        } else {
            if artifacts.has(NAME) {
                note("note: this replaces the checkpoint of a run that --resume would continue");
            }
            records::push(&mut state.waiting, &postcard::to_allocvec(origin)?);
        }
        Ok(Self(RefCell::new(state)))
    }

    /// What the names of all parts begin with from now on, such as the number of a fold.
    pub fn begin(&self, prefix: String) {
        self.0.borrow_mut().prefix = prefix;
    }

    /// The part called `name`: what an earlier process has kept, or else what `make` gives, which is kept. Each part should
    /// have a name of its own; of parts with the same name, only the first is kept.
    ///
    /// # Errors
    ///
    /// If `make` fails, or the journal cannot be read or written.
    pub fn part<T, E>(&self, name: &str, make: impl FnOnce() -> Result<T, E>) -> Result<T, E>
    where
        T: Serialize + DeserializeOwned,
        E: From<TrainingError>,
    {
        let name = format!("{}{name}", self.0.borrow().prefix);
        let earlier = self.0.borrow_mut().earlier.remove(&name);
        if let Some(bytes) = earlier {
            let part = postcard::from_bytes(&bytes);
            return part.map_err(|_| self.does_not_fit(&name).into());
        }
        let part = make()?;
        self.0.borrow_mut().keep(&name, &part)?;
        Ok(part)
    }

    /// The error for a part that cannot be of this run.
    #[must_use]
    pub fn does_not_fit(&self, name: &str) -> TrainingError {
        let artifacts = &self.0.borrow().artifacts;
        let path = artifacts.as_ref().map(|artifacts| artifacts.path(NAME));
        let problem = format!("its part `{}` does not fit the run", Excerpt::new(name));
        bad(&path.unwrap_or_default(), problem)
    }

    /// Writes what has not been written yet. Returns how many parts a later process can take over.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&self) -> Result<usize, TrainingError> {
        let mut state = self.0.borrow_mut();
        state.save()?;
        Ok(state.parts)
    }

    /// Removes the file: the run is finished.
    pub fn remove(self) {
        let state = self.0.into_inner();
        drop(state.file);
        if let Some(artifacts) = state.artifacts {
            artifacts.remove(NAME);
        }
    }
}

impl State {
    /// Reads the parts in the file `path`, which should be of the run `origin`.
    fn take_over(&mut self, path: &Path, origin: &Origin) -> Result<(), TrainingError> {
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => TrainingError::NoCheckpoint { path: path.into() },
            _ => bad(path, error.to_string()),
        };
        let damaged = || bad(path, records::DAMAGED.into());
        let bytes = fs::read(path).map_err(failed)?;
        let found = records::read(&bytes).map_err(|problem| bad(path, problem.into()))?;
        let (first, parts) = found.split_first().ok_or_else(damaged)?;
        let theirs: Origin = postcard::from_bytes(first).map_err(|_| damaged())?;
        if let Some(problem) = difference(&theirs, origin) {
            return Err(bad(path, problem));
        }
        for part in parts {
            let (name, part) = postcard::take_from_bytes::<String>(part).map_err(|_| damaged())?;
            self.earlier.entry(name).or_insert_with(|| part.to_vec());
        }
        self.parts = parts.len();
        self.length = found.iter().map(|bytes| records::length(bytes)).sum();
        let file = OpenOptions::new().write(true).open(path);
        self.file = Some(file.map_err(failed)?);
        let parts = self.parts;
        note(format_args!(
            "note: the checkpoint has {parts} finished parts, from which the run goes on"
        ));
        Ok(())
    }

    fn keep(&mut self, name: &str, part: &impl Serialize) -> Result<(), TrainingError> {
        if self.artifacts.is_none() {
            return Ok(());
        }
        records::push(&mut self.waiting, &postcard::to_allocvec(&(name, part))?);
        self.parts += 1;
        match self.saved.elapsed() >= PAUSE {
            true => self.save(),
            false => Ok(()),
        }
    }

    fn save(&mut self) -> Result<(), TrainingError> {
        let Some(artifacts) = &self.artifacts else {
            return Ok(());
        };
        if self.waiting.is_empty() || self.parts == 0 {
            return Ok(());
        }
        let path = artifacts.path(NAME);
        let failed = |source| TrainingError::WriteArtifact {
            path: path.clone(),
            source,
        };
        match &mut self.file {
            None => {
                artifacts.publish(&[(NAME, records::whole(&self.waiting))])?;
                // Kept open: it stays this run's file if another run replaces it.
                let file = OpenOptions::new().write(true).open(&path);
                self.file = Some(file.map_err(failed)?);
            }
            Some(file) => records::append(file, self.length, &self.waiting).map_err(failed)?,
        }
        self.length += self.waiting.len() as u64;
        // Parts may be large.
        self.waiting = Vec::new();
        self.saved = Instant::now();
        Ok(())
    }
}

fn bad(path: &Path, problem: String) -> TrainingError {
    TrainingError::BadCheckpoint {
        path: path.into(),
        problem,
    }
}

/// The first difference between the run of a checkpoint and this one, in words.
fn difference(theirs: &Origin, ours: &Origin) -> Option<String> {
    let shown = |origin: &Origin, name: &str| match origin.get(name) {
        Some(value) => format!("`{}`", Excerpt::new(value)),
        None => "nothing".into(),
    };
    let mut names = theirs.keys().chain(ours.keys());
    let name = names.find(|name| theirs.get(*name) != ours.get(*name))?;
    Some(format!(
        "it is of another run: {} is {} there and {} here",
        Excerpt::new(name),
        shown(theirs, name),
        shown(ours, name),
    ))
}
