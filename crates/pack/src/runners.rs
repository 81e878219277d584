use model::Input;

/// A program that a model is packed into.
#[derive(Debug, Clone, Copy)]
pub struct Runner {
    /// Name of the binary in the crate `runners`.
    pub name: &'static str,
    /// Its bytes.
    pub wasm: &'static [u8],
}

/// The runners, one for each kind of input.
pub const RUNNERS: [Runner; 3] = [
    Runner {
        name: "runner-table",
        wasm: include_bytes!("../runners/runner-table.wasm"),
    },
    Runner {
        name: "runner-image",
        wasm: include_bytes!("../runners/runner-image.wasm"),
    },
    Runner {
        name: "runner-text",
        wasm: include_bytes!("../runners/runner-text.wasm"),
    },
];

impl Runner {
    /// The runner for models that take `input`.
    #[must_use]
    pub fn for_input(input: &Input) -> Self {
        let [table, image, text] = RUNNERS;
        match input {
            Input::Table(_) => table,
            Input::Image(_) => image,
            Input::Text(_) => text,
        }
    }
}
