//! The kinds of input: where JSON turns into the numbers that a network takes.

mod image;
mod table;
mod text;

use alloc::string::String;
use alloc::vec::Vec;

use model::{Field, Input, InputKind, Model, TextPart};

use crate::answer::WordWeight;
use crate::error::InputError;
use crate::layers::{COMMON, IMAGE, LayerKind, TEXT};
use crate::network::Predict;

pub use image::Image;
pub use table::Table;
pub use text::Text;
pub(crate) use text::fill;

/// A kind of input that a program can be built for: its reader, and the layers of networks for it. It is a
/// type rather than a value, so that a program does not contain what it does not name.
pub trait Kind {
    /// What the model file may say of the input.
    const INPUTS: &'static [InputKind];
    /// The layers that networks can have.
    const LAYERS: &'static [&'static [LayerKind]];

    /// The reader for `input`, if that is of this kind.
    fn reader(input: &Input) -> Option<&'static dyn Reader>;
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

/// Reads a kind of input. The schema that it is called with is of its kind.
pub trait Reader {
    /// What one input is, as in "expected a JSON object".
    fn expected(&self) -> &'static str;

    /// Whether `json`, a valid array, is an array of inputs rather than one of them.
    fn is_batch(&self, input: &Input, json: &str) -> bool {
        let _ = (input, json);
        true
    }

    /// Reads `json`, one valid value, into `numbers`, of length [`Input::numbers`]. The words of a text are
    /// appended to `words`, and of a table the names of the fields whose value lies outside the range that the
    /// model was trained on.
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
    ) -> Result<(), InputError>;

    /// Whether answers can be explained by parts of the input.
    fn explains(&self) -> bool {
        false
    }

    /// The words that weighed most for the answer to the input that was read last; `numbers` are as they
    /// were again afterwards.
    fn explain(
        &self,
        model: &Model<'_>,
        network: &mut dyn Predict,
        numbers: &mut [f32],
        words: &mut [String],
    ) -> Vec<WordWeight> {
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
