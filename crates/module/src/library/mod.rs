//! The library form of a module: functions that a host calls, and no imports at all.
//!
//! A library is a pure function of its input. `docs/library.md` is its contract for those who write hosts;
//! [`library!`](crate::library!) defines what it exports. The same program is the core of the component, whose functions
//! `component` lays out.

mod component;
#[cfg(all(target_os = "wasi", feature = "library"))]
#[doc(hidden)]
pub mod exports;

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use model::ModelError;
use model::json::{Count, push_string};
use runtime::{InputError, Prediction, Runtime};

use crate::answers::{self, Refusal, Unusual};
use crate::command::Form;
use crate::{describe, print};

pub use component::List;

/// The version of what a library exports.
pub const VERSION: u32 = 1;

/// Bits of the options of [`Library::predict`].
mod option {
    /// Answers come with what weighed most.
    pub const EXPLAIN: u32 = 1;
    /// Unusual inputs are refused.
    pub const STRICT: u32 = 2;
    /// Each line is an input of its own, and gets a line.
    pub const LINES: u32 = 4;
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
enum Status {
    /// There is an answer.
    Answered = 0,
    /// The model cannot be used.
    BadModel = 1,
    /// The input cannot be answered.
    BadInput = 2,
}

/// What a call gives back: whether there is an answer, and the bytes of it, or of an error in JSON. They hold until the
/// next call.
#[derive(Debug)]
#[repr(C)]
pub struct Outcome {
    status: Status,
    address: *const u8,
    length: usize,
}

/// A model that is ready, and what it answered last.
pub struct Library {
    runtime: Result<Runtime<'static>, String>,
    text: String,
    numbers: Vec<f32>,
    outcome: Outcome,
    component: component::Answered,
    description: Option<List<u8>>,
}

impl Library {
    /// A library with this model, if it can be used.
    #[inline(never)]
    pub fn new(runtime: Result<Runtime<'static>, ModelError>) -> Self {
        let unusable = |error| format!("the model in this module cannot be used: {error}");
        Self::with(runtime.map_err(unusable))
    }

    /// A library that `pack` has not put a model into.
    #[inline(never)]
    pub fn without_model() -> Self {
        Self::with(Err("this runner has no model".into()))
    }

    fn with(runtime: Result<Runtime<'static>, String>) -> Self {
        Self {
            runtime,
            text: String::new(),
            numbers: Vec::new(),
            outcome: Outcome {
                status: Status::BadModel,
                address: core::ptr::null(),
                length: 0,
            },
            component: component::Answered::default(),
            description: None,
        }
    }

    /// Answers `input` in lines of JSON, as the command does; `None` is an address where no input can be.
    #[inline(never)]
    pub fn predict(&mut self, input: Option<&[u8]>, options: u32) -> &Outcome {
        let form = Form {
            json: true,
            explain: options & option::EXPLAIN != 0,
            strict: options & option::STRICT != 0,
        };
        self.answer_text(|runtime, text| {
            let input = input.ok_or_else(|| nothing(runtime))?;
            match options & option::LINES {
                0 => answers::answer(runtime, input, form, text).map(|_| ()),
                _ => answers::answer_lines(runtime, input, form, text),
            }
        })
    }

    /// Answers inputs that are plain numbers, one after the other, with the probabilities of each, or with the number and
    /// the ends of its interval. `None` is an address where no floats can be.
    #[inline(never)]
    pub fn predict_numbers(&mut self, values: Option<&[f32]>) -> &Outcome {
        let mut numbers = core::mem::take(&mut self.numbers);
        numbers.clear();
        self.answer_text(|runtime, _| {
            let values = values.ok_or_else(|| nothing(runtime))?;
            let each = runtime.values().ok_or_else(|| runtime.not_numbers())?;
            for (row, values) in values.chunks(each.max(1)).enumerate() {
                let answer = runtime.predict_numbers(values);
                let answer = answer.map_err(|error| InputError::Item {
                    number: row + 1,
                    error: error.into(),
                })?;
                match answer.prediction {
                    Prediction::Class { probabilities, .. } => {
                        numbers.extend_from_slice(probabilities);
                    }
                    Prediction::Number {
                        value, low, high, ..
                    } => numbers.extend_from_slice(&[value, low, high]),
                }
            }
            Ok(())
        });
        self.numbers = numbers;
        if self.outcome.status == Status::Answered {
            self.outcome.address = self.numbers.as_ptr().cast();
            self.outcome.length = size_of_val(self.numbers.as_slice());
        }
        &self.outcome
    }

