//! Any bytes as the argument and as standard input of a module: an answer or an error for each, and
//! never a panic.

#![no_main]

use inference::host::{Host, Stream, StreamError};
use inference::model::{Model, Predict};
use inference::module::{BAD_INPUT, Module, SUCCESS};
use libfuzzer_sys::fuzz_target;

const MODULE: Module = Module {
    name: "iris-inference",
    version: "0",
    about: "",
    example: ("", ""),
    fields: &iris::input::FIELDS,
    model: Model {
        inputs: &["sepal_length", "sepal_width", "petal_length", "petal_width"],
        classes: &["a", "b", "c"],
        layers: &[],
        description: "",
    },
}
.checked();

/// Checks what reaches the network.
struct Checked;

impl Predict for Checked {
    fn predict(&mut self, input: &[f32]) -> &[f32] {
        assert_eq!(input.len(), 4);
        assert!(input.iter().all(|x| (0.1..=20.0).contains(x)));
        &[0.25, 0.5, 0.25]
    }
}

struct Fake<'a> {
    arguments: Vec<Vec<u8>>,
    input: &'a [u8],
    lines: usize,
}

impl Host for Fake<'_> {
    fn arguments(&mut self) -> Result<Vec<Vec<u8>>, StreamError> {
        Ok(self.arguments.clone())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, StreamError> {
        // Small pieces, so that lines are put together from several.
        let count = self.input.len().min(buffer.len()).min(7);
        let (now, later) = self.input.split_at(count);
        buffer[..count].copy_from_slice(now);
        self.input = later;
        Ok(count)
    }

    fn write(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), StreamError> {
        let text = str::from_utf8(bytes).expect("only text is written");
        if stream == Stream::Output {
            self.lines += text.matches('\n').count();
        }
        Ok(())
    }
}

fuzz_target!(|data: &[u8]| {
    for options in [&["--json", "--"][..], &["--"]] {
        let mut arguments: Vec<_> = options.iter().map(|o| o.as_bytes().to_vec()).collect();
        arguments.push(data.to_vec());
        let mut host = Fake { arguments, input: data, lines: 0 };
        let code = MODULE.run(&mut host, &mut Checked);
        assert!(code == SUCCESS || code == BAD_INPUT);

        let mut arguments: Vec<_> = options.iter().map(|o| o.as_bytes().to_vec()).collect();
        arguments.push(b"-".to_vec());
        let mut host = Fake { arguments, input: data, lines: 0 };
        let code = MODULE.run(&mut host, &mut Checked);
        assert!(code == SUCCESS || code == BAD_INPUT);
        let expected = data.split(|byte| *byte == b'\n').count();
        let expected = expected - usize::from(data.is_empty() || data.ends_with(b"\n"));
        assert_eq!(host.lines, expected, "an answer for each line");
    }
});
