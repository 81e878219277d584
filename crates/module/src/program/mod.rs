//! The command line of a module: what it is asked, what it answers, and its exit code.

mod help;
mod stream;
#[cfg(test)]
mod tests;

use alloc::format;
use alloc::string::String;

use model::json::Shown;
use model::{Input, ModelError};
use runtime::{Kind, Runtime};

use crate::answers::{self, Refusal, Unusual};
use crate::command::{self, Command, Form};
use crate::describe;
use crate::hint::hint;
use crate::host::{Host, Stream, StreamError};

/// Exit code of a success.
pub const SUCCESS: u8 = 0;
/// Exit code of a failure that is not the user's.
pub const FAILURE: u8 = 1;
/// Exit code of bad usage or bad input.
pub const BAD_INPUT: u8 = 2;

/// How much output is held back at most, in bytes.
const BUFFERED: usize = 8 * 1024;

/// What to do about UTF-16.
const UTF16_HINT: &str =
    "convert it: `iconv -f UTF-16 -t UTF-8`, or in PowerShell `Out-File -Encoding utf8`";

/// The whole program with the model in `bytes`, whose input is of the kind `K`: does what the arguments
/// ask, and returns the exit code.
pub fn run<K: Kind>(bytes: &[u8], host: &mut dyn Host) -> u8 {
    run_opened(Runtime::open::<K>(bytes), host)
}

#[inline(never)]
fn run_opened(runtime: Result<Runtime<'_>, ModelError>, host: &mut dyn Host) -> u8 {
    match runtime {
        Ok(runtime) => run_with(runtime, host),
        Err(error) => {
            let message = format!("the model in this module cannot be used: {error}");
            say(host, &message);
            FAILURE
        }
    }
}

/// The same for a program that has no model.
pub fn without_model(host: &mut dyn Host) -> u8 {
    say(host, "this runner has no model: `pack MODEL` adds one");
    FAILURE
}

/// The same with a runtime that is ready.
#[inline(never)]
pub fn run_with(runtime: Runtime<'_>, host: &mut dyn Host) -> u8 {
    let mut session = Session {
        name: [runtime.model().name.as_str(), "-inference"].concat(),
        runtime,
        host,
        output: String::new(),
        form: Form::default(),
        code: SUCCESS,
        hinted: false,
        noted: false,
        last: String::new(),
        repeated: 0,
    };
    match session.execute() {
        // Who no longer reads the answers has no use for the rest of them.
        Ok(()) | Err(StreamError::Closed) => session.code,
        Err(error) => {
            say(session.host, &format!("{error}"));
            FAILURE
        }
    }
}

/// One run of a program.
struct Session<'a> {
    name: String,
    runtime: Runtime<'a>,
    host: &'a mut dyn Host,
    /// What has not been written yet.
    output: String,
    form: Form,
    /// The exit code so far.
    code: u8,
    /// Whether the way out of a mistake has been shown.
    hinted: bool,
    /// Whether an unusual input has been noted.
    noted: bool,
    /// What was wrong with the last bad line of a stream.
    last: String,
    /// How many lines after it had the same fault.
    repeated: usize,
}

impl Session<'_> {
    fn execute(&mut self) -> Result<(), StreamError> {
        match command::parse(self.host.arguments()?, self.runtime.explains()) {
            Ok(Command::Predict { input, form }) => {
                self.form = form;
                if let Err(error) = self.answer(&input) {
                    self.refuse(&format!("{error}"));
                    self.hint(&input, &error);
                }
            }
            Ok(Command::Stream { form }) => {
                self.form = form;
                self.stream()?;
            }
            Ok(Command::Describe) => describe::describe(&self.runtime, &mut self.output),
            Ok(Command::Help) => self.help(),
            Ok(Command::Version) => {
                let line = [&self.name, " ", describe::VERSION].concat();
                self.line(&[&line]);
            }
            Err(error) => {
                let message = format!("{error}\ntry `{} --help`", Shown(&self.name));
                self.refuse(&message);
            }
        }
        flush(&mut self.output, self.host)
    }

    /// Answers one value, or each item of an array. A failure leaves no half of the answers behind.
    #[inline(never)]
    fn answer(&mut self, input: &[u8]) -> Result<(), Refusal> {
        let unusual = answers::answer(&mut self.runtime, input, self.form, &mut self.output)?;
        self.note(unusual);
        Ok(())
    }

    /// Says once that an input was unusual; answers in JSON say it of each.
    #[inline(never)]
    fn note(&mut self, unusual: Option<Unusual>) {
        let Some(unusual) = unusual.filter(|_| !self.form.json && !self.noted) else {
            return;
        };
        self.noted = true;
        let note = format!("note: {unusual}; `--json` tells it of each\n");
        // Nobody is left to tell if this fails.
        let _ = self.host.write(Stream::Error, note.as_bytes());
    }

    /// Shows the way out of a common mistake, once.
    #[inline(never)]
    fn hint(&mut self, input: &[u8], error: &Refusal) {
        let takes_strings = matches!(self.runtime.model().input, Input::Text(_));
        let hint = match error {
            Refusal::Utf16 => Some(UTF16_HINT),
            Refusal::Input(error) => str::from_utf8(input)
                .ok()
                .and_then(|text| hint(text, error, takes_strings)),
            _ => None,
        };
        if let (Some(hint), false) = (hint, self.hinted) {
            self.hinted = true;
            let hint = ["hint: ", hint, "\n"].concat();
            let _ = self.host.write(Stream::Error, hint.as_bytes());
        }
    }

    /// Reports what the user did wrong.
    #[inline(never)]
    fn refuse(&mut self, message: &str) {
        self.code = BAD_INPUT;
        say(self.host, message);
    }
}

#[inline(never)]
fn say(host: &mut dyn Host, message: &str) {
    let message = ["error: ", message, "\n"].concat();
    // Nobody is left to tell if this fails; the exit code still does.
    let _ = host.write(Stream::Error, message.as_bytes());
}

/// Writes out what is held back.
#[inline(never)]
fn flush(output: &mut String, host: &mut dyn Host) -> Result<(), StreamError> {
    if output.is_empty() {
        return Ok(());
    }
    let result = host.write(Stream::Output, output.as_bytes());
    output.clear();
    result
}
