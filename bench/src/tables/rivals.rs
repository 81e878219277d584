//! What scikit-learn's models reach on a table.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use xtask::shell;

use super::scores::Scores;
use crate::frameworks;

/// Its models, as the script calls them.
pub const NAMES: [&str; 4] = [BOOSTED, "forest", LINEAR, "MLP"];
/// The one whose accuracy and time stand beside ours.
pub const BOOSTED: &str = "hist-GBM";
/// The simplest one.
pub const LINEAR: &str = "linear";

/// What the script `bench/sklearn/tables.py` writes.
#[derive(Debug, Deserialize)]
pub struct Rivals {
    /// Whether the target is a number, not classes.
    pub is_number: bool,
    /// The fold in which each row is a test row.
    pub folds: Vec<usize>,
    models: BTreeMap<String, Rival>,
}

/// One model: means over the folds.
#[derive(Debug, Deserialize)]
pub struct Rival {
    /// How good it is.
    #[serde(flatten)]
    pub scores: Scores,
    /// Wall time of fitting.
    pub seconds: f64,
}

impl Rivals {
    /// Has the script measure the table in the file `table`. It keeps what it found in the folder `work`.
    pub fn of(table: &Path, work: &Path) -> Result<Self> {
        let result = work.join("sklearn.json");
        let script = shell::root().join("bench/sklearn/tables.py");
        let mut command = Command::new(frameworks::python());
        let status = command.arg(&script).arg(table).arg(&result).status();
        let is_measured = status.is_ok_and(|status| status.success());
        ensure!(
            is_measured,
            "`{}` failed on `{}`",
            script.display(),
            table.display()
        );
        let text = fs::read(&result)?;
        let rivals: Self = serde_json::from_slice(&text)
            .with_context(|| format!("cannot read `{}`", result.display()))?;
        for name in NAMES {
            rivals.model(name)?;
        }
        Ok(rivals)
    }

    /// The model `name`.
    pub fn model(&self, name: &str) -> Result<&Rival> {
        let model = self.models.get(name);
        model.with_context(|| format!("scikit-learn's {name} was not measured"))
    }

    /// Number of folds.
    pub fn count(&self) -> usize {
        self.folds.iter().max().map_or(0, |last| last + 1)
    }
}

/// Whether Python has scikit-learn; says how to get it if not.
pub fn are_installed() -> bool {
    let python = frameworks::python();
    let mut command = Command::new(&python);
    command.args(["-c", "import sklearn, pandas"]);
    let status = command.stderr(Stdio::null()).status();
    let found = status.is_ok_and(|status| status.success());
    if !found {
        println!(
            "{} has no scikit-learn or no pandas: tables are left out; `pip install -r \
             bench/sklearn/requirements.txt` gets them, the variable PYTHON names another.",
            python.to_string_lossy()
        );
    }
    found
}
