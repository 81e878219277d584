//! The program as a user meets it: output, messages and exit codes.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use image::{GrayImage, ImageFormat, Luma};
use tempfile::TempDir;

const NUMBERS: usize = 784;

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_convert-image"));
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

/// The lines of numbers on standard output; an empty line is none.
fn lines(output: &Output) -> Vec<Vec<f32>> {
    let text = str::from_utf8(&output.stdout).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let line = |line: &str| match line {
        "" => vec![],
        line => {
            let numbers = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'));
            let numbers = numbers.unwrap().split(", ");
            numbers.map(|number| number.parse().unwrap()).collect()
        }
    };
    text.lines().map(line).collect()
}

fn messages(output: &Output) -> &str {
    str::from_utf8(&output.stderr).unwrap()
}

/// A thick stroke, upright, dark on light.
fn one() -> GrayImage {
    GrayImage::from_fn(120, 100, |x, y| match (x, y) {
        (30..42, 10..80) => Luma([20]),
        _ => Luma([250]),
    })
}

/// A folder with a picture `1.png` in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    one().save(folder.path().join("1.png")).unwrap();
    folder
}

/// A chunk of a PNG with its checksum (CRC-32, as in ISO 3309).
fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind, data].concat();
    let mut crc = u32::MAX;
    for byte in &body {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
    }
    let length = (data.len() as u32).to_be_bytes();
    [&length[..], &body, &(!crc).to_be_bytes()].concat()
}

/// A PNG of 8-bit greys with that header, and no more than a beginning of data.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = chunk(*b"IHDR", &[&sides[..], &[8, 0, 0, 0, 0]].concat());
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &header,
        &chunk(*b"IDAT", &[0x78]),
    ]
    .concat()
}

/// The 54 bytes of header of a 24-bit BMP, and nothing more.
fn bmp_header(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    for field in [
        54,
        0,
        54,
        40,
        width,
        height,
        1 | (24 << 16),
        0,
        0,
        0,
        0,
        0,
        0,
    ] {
        bytes.extend(u32::to_le_bytes(field));
    }
    bytes
}

#[test]
fn an_image_becomes_a_line_of_numbers() {
    let folder = folder();
    let output = run(folder.path(), &["1.png"]);
    assert_eq!(messages(&output), "");
    assert_eq!(output.status.code(), Some(0));
    let lines = lines(&output);
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].len(), NUMBERS);
    let sum: f32 = lines[0].iter().sum();
    // A stroke of 70 by 12 pixels, scaled to 20 by 24 / 7.
    assert!((sum - 255.0 * 20.0 * 24.0 / 7.0).abs() < 300.0, "{sum}");
    assert!(output.stdout.starts_with(b"[0.0, 0.0, "));
}

#[test]
fn content_decides_on_the_format() {
    let folder = folder();
    one()
        .save_with_format(folder.path().join("really-bmp.jpg"), ImageFormat::Bmp)
        .unwrap();
    let expected = run(folder.path(), &["1.png"]).stdout;
    assert_eq!(run(folder.path(), &["really-bmp.jpg"]).stdout, expected);
}

#[test]
fn a_dash_is_standard_input() {
    let folder = folder();
    let picture = fs::File::open(folder.path().join("1.png")).unwrap();
    let output = program(folder.path()).arg("-").stdin(picture).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, run(folder.path(), &["1.png"]).stdout);

    let output = run(folder.path(), &["-"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        messages(&output),
        "error: standard input: there is no data in it; save the image again\n"
    );
}

