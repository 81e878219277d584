//! The kinds of input that a program can be built for.

use model::{Input, InputKind};

use crate::input::{ImageReader, Reader, TableReader, TextReader};
use crate::layers::{COMMON, IMAGE, LayerKind, TEXT};

/// What a program contains: the reader of one kind of input, and the layers of networks for it. It is a
/// type rather than a value, so that a program does not contain what it does not name.
pub trait Kind {
    /// What the model file may say of the input.
    const INPUTS: &'static [InputKind];
    /// The layers that networks can have.
    const LAYERS: &'static [&'static [LayerKind]];

    /// The reader for `input`, if that is of this kind.
    #[doc(hidden)]
    fn reader(input: &Input) -> Option<&'static dyn Reader>;
}

/// Rows of named numbers and categories.
#[derive(Debug)]
pub struct Table;

impl Kind for Table {
    const INPUTS: &'static [InputKind] = &[InputKind::TABLE];
    const LAYERS: &'static [&'static [LayerKind]] = &[COMMON];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        matches!(input, Input::Table(_)).then_some(&TableReader)
    }
}

/// Images.
#[derive(Debug)]
pub struct Image;

impl Kind for Image {
    const INPUTS: &'static [InputKind] = &[InputKind::IMAGE];
    const LAYERS: &'static [&'static [LayerKind]] = &[COMMON, IMAGE];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        matches!(input, Input::Image(_)).then_some(&ImageReader)
    }
}

/// Texts.
#[derive(Debug)]
pub struct Text;

impl Kind for Text {
    const INPUTS: &'static [InputKind] = &[InputKind::TEXT];
    const LAYERS: &'static [&'static [LayerKind]] = &[COMMON, TEXT];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        matches!(input, Input::Text(_)).then_some(&TextReader)
    }
}

/// Whatever the model says.
#[derive(Debug)]
pub struct Any;

impl Kind for Any {
    const INPUTS: &'static [InputKind] = InputKind::ALL;
    const LAYERS: &'static [&'static [LayerKind]] = &[COMMON, IMAGE, TEXT];

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        (Table::reader(input))
            .or_else(|| Image::reader(input))
            .or_else(|| Text::reader(input))
    }
}
