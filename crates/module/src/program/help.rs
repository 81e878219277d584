//! What a program says of itself.

use super::Session;
use crate::describe::VERSION;

impl Session<'_> {
    #[inline(never)]
    pub fn line(&mut self, parts: &[&str]) {
        for part in parts {
            self.output.push_str(part);
        }
        self.output.push('\n');
    }

    #[inline(never)]
    pub fn help(&mut self) {
        let (name, explains) = (self.name.clone(), self.runtime.explains());
        let about = self.runtime.model().about.clone();
        let expected = self.runtime.expected();
        self.line(&[&name, " ", VERSION]);
        self.line(&[&about, "\n\nUsage:"]);
        let explain = if explains { "[--explain] " } else { "" };
        let usage = ["  ", &name, " [--json] [--strict] ", explain].concat();
        self.line(&[&usage, "<INPUT>   ", expected, ", or an array of them"]);
        self.line(&[&usage, "-         the same on standard input, one a line"]);
        let describe = " --describe         the model's inputs, metrics and digests";
        self.line(&["  ", &name, describe]);
        self.line(&["  ", &name, " --help | --version"]);
        self.output.push('\n');
        self.runtime.describe_input(&mut self.output);
        self.output.push('\n');
        self.line(&[match self.runtime.model().output {
            model::Output::Classes(_) => {
                "The answer is the class, one a line; with --json also each class's probability."
            }
            model::Output::Number(_) => {
                "The answer is the number, rounded, one a line; with --json in full, and the interval in\n\
                 which the true number is to be expected."
            }
        }]);
        if explains {
            self.line(&[
                match self.runtime.part() {
                    "word" => {
                        "With --explain the words that weighed most follow, each after a tab; in JSON with the amount\n\
                         by which the logarithm of the answer's odds falls without the word."
                    }
                    _ => {
                        "With --explain the fields that weighed most follow, each after a tab; in JSON with the amount\n\
                         by which the answer, or the logarithm of its odds, falls with a typical value of the field."
                    }
                },
            ]);
        }
        self.line(&[
            "With --strict an input is refused that has a value outside the range of training, or a word or a\n\
             gap that training had not.\n\
             A bad line of standard input is reported, and answered with an empty line or, with --json,\n\
             an object with the key `error`.",
        ]);
        self.example(&name);
        self.line(&["\nExit codes: 0 success, 1 internal failure, 2 bad usage or bad input."]);
    }

    /// Shows the model's example and its answer.
    #[inline(never)]
    fn example(&mut self, name: &str) {
        let example = self.runtime.model().example.clone();
        if example.is_empty() {
            return;
        }
        self.line(&["\nExample:"]);
        self.line(&["  wasmtime ", name, ".wasm '", &example, "'"]);
        let length = self.output.len();
        self.output.push_str("  ");
        if self.answer(example.as_bytes()).is_err() {
            self.output.truncate(length);
        }
    }
}
