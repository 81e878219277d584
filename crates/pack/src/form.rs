/// What a model is made into.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// A program for the command line.
    #[default]
    Command,
    /// The same for Cocos: it also writes to `result.txt` what it prints.
    Cocos,
    /// A module that exports functions, and imports nothing.
    Library,
    /// A component of the world in `wit/classifier.wit`.
    Component,
}

impl Form {
    /// What stands behind the model's name in that of the file.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Command => "-inference.wasm",
            Self::Cocos => "-inference-cocos.wasm",
            Self::Library => "-inference.lib.wasm",
            Self::Component => "-inference.component.wasm",
        }
    }
}