#[test]
fn lines_and_files_stay_paired() {
    let folder = folder();
    let output = run(folder.path(), &["1.png", "2.png", "1.png"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        messages(&output),
        "error: `2.png`: there is no such file; check the path\n"
    );
    let lines = lines(&output);
    assert_eq!(
        lines.iter().map(Vec::len).collect::<Vec<_>>(),
        [NUMBERS, 0, NUMBERS]
    );
    assert_eq!(lines[0], lines[2]);
}

#[test]
fn bad_files_are_refused_with_words() {
    let folder = folder();
    let good = fs::read(folder.path().join("1.png")).unwrap();
    let mut jpeg = std::io::Cursor::new(Vec::new());
    one().write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    fs::create_dir(folder.path().join("folder.png")).unwrap();
    let mut blank = std::io::Cursor::new(Vec::new());
    let white = GrayImage::from_pixel(64, 64, Luma([255]));
    white.write_to(&mut blank, ImageFormat::Png).unwrap();
    let long_side = "more than 20000 pixels wide or high; make the image smaller";
    let cases: [(&str, Vec<u8>, &str); 14] = [
        (
            "text.png",
            b"I am no picture.".to_vec(),
            "not an image in PNG",
        ),
        ("empty.png", vec![], "there is no data in it"),
        (
            "cut.png",
            good[..good.len() / 2].to_vec(),
            "damaged or cut short",
        ),
        ("signature.png", good[..8].to_vec(), "damaged or cut short"),
        (
            "cut.jpg",
            jpeg[..jpeg.len() - 80].to_vec(),
            "damaged or cut short",
        ),
        ("blank.png", blank.into_inner(), "no digit found"),
        ("wide.png", png_header(30_000, 30_000), long_side),
        ("high.png", png_header(1, 20_001), long_side),
        ("bomb.bmp", bmp_header(30_000, 30_000), long_side),
        (
            "heavy.bmp",
            bmp_header(10_000, 10_000),
            "more than 256 MiB once decoded",
        ),
        ("nothing.png", png_header(0, 0), "damaged or cut short"),
        (
            "nothing.gif",
            b"GIF89a\0\0\0\0\x80\0\0\0\0\0\xFF\xFF\xFF,\0\0\0\0\0\0\0\0\0\x02\0;".to_vec(),
            "the image has no pixels",
        ),
        (
            "nothing.bmp",
            bmp_header(0, 0),
            "save the image as an ordinary PNG",
        ),
        (
            "scan.tif",
            b"II*\0\x08\0\0\0\0\0\0\0\0\0\0\0".to_vec(),
            "the file is TIFF; save the picture as PNG",
        ),
    ];
    for (name, bytes, message) in &cases {
        fs::write(folder.path().join(name), bytes).unwrap();
        let output = run(folder.path(), &[name]);
        let words = messages(&output);
        assert_eq!(output.status.code(), Some(2), "{name}: {words}");
        assert!(words.starts_with(&format!("error: `{name}`: ")), "{words}");
        assert!(words.contains(message), "{words}");
        assert_eq!(words.lines().count(), 1, "{words}");
        assert_eq!(output.stdout, b"\n", "{name}");
    }
    let output = run(folder.path(), &["folder.png"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(messages(&output).starts_with("error: `folder.png`: this is a folder"));
}

#[cfg(unix)]
#[test]
fn endless_input_is_refused() {
    let folder = folder();
    let endless = || fs::File::open("/dev/zero").unwrap();
    let output = program(folder.path()).arg("-").stdin(endless()).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        messages(&output),
        "error: standard input: more than 64 MiB of data; give a smaller image\n"
    );
    let output = run(folder.path(), &["/dev/zero"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = folder();
    let mut child = program(folder.path())
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Gone before the program has anything to say.
    drop(child.stdout.take());
    let picture = fs::read(folder.path().join("1.png")).unwrap();
    child.stdin.take().unwrap().write_all(&picture).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(messages(&output), "");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_an_internal_failure() {
    let folder = folder();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = program(folder.path()).arg("1.png").stdout(full).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let message = "error: cannot write to standard output: ";
    assert!(
        messages(&output).starts_with(message),
        "{}",
        messages(&output)
    );
}

#[test]
fn the_preview_is_written() {
    let folder = folder();
    let output = run(folder.path(), &["--preview", "seen.png", "1.png"]);
    assert_eq!(output.status.code(), Some(0));
    let preview = image::open(folder.path().join("seen.png"))
        .unwrap()
        .into_luma8();
    assert_eq!(preview.dimensions(), (280, 280));
    for (index, value) in lines(&output)[0].iter().enumerate() {
        let (x, y) = (index % 28 * 10 + 5, index / 28 * 10 + 5);
        assert_eq!(
            f32::from(preview.get_pixel(x as u32, y as u32).0[0]),
            *value
        );
    }

    let output = run(folder.path(), &["--preview", "none/seen.png", "1.png"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(messages(&output).starts_with("error: cannot write the preview `none/seen.png`: "));
    assert_eq!(lines(&output)[0].len(), NUMBERS);
}

#[test]
fn each_digit_gets_a_line_and_an_image() {
    let folder = folder();
    let two = GrayImage::from_fn(240, 100, |x, y| match (x, y) {
        (30..42, 10..80) | (150..154, 20..90) => Luma([20]),
        _ => Luma([250]),
    });
    two.save(folder.path().join("11.png")).unwrap();
    let output = run(folder.path(), &["11.png"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        messages(&output),
        "error: `11.png`: 2 digits found, expected one; cut the picture, or use --each for a line \
         for each digit\n"
    );
    let arguments = [
        "--each",
        "--preview",
        "seen.png",
        "--save",
        "ones/1",
        "11.png",
    ];
    let output = run(folder.path(), &arguments);
    assert_eq!((messages(&output), output.status.code()), ("", Some(0)));
    let lines = lines(&output);
    assert_eq!(lines.len(), 2);
    let open = |name: &str| image::open(folder.path().join(name)).unwrap().into_luma8();
    assert_eq!(open("seen.png").dimensions(), (560, 280));
    for (line, name) in lines.iter().zip(["ones/1/11.png", "ones/1/11-2.png"]) {
        let pixels: Vec<f32> = open(name).as_raw().iter().copied().map(f32::from).collect();
        assert_eq!(*line, pixels, "{name}");
    }
}

#[test]
fn bad_usage_is_refused() {
    let folder = folder();
    let before = fs::read(folder.path().join("1.png")).unwrap();
    for (arguments, message) in [
        (&[][..], "<IMAGE>"),
        (&["--invert", "--no-invert", "1.png"], "cannot be used with"),
        (&["--preview", "p.png", "1.png", "1.png"], "single image"),
        (&["--preview", "1.png", "1.png"], "would overwrite"),
        (&["--sharpen", "1.png"], "--sharpen"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(messages(&output).contains(message), "{}", messages(&output));
        assert_eq!(output.stdout, b"");
    }
    assert_eq!(fs::read(folder.path().join("1.png")).unwrap(), before);
}

#[test]
fn detection_can_be_overridden() {
    let folder = folder();
    let detected = run(folder.path(), &["1.png"]).stdout;
    assert_eq!(run(folder.path(), &["--invert", "1.png"]).stdout, detected);
    let output = run(folder.path(), &["--no-invert", "1.png"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(messages(&output).contains("no digit found"));
}

#[test]
fn help_has_examples() {
    let folder = folder();
    let output = run(folder.path(), &["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = str::from_utf8(&output.stdout).unwrap();
    for part in [
        "Usage: convert-image [OPTIONS] <IMAGE>...",
        "Examples:",
        "convert-image 4.png | wasmtime mnist-inference.wasm -",
        "wasmtime mnist-inference.wasm \"$(convert-image 4.png)\"",
        "10x10",
        "Exit codes:",
    ] {
        assert!(help.contains(part), "{part}");
    }
}
