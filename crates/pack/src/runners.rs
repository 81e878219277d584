use model::{Input, ModelError};
use runtime::{Characters, Columns, Image, Kind, Runtime, Table, Text};

/// A program that a model is packed into.
#[derive(Debug, Clone, Copy)]
pub struct Runner {
    /// Name of the binary in the crate `runners`.
    pub name: &'static str,
    /// Its bytes.
    pub wasm: &'static [u8],
    takes: fn(&Input) -> bool,
    open: for<'a> fn(&'a [u8]) -> Result<Runtime<'a>, ModelError>,
}

/// The runners, one for each kind of input.
pub const RUNNERS: [Runner; 5] = [
    runner::<Table>(
        "runner-table",
        include_bytes!("../runners/runner-table.wasm"),
    ),
    runner::<Columns>(
        "runner-columns",
        include_bytes!("../runners/runner-columns.wasm"),
    ),
    runner::<Image>(
        "runner-image",
        include_bytes!("../runners/runner-image.wasm"),
    ),
    runner::<Text>("runner-text", include_bytes!("../runners/runner-text.wasm")),
    runner::<Characters>(
        "runner-characters",
        include_bytes!("../runners/runner-characters.wasm"),
    ),
];

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
        RUNNERS.into_iter().find(|runner| (runner.takes)(input))
    }

    /// Opens a model as this runner will: with the layers of its kind of input, and no others.
    pub(crate) fn open<'a>(&self, model: &'a [u8]) -> Result<Runtime<'a>, ModelError> {
        (self.open)(model)
    }
}
