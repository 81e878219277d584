//! Any bytes as the argument and as standard input of a module: an answer or an error for each, and
//! never a panic.

use inference::host::{Host, Stream, StreamError};
use inference::input::Input;
use inference::model::Predict;
use inference::module::{BAD_INPUT, Module, SUCCESS};
use inference::output::Output;

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

/// Gives `data` to `module` in every way that there is.
pub fn check<I: Input, O: Output>(module: &Module<I, O>, predictor: &mut dyn Predict, data: &[u8]) {
    for options in [&["--json", "--"][..], &["--"]] {
        let mut run = |last: &[u8]| {
            let mut arguments: Vec<_> = options.iter().map(|o| o.as_bytes().to_vec()).collect();
            arguments.push(last.to_vec());
            let mut host = Fake { arguments, input: data, lines: 0 };
            let code = module.run(&mut host, predictor);
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