    /// What the model is: its inputs, metrics and digests, in JSON.
    #[inline(never)]
    pub fn describe(&mut self) -> &Outcome {
        self.answer_text(|runtime, text| {
            describe::describe(runtime, text);
            Ok(())
        })
    }

    /// Lets `answer` write what the model says; what is wrong takes its place.
    fn answer_text(
        &mut self,
        answer: impl FnOnce(&mut Runtime<'static>, &mut String) -> Result<(), Refusal>,
    ) -> &Outcome {
        self.text.clear();
        let status = match &mut self.runtime {
            Ok(runtime) => match answer(runtime, &mut self.text) {
                Ok(()) => Status::Answered,
                Err(refusal) => {
                    self.text.clear();
                    write_refusal(&refusal, &mut self.text);
                    Status::BadInput
                }
            },
            Err(message) => {
                print::json_error(message, &mut self.text);
                Status::BadModel
            }
        };
        self.outcome = Outcome {
            status,
            address: self.text.as_ptr(),
            length: self.text.len(),
        };
        &self.outcome
    }

    /// How many numbers one input is for [`predict_numbers`](Self::predict_numbers); 0 if the model takes words or dates.
    #[must_use]
    pub fn input_numbers(&self) -> usize {
        let runtime = self.runtime.as_ref().ok();
        runtime.and_then(Runtime::values).unwrap_or_default()
    }

    /// How many numbers it answers to each.
    #[must_use]
    pub fn output_numbers(&self) -> usize {
        match self.runtime.as_ref().map(|runtime| &runtime.model().output) {
            Ok(model::Output::Classes(classes)) => classes.len(),
            Ok(model::Output::Number(_)) => 3,
            Err(_) => 0,
        }
    }

    /// Answers `input` as a component; returns the address of a `result<answer, input-error>`.
    #[inline(never)]
    pub fn answer(&mut self, input: &[u8], explain: bool) -> *const u8 {
        // The component model has only valid strings.
        let input = str::from_utf8(input).unwrap_or_default();
        let runtime = self.runtime.as_mut().map_err(|message| message.as_str());
        self.component.answer(runtime, input, explain)
    }

    /// Describes itself as a component: an address and a length.
    pub fn description(&mut self) -> &List<u8> {
        self.describe();
        self.description.insert(component::text(&self.text))
    }
}

/// What is wrong with an address where no input can be.
fn nothing(runtime: &Runtime<'_>) -> InputError {
    InputError::Empty {
        expected: runtime.expected(),
    }
}

/// Appends what is wrong, with its place: `{"error": …, "item": …, "field": …}`.
fn write_refusal(refusal: &Refusal, output: &mut String) {
    output.push_str("{\"error\": ");
    push_string(output, &format!("{refusal}"));
    let (item, field) = match refusal {
        Refusal::Input(error) => (error.item(), error.field()),
        Refusal::Unusual(Unusual::Field(name, _)) => (None, Some(name.as_str())),
        _ => (None, None),
    };
    if let Some(item) = item {
        output.push_str(&format!(", \"item\": {}", Count(item)));
    }
    if let Some(field) = field {
        output.push_str(", \"field\": ");
        push_string(output, field);
    }
    output.push_str("}\n");
}
