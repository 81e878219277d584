use model::{AlignedBytes, Input, Model, ModelError};
use runtime::{Characters, Columns, Image, Kind, Runtime, Table, Text};

use crate::PackError;
use crate::write::pack_into;

/// A program that a model is packed into.
#[derive(Debug, Clone, Copy)]
pub struct Runner {
    /// Name of the program in the crate `runners`, with `-cocos` behind it in that form.
    pub name: &'static str,
    /// Its bytes.
    pub wasm: &'static [u8],
    takes: fn(&Input) -> bool,
    open: for<'a> fn(Model<'a>) -> Result<Runtime<'a>, ModelError>,
}

/// One runner for each kind of input: their names begin with the first part, and end with the second.
macro_rules! runners {
    ($start:literal, $end:literal) => {
        [
            runner!(Table, $start, "table", $end),
            runner!(Columns, $start, "columns", $end),
            runner!(Image, $start, "image", $end),
            runner!(Text, $start, "text", $end),
            runner!(Characters, $start, "characters", $end),
        ]
    };
}

macro_rules! runner {
    ($kind:ty, $start:literal, $name:literal, $end:literal) => {
        runner::<$kind>(
            concat!($start, $name, $end),
            include_bytes!(concat!("../runners/", $start, $name, $end, ".wasm")),
        )
    };
}

macro_rules! of_kind {
    ($kind:ty, $name:literal) => {
        Runners {
            command: runner!($kind, "runner-", $name, ""),
            library: runner!($kind, "library-", $name, ""),
        }
    };
}

/// The runners, one for each kind of input.
pub const RUNNERS: [Runner; 5] = runners!("runner-", "");

/// The runners of the form for Cocos: they write to `result.txt` what they print.
pub const COCOS_RUNNERS: [Runner; 5] = runners!("runner-", "-cocos");

/// The runners of the library form: they export functions, and import nothing.
pub const LIBRARY_RUNNERS: [Runner; 5] = runners!("library-", "");

/// A component of `wit/classifier.wit` with an empty module where the library is to be.
pub(crate) const COMPONENT: &[u8] = include_bytes!("../runners/component.wasm");

/// The runners for one kind of input. A trainer names those that it needs, and contains no others.
#[derive(Debug, Clone, Copy)]
pub struct Runners {
    /// The program.
    pub command: Runner,
    /// The library.
    pub library: Runner,
}

/// The runners for tables whose fields have transforms.
pub const TABLE: Runners = of_kind!(Table, "table");
/// The runners for anybody's tables.
pub const COLUMNS: Runners = of_kind!(Columns, "columns");
/// The runners for images.
pub const IMAGE: Runners = of_kind!(Image, "image");
/// The runners for texts as words.
pub const TEXT: Runners = of_kind!(Text, "text");
/// The runners for texts as characters.
pub const CHARACTERS: Runners = of_kind!(Characters, "characters");

/// The crates that are compiled into the runners, and so into every module: JSON, as `cargo xtask runners` writes it
/// and the crate `provenance` reads it.
pub const RUNNER_CRATES: &str = include_str!("../runners/crates.json");

const fn runner<K: Kind>(name: &'static str, wasm: &'static [u8]) -> Runner {
    Runner {
        name,
        wasm,
        takes: |input| K::reader(input).is_some(),
        open: |model| {
            let network = (K::OPEN)(&model, K::LAYERS)?;
            Runtime::with_network::<K>(model, network)
        },
    }
}

impl Runner {
    /// Makes a module of `model`, the bytes of a model file. The same model gives the same bytes.
    ///
    /// # Errors
    ///
    /// If the model cannot be used, or is for another kind of input.
    pub fn pack(&self, model: &[u8]) -> Result<Vec<u8>, PackError> {
        self.pack_read(Model::read(&AlignedBytes::new(model))?, model)
    }

    /// The same with the model that was `read` from these bytes.
    pub(crate) fn pack_read(&self, read: Model<'_>, model: &[u8]) -> Result<Vec<u8>, PackError> {
        if !(self.takes)(&read.input) {
            return Err(ModelError::Kind.into());
        }
        (self.open)(read)?.model().check_weights()?;
        pack_into(self.wasm, model)
    }

    /// The one of `runners` for models that take `input`.
    pub(crate) fn among(runners: &[Self], input: &Input) -> Option<Self> {
        let mut runners = runners.iter();
        runners.find(|runner| (runner.takes)(input)).copied()
    }
}
