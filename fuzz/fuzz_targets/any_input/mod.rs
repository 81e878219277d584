//! Any bytes as the argument and as standard input of a module: an answer or an error for each, and
//! never a panic.

use model::{AlignedBytes, FrozenLayer, Input, ModelFile, Output, Training};
use module::host::{Host, Stream, StreamError};
use module::program::{self, BAD_INPUT, SUCCESS};
use runtime::Any;

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

/// A model of two classes that takes `input`.
pub fn model(input: Input) -> AlignedBytes {
    let inputs = input.numbers();
    let file = ModelFile {
        name: "toy".into(),
        about: "Toys.".into(),
        example: String::new(),
        input,
        output: Output::Classes(vec!["yes".into(), "no".into()]),
        layers: vec![
            FrozenLayer::new("linear")
                .weight("weight", &[inputs, 2], vec![0.01; 2 * inputs])
                .weight("bias", &[2], vec![0.0, 1.0]),
            FrozenLayer::new("softmax"),
        ],
        metrics: [].into(),
        training: Training::default(),
    };
    AlignedBytes::new(&file.to_bytes().expect("the model is sound"))
}

/// Gives `data` to a module with `model` in every way that there is.
pub fn check(model: &[u8], data: &[u8]) {
    for options in [&["--json", "--"][..], &["--"]] {
        let run = |last: &[u8]| {
            let mut arguments: Vec<_> = options.iter().map(|o| o.as_bytes().to_vec()).collect();
            arguments.push(last.to_vec());
            let mut host = Fake {
                arguments,
                input: data,
                lines: 0,
            };
            let code = program::run::<Any>(model, &mut host);
            assert!(code == SUCCESS || code == BAD_INPUT);
            host.lines
        };
        run(data);
        let lines = run(b"-");
        let expected = data.split(|byte| *byte == b'\n').count();
        let expected = expected - usize::from(data.is_empty() || data.ends_with(b"\n"));
        // After `--`, a dash is standard input as well.
        assert_eq!(lines, expected, "an answer for each line");
    }
}
