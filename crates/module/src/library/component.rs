//! Answers as the canonical ABI of the component model lays them out in memory.
//!
//! The types are those of `wit/classifier.wit`. Records are laid out as C's structs, strings and lists as address and
//! length, and variants as a tag of one byte and a union, as in
//! <https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md>. What a host reads points into
//! the library's own memory, and holds until the next call.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use runtime::{InputError, Runtime};

/// A string or a list.
#[derive(Debug)]
#[repr(C)]
pub struct List<T> {
    address: *const T,
    length: usize,
}

type Text = List<u8>;

impl<T> List<T> {
    fn of(items: &[T]) -> Self {
        Self {
            address: items.as_ptr(),
            length: items.len(),
        }
    }
}

/// The string `text`.
pub fn text(text: &str) -> Text {
    List::of(text.as_bytes())
}

/// `probability`, and `weight`, which is laid out alike.
#[derive(Debug)]
#[repr(C)]
struct Named {
    name: Text,
    value: f32,
}

#[derive(Debug)]
#[expect(dead_code, reason = "only hosts read it")]
#[repr(C, u8)]
enum Prediction {
    Class {
        class: Text,
        probabilities: List<Named>,
    },
    Number {
        name: Text,
        value: f32,
        low: f32,
        high: f32,
        coverage: f32,
    },
}

#[derive(Debug)]
#[repr(C)]
struct Answer {
    prediction: Prediction,
    explanation: List<Named>,
    outside: List<Text>,
    unseen: List<Text>,
    missing: List<Text>,
    unread_words: u32,
}

#[derive(Debug)]
#[repr(C, u8)]
enum Optional<T> {
    None,
    Some(T),
}

#[derive(Debug)]
#[repr(C)]
struct Failure {
    message: Text,
    field: Optional<Text>,
}

/// `result<answer, input-error>`.
#[derive(Debug)]
#[expect(dead_code, reason = "only hosts read it")]
#[repr(C, u8)]
enum Outcome {
    Answer(Answer),
    Failure(Failure),
}

/// What the last answer points to.
#[derive(Debug, Default)]
pub struct Answered {
    probabilities: Vec<Named>,
    explanation: Vec<Named>,
    parts: Vec<String>,
    remarks: [Vec<Text>; 3],
    message: String,
    field: String,
    outcome: Option<Outcome>,
}

impl Answered {
    /// Answers `input`, one JSON value; returns the address of a `result<answer, input-error>`.
    pub fn answer(
        &mut self,
        runtime: Result<&mut Runtime<'_>, &str>,
        input: &str,
        explain: bool,
    ) -> *const u8 {
        let outcome = match runtime {
            Ok(runtime) => match runtime.predict(input, explain) {
                Ok(answer) => Outcome::Answer(self.lay_out(answer)),
                Err(error) => Outcome::Failure(self.fail(&error)),
            },
            Err(message) => {
                message.clone_into(&mut self.message);
                Outcome::Failure(Failure {
                    message: text(&self.message),
                    field: Optional::None,
                })
            }
        };
        core::ptr::from_ref(self.outcome.insert(outcome)).cast()
    }

    fn lay_out(&mut self, answer: runtime::Answer<'_>) -> Answer {
        let prediction = match answer.prediction {
            runtime::Prediction::Class {
                classes,
                index,
                probabilities,
            } => {
                let shares = classes.iter().zip(probabilities);
                replace(
                    &mut self.probabilities,
                    shares.map(|(class, share)| Named {
                        name: text(class),
                        value: *share,
                    }),
                );
                Prediction::Class {
                    class: text(classes.get(index).map_or("", String::as_str)),
                    probabilities: List::of(&self.probabilities),
                }
            }
            runtime::Prediction::Number {
                name,
                value,
                low,
                high,
                coverage,
                ..
            } => Prediction::Number {
                name: text(name),
                value,
                low,
                high,
                coverage,
            },
        };
        let weights = answer.explanation.unwrap_or_default();
        self.parts.clear();
        self.explanation.clear();
        for weight in weights {
            // The characters of a string stay where they are when the string moves.
            self.explanation.push(Named {
                name: text(&weight.part),
                value: weight.weight,
            });
            self.parts.push(weight.part);
        }
        let lists = answer.remarks.lists();
        for (names, (_, fields)) in self.remarks.iter_mut().zip(lists) {
            replace(names, fields.iter().map(|field| text(field)));
        }
        let [outside, unseen, missing] = self.remarks.each_ref().map(|names| List::of(names));
        Answer {
            prediction,
            explanation: List::of(&self.explanation),
            outside,
            unseen,
            missing,
            unread_words: answer.remarks.unread as u32,
        }
    }

    fn fail(&mut self, error: &InputError) -> Failure {
        self.message = format!("{error}");
        let field = error.field().map(|field| {
            field.clone_into(&mut self.field);
            text(&self.field)
        });
        Failure {
            message: text(&self.message),
            field: field.map_or(Optional::None, Optional::Some),
        }
    }
}

fn replace<T>(list: &mut Vec<T>, items: impl Iterator<Item = T>) {
    list.clear();
    list.extend(items);
}
