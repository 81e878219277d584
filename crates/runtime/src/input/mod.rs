//! The kinds of input: where JSON turns into the numbers that a network takes.

mod columns;
mod image;
mod numbers;
mod table;
mod text;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use model::{Column, Field, Input, InputKind, Model, ModelError, TextPart};

use crate::answer::{Remarks, Weight};
use crate::blend;
use crate::error::InputError;
use crate::layers::{CHARACTERS, COLUMNS, COMMON, IMAGE, LayerKind, TEXT};
use crate::network::{self, Predict};

pub use columns::Columns;
pub use image::Image;
pub use numbers::{count as count_numbers, read as read_numbers};
pub use table::Table;
pub(crate) use text::is_word;
pub use text::{Characters, Text};

/// A kind of input that a program can be built for: its reader, and the layers of networks for it. It is a
/// type rather than a value, so that a program does not contain what it does not name.
pub trait Kind {
    /// What the model file may say of the input.
    const INPUTS: &'static [InputKind];
    /// The layers that networks can have.
    const LAYERS: &'static [&'static [LayerKind]];
    /// Reads the network of a model.
    const OPEN: OpenNetwork = network::open;

    /// The reader for `input`, if that is of this kind.
    fn reader(input: &Input) -> Option<&'static dyn Reader>;
}

/// Reads the network of a model, whose layers are of the kinds that are listed.
pub type OpenNetwork =
    for<'m, 'a> fn(&'m Model<'a>, &[&[LayerKind]]) -> Result<Box<dyn Predict + 'a>, ModelError>;

/// Whatever the model says.
#[derive(Debug)]
pub struct Any;

impl Kind for Any {
    const INPUTS: &'static [InputKind] = InputKind::ALL;
    const LAYERS: &'static [&'static [LayerKind]] = &[COMMON, COLUMNS, IMAGE, TEXT, CHARACTERS];
    const OPEN: OpenNetwork = blend::open;

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        (Table::reader(input))
            .or_else(|| Columns::reader(input))
            .or_else(|| Image::reader(input))
            .or_else(|| Text::reader(input))
            .or_else(|| Characters::reader(input))
    }
}

/// Reads a kind of input. The schema that it is called with is of its kind.
pub trait Reader {
    /// What one input is, as in "expected a JSON object".
    fn expected(&self) -> &'static str;

    /// Whether `json`, a valid array, is an array of inputs rather than one of them.
    fn is_batch(&self, input: &Input, json: &str) -> bool {
        let _ = (input, json);
        true
    }

    /// Reads `text`, which has not been checked, into `numbers` in one pass, if it is one input in its most frequent form.
    /// Otherwise it returns false: then the text has to be read in the general way, which also says what is wrong with it.
    fn read_frequent(&self, input: &Input, text: &str, numbers: &mut [f32]) -> bool {
        let _ = (input, text, numbers);
        false
    }

    /// Reads `json`, one valid value, into `numbers`, of length [`Input::numbers`]. The words of a text are
    /// appended to `words`, and what is doubtful to `remarks`.
    ///
    /// # Errors
    ///
    /// Says what is wrong, and where.
    fn read(
        &self,
        input: &Input,
        json: &str,
        numbers: &mut [f32],
        words: &mut Vec<String>,
        remarks: &mut Remarks,
    ) -> Result<(), InputError>;

    /// Whether answers can be explained by parts of the input.
    fn explains(&self) -> bool {
        false
    }

    /// How JSON calls a part of the input that is weighed in an explanation.
    fn part(&self) -> &'static str {
        "word"
    }

    /// The parts that weighed most for the answer to the input that was read last; `numbers` are as they
    /// were again afterwards.
    fn explain(
        &self,
        model: &Model<'_>,
        network: &mut dyn Predict,
        numbers: &mut [f32],
        words: &mut [String],
    ) -> Vec<Weight> {
        let _ = (model, network, numbers, words);
        Vec::new()
    }

    /// Describes the input for a help text.
    fn describe(&self, input: &Input, output: &mut String);
}

/// Names, each in backticks.
struct Quoted<'a, T>(&'a [T]);

/// What has a name.
trait Named {
    fn name(&self) -> &str;
}

impl Named for Field {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for Column {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for TextPart {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Named for String {
    fn name(&self) -> &str {
        self
    }
}

impl<T: Named> core::fmt::Display for Quoted<'_, T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            f.write_str(if index > 0 { ", `" } else { "`" })?;
            f.write_str(item.name())?;
            f.write_str("`")?;
        }
        Ok(())
    }
}
