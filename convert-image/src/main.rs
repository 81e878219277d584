//! `convert-image`: see [`convert_image`].

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use convert_image::{ConvertError, Digit, Inversion, Target, convert, convert_each, digit, read};
use pictures::DecodeError;

/// Exit code for what the user can mend.
const BAD_INPUT: u8 = 2;

/// Exit code for the rest.
const FAILURE: u8 = 1;

const EXAMPLES: &str = "\
Examples:
  convert-image 4.png | wasmtime mnist-inference.wasm -
  wasmtime mnist-inference.wasm \"$(convert-image 4.png)\"
  convert-image scans/*.jpg > digits.txt          a line for each file
  convert-image --preview seen.png photo.jpg      look at what the model sees
  convert-image --each number.jpg                 a line for each digit of a number
  convert-image --save train/7 sevens/*.jpg       images to train on
  convert-image - < 4.png                         from standard input
  convert-image --for photos-inference.wasm *.jpg | wasmtime photos-inference.wasm -
                                                  photos, for a model of your own pictures

A file that cannot be converted gives an empty line, and a message on standard error.

Exit codes: 0 success, 1 internal failure, 2 bad usage or bad image.";

/// Turns pictures of handwritten digits into the numbers that an MNIST classifier takes, or any pictures into those that a
/// model of your own takes.
///
/// Writes a line for each picture: a JSON array of 784 numbers, row by row, from 0 (background) to
/// 255 (ink). The digit is found, cut out, scaled to 20 pixels and centred, as in MNIST; whatever is
/// around the sheet of paper, and shadows on it, are left out. An image that is as in MNIST already
/// is used as it is, or inverted if its background is light.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Options {
    /// Image in PNG, JPEG, BMP, GIF or WebP format, whatever its name; `-` is standard input.
    #[arg(required = true, value_name = "IMAGE")]
    images: Vec<PathBuf>,
    /// Make what this model of pictures takes: a module, or its model.safetensors. All of a picture is
    /// scaled to the model's size.
    #[arg(long = "for", value_name = "MODULE", conflicts_with_all = ["invert", "no_invert", "each", "save", "preview"])]
    model: Option<PathBuf>,
    /// The ink is dark on a light background; do not find that out from the image.
    #[arg(long, conflicts_with = "no_invert")]
    invert: bool,
    /// The ink is light on a dark background; do not find that out from the image.
    #[arg(long)]
    no_invert: bool,
    /// Give a line for each digit in an image, from left to right and from top to bottom, in place
    /// of refusing an image with more than one.
    #[arg(long)]
    each: bool,
    /// Write each digit as a PNG of 28x28 pixels to this folder too, under the name of its image: a
    /// tree train/0 to train/9, test/0 to test/9 of such folders is what `mnist-flex --data` reads.
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
    /// Write what the model will see as a PNG, each of the 28x28 pixels a square of 10x10, the digits
    /// side by side; for a single image only.
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Err(problem) = check(&options) {
        let mut command = Options::command();
        command.error(ErrorKind::ArgumentConflict, problem).exit()
    }
    match run(&options) {
        Ok(code) => code.into(),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(format_args!("{error:#}"));
            FAILURE.into()
        }
    }
}

/// What the command line cannot say for itself.
fn check(options: &Options) -> Result<(), &'static str> {
    match (&options.preview, options.images.as_slice()) {
        (None, _) => Ok(()),
        (Some(preview), [image]) => match is_same_file(preview, image) {
            true => Err("--preview would overwrite the image; give it another name"),
            false => Ok(()),
        },
        (Some(_), _) => Err("--preview goes with a single image only"),
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn run(options: &Options) -> anyhow::Result<u8> {
    let inversion = match (options.invert, options.no_invert) {
        (true, _) => Inversion::Always,
        (_, true) => Inversion::Never,
        _ => Inversion::Detect,
    };
    if let Some(path) = &options.model {
        match Target::read(path) {
            Ok(Some(target)) => return prepare(&options.images, target),
            Ok(None) => {}
            Err(error) => {
                complain(error);
                return Ok(BAD_INPUT);
            }
        }
    }
    let mut code = 0;
    for path in &options.images {
        let digits = match digits(path, inversion, options.each) {
            Ok(digits) => digits,
            Err(error) => {
                complain(format_args!("{}: {error}", name(path)));
                code = BAD_INPUT;
                // In its place, so that lines and files stay paired.
                print("").context("cannot write to standard output")?;
                continue;
            }
        };
        for digit in &digits {
            print(&digit.to_string()).context("cannot write to standard output")?;
        }
        if let Some(folder) = &options.save {
            save(folder, path, &digits)?;
        }
        if let Some(preview) = &options.preview {
            let png =
                digit::png(&digits, digit::ENLARGEMENT).context("cannot encode the preview")?;
            if let Err(error) = fs::write(preview, png) {
                let preview = preview.display();
                complain(format_args!(
                    "cannot write the preview `{preview}`: {error}; choose another file"
                ));
                code = BAD_INPUT;
            }
        }
    }
    Ok(code)
}

/// Prints a line for each of `images`, as `target` takes them.
fn prepare(images: &[PathBuf], target: Target) -> anyhow::Result<u8> {
    let mut code = 0;
    for path in images {
        let line = bytes(path).and_then(|bytes| Ok(target.json(&bytes)?));
        let line = line.unwrap_or_else(|error| {
            complain(format_args!("{}: {error}", name(path)));
            code = BAD_INPUT;
            // In its place, so that lines and files stay paired.
            String::new()
        });
        print(&line).context("cannot write to standard output")?;
    }
    Ok(code)
}

/// Writes the digits of the image `path` to `folder`; those after the first with a number.
fn save(folder: &Path, path: &Path, digits: &[Digit]) -> anyhow::Result<()> {
    let stem = match is_standard_input(path) {
        true => "standard-input".into(),
        false => path.file_stem().unwrap_or_default().to_string_lossy(),
    };
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    for (index, digit) in digits.iter().enumerate() {
        let number = match index {
            0 => String::new(),
            _ => format!("-{}", index + 1),
        };
        let file = folder.join(format!("{stem}{number}.png"));
        let png = digit::png(&[*digit], 1).context("cannot encode the image")?;
        fs::write(&file, png).with_context(|| format!("cannot write `{}`", file.display()))?;
    }
    Ok(())
}

fn digits(path: &Path, inversion: Inversion, each: bool) -> Result<Vec<Digit>, ConvertError> {
    let bytes = bytes(path)?;
    match each {
        true => convert_each(&bytes, inversion),
        false => Ok(vec![convert(&bytes, inversion)?]),
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, ConvertError> {
    Ok(match is_standard_input(path) {
        true => read::bytes(io::stdin().lock())?,
        false => read::bytes(open(path)?)?,
    })
}

fn open(path: &Path) -> Result<File, ConvertError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ConvertError::NotFound,
        _ => DecodeError::Read(error).into(),
    });
    // Asked for by path, because there are systems on which a folder cannot be opened.
    match path.is_dir() {
        true => Err(ConvertError::Folder),
        false => file,
    }
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn name(path: &Path) -> String {
    match is_standard_input(path) {
        true => "standard input".to_owned(),
        false => format!("`{}`", path.display()),
    }
}

/// Writes a line at once, so that a reader at the other end of a pipe need not wait for the next.
fn print(line: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}

fn complain(problem: impl Display) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(io::stderr(), "error: {problem}");
}

/// Whether whoever read the output has had enough of it, as `head` does.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    (error.downcast_ref::<io::Error>())
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
