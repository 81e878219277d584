use model::{Input, ModelError};
use runtime::{Characters, Columns, Image, Kind, Runtime, Table, Text};

/// A program that a model is packed into.
#[derive(Debug, Clone, Copy)]
pub struct Runner {
    /// Name of the binary in the crate `runners`, with `-cocos` behind it in that form.
    pub name: &'static str,
    /// Its bytes.
    pub wasm: &'static [u8],
    takes: fn(&Input) -> bool,
    open: for<'a> fn(&'a [u8]) -> Result<Runtime<'a>, ModelError>,
}

/// One runner for each kind of input, of the form whose names end so.
macro_rules! runners {
    ($form:literal) => {
        [
            runner!(Table, "runner-table", $form),
            runner!(Columns, "runner-columns", $form),
            runner!(Image, "runner-image", $form),
            runner!(Text, "runner-text", $form),
            runner!(Characters, "runner-characters", $form),
        ]
    };
}

macro_rules! runner {
    ($kind:ty, $name:literal, $form:literal) => {
        runner::<$kind>(
            concat!($name, $form),
            include_bytes!(concat!("../runners/", $name, $form, ".wasm")),
        )
    };
}

/// The runners, one for each kind of input.
pub const RUNNERS: [Runner; 5] = runners!("");

/// The runners of the form for Cocos: they write to `result.txt` what they print.
pub const COCOS_RUNNERS: [Runner; 5] = runners!("-cocos");

/// The crates that are compiled into the runners, and so into every module: JSON, as `cargo xtask runners` writes it
/// and the crate `provenance` reads it.
pub const RUNNER_CRATES: &str = include_str!("../runners/crates.json");

const fn runner<K: Kind>(name: &'static str, wasm: &'static [u8]) -> Runner {
    Runner {
        name,
        wasm,
        takes: |input| K::reader(input).is_some(),
        open: |model| Runtime::open::<K>(model),
    }
}

impl Runner {
    /// The runner for models that take `input`.
    #[must_use]
    pub fn for_input(input: &Input) -> Option<Self> {
        Self::among(&RUNNERS, input)
    }

    /// The one of `runners` for models that take `input`.
    pub(crate) fn among(runners: &[Self], input: &Input) -> Option<Self> {
        let mut runners = runners.iter();
        runners.find(|runner| (runner.takes)(input)).copied()
    }

    /// Opens a model as this runner will: with the layers of its kind of input, and no others.
    pub(crate) fn open<'a>(&self, model: &'a [u8]) -> Result<Runtime<'a>, ModelError> {
        (self.open)(model)
    }
}
