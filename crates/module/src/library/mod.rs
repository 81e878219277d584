//! The library form of a module: functions that a host calls, and no imports at all.
//!
//! A library is a pure function of its input. `docs/library.md` is its contract for those who write hosts;
//! [`library!`](crate::library!) defines what it exports. The same program is the core of the component, whose functions
//! [`component`] lays out.

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
        Self {
            runtime: runtime.map_err(unusable),
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

    /// A library that `pack` has not put a model into.
    #[inline(never)]
    pub fn without_model() -> Self {
        let mut library = Self::new(Err(ModelError::Kind));
        library.runtime = Err("this runner has no model in it".into());
        library
    }

    /// Answers `input` in lines of JSON, as the command does.
    #[inline(never)]
    pub fn predict(&mut self, input: &[u8], options: u32) -> &Outcome {
        let form = Form {
            json: true,
            explain: options & option::EXPLAIN != 0,
            strict: options & option::STRICT != 0,
        };
        self.text.clear();
        let status = match &mut self.runtime {
            Err(message) => {
                print::json_error(message, &mut self.text);
                Status::BadModel
            }
            Ok(runtime) if options & option::LINES != 0 => {
                for line in input
                    .strip_suffix(b"\n")
                    .unwrap_or(input)
                    .split(|b| *b == b'\n')
                {
                    answer_line(runtime, line, form, &mut self.text);
                }
                Status::Answered
            }
            Ok(runtime) => match answers::answer(runtime, input, form, &mut self.text) {
                Ok(_) => Status::Answered,
                Err(refusal) => {
                    write_refusal(&refusal, &mut self.text);
                    Status::BadInput
                }
            },
        };
        self.give_text(status)
    }

    /// Answers inputs that are plain numbers, one after the other, with the probabilities of each, or with the number and
    /// the ends of its interval.
    #[inline(never)]
    pub fn predict_numbers(&mut self, values: &[f32]) -> &Outcome {
        self.text.clear();
        self.numbers.clear();
        let runtime = match &mut self.runtime {
            Ok(runtime) => runtime,
            Err(message) => {
                print::json_error(message, &mut self.text);
                return self.give_text(Status::BadModel);
            }
        };
        let each = runtime.values().unwrap_or_default().max(1);
        for (row, values) in values.chunks(each).enumerate() {
            match runtime
                .predict_numbers(values)
                .map(|answer| answer.prediction)
            {
                Ok(Prediction::Class { probabilities, .. }) => {
                    self.numbers.extend_from_slice(probabilities);
                }
                Ok(Prediction::Number {
                    value, low, high, ..
                }) => self.numbers.extend_from_slice(&[value, low, high]),
                Err(error) => {
                    let error = InputError::Item {
                        number: row + 1,
                        error: error.into(),
                    };
                    write_refusal(&error.into(), &mut self.text);
                    return self.give_text(Status::BadInput);
                }
            }
        }
        self.outcome = Outcome {
            status: Status::Answered,
            address: self.numbers.as_ptr().cast(),
            length: size_of_val(self.numbers.as_slice()),
        };
        &self.outcome
    }

    /// What the model is: its inputs, metrics and digests, in JSON.
    #[inline(never)]
    pub fn describe(&mut self) -> &Outcome {
        self.text.clear();
        let status = match &self.runtime {
            Ok(runtime) => {
                describe::describe(runtime, &mut self.text);
                Status::Answered
            }
            Err(message) => {
                print::json_error(message, &mut self.text);
                Status::BadModel
            }
        };
        self.give_text(status)
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

    fn give_text(&mut self, status: Status) -> &Outcome {
        self.outcome = Outcome {
            status,
            address: self.text.as_ptr(),
            length: self.text.len(),
        };
        &self.outcome
    }
}

/// Appends the answer to one line, or the error in its place, as the command does for a stream.
fn answer_line(runtime: &mut Runtime<'_>, line: &[u8], form: Form, output: &mut String) {
    let (expected, part) = (runtime.expected(), runtime.part());
    let answered = match str::from_utf8(line) {
        Ok(line) => runtime.predict(line, form.explain).map_err(Refusal::from),
        Err(_) => Err(Refusal::NotUtf8 { expected }),
    };
    let refused = match answered {
        Ok(answer) => match Unusual::of(&answer).filter(|_| form.strict) {
            Some(unusual) => Refusal::Unusual(unusual),
            None => return print::json(&answer, part, output),
        },
        Err(refused) => refused,
    };
    print::json_error(&format!("{refused}"), output);
}

/// Appends what is wrong, with its place: `{"error": …, "item": …, "field": …}`.
fn write_refusal(refusal: &Refusal, output: &mut String) {
    output.push_str("{\"error\": ");
    push_string(output, &format!("{refusal}"));
    let (item, field) = match refusal {
        Refusal::Input(error) => (error.item(), error.field()),
        Refusal::Unusual(Unusual::Field(name, _)) => (None, Some(name.into())),
        _ => (None, None),
    };
    if let Some(item) = item {
        output.push_str(&format!(", \"item\": {}", Count(item)));
    }
    if let Some(field) = field {
        output.push_str(", \"field\": ");
        push_string(output, &field);
    }
    output.push_str("}\n");
}
