//! Whole data sets, in every form.

use std::format;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::string::{String, ToString};
use std::sync::Mutex;
use std::vec;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::jpeg::tests::encode_grey as encode_jpeg;
use super::png::tests::encode_grey;
use super::*;

/// Name of the environment variable with the folder of the published data sets.
const DATA: &str = "BURN_ALGORITHMS_DATA";

/// `count` images of each digit, mixed, no two the same in either part.
fn part(count: usize, seed: usize) -> Part {
    let rows = 0..10 * count;
    let image = |row: usize| -> Image {
        core::array::from_fn(|pixel| ((row * 7919 + pixel * (seed + row) + seed) % 256) as u8)
    };
    Part {
        images: rows.clone().map(image).collect(),
        labels: rows.map(|row| (row * 3 % 10) as u8).collect(),
    }
}

fn parts() -> [Part; 2] {
    [part(12, 5), part(10, 6)]
}

fn write(path: PathBuf, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn idx_bytes(header: &[u32], values: &[u8]) -> Vec<u8> {
    let header = header.iter().flat_map(|number| number.to_be_bytes());
    header.chain(values.iter().copied()).collect()
}

fn idx_folder(parts: &[Part; 2], packed: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (part, name) in parts.iter().zip(["train", "t10k"]) {
        let count = part.labels.len() as u32;
        let images = idx_bytes(&[0x803, count, 28, 28], part.images.as_flattened());
        let labels = idx_bytes(&[0x801, count], &part.labels);
        for (bytes, kind) in [(images, "images-idx3"), (labels, "labels-idx1")] {
            let path = folder.path().join(format!("{name}-{kind}-ubyte"));
            match packed {
                true => write(path.with_added_extension("gz"), &gzip(&bytes)),
                false => write(path, &bytes),
            }
        }
    }
    folder
}

fn tree_folder(parts: &[Part; 2]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (part, name) in parts.iter().zip(["train", "valid"]) {
        for (row, (image, label)) in part.images.iter().zip(&part.labels).enumerate() {
            let path = folder.path().join(format!("{name}/{label}/{row}.png"));
            write(path, &encode_grey(image));
        }
    }
    folder
}

fn load(folder: &TempDir) -> Result<Digits, DataError> {
    Digits::load(folder.path(), false, &|_, _| {})
}

/// The error for `folder`, without the folder's own path.
fn problem(folder: &TempDir) -> String {
    let error = load(folder).unwrap_err().to_string();
    error.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn every_form_gives_the_same_rows() {
    let parts = parts();
    let plain = load(&idx_folder(&parts, false)).unwrap();
    assert!(plain == load(&idx_folder(&parts, true)).unwrap());
    assert!(plain == load(&tree_folder(&parts)).unwrap());
    assert_eq!(
        (plain.images.len(), plain.labels.len(), plain.train),
        (220, 220, 120)
    );
}

#[test]
fn parts_are_sorted_and_digested() {
    let digits = load(&idx_folder(&parts(), false)).unwrap();
    let rows: Vec<_> = digits.labels.iter().zip(&digits.images).collect();
    let (train, test) = rows.split_at(120);
    assert!(train.is_sorted() && test.is_sorted());
    let mut bytes = Vec::new();
    for (rows, part) in [(train, part(12, 5)), (test, part(10, 6))] {
        let mut expected: Vec<_> = (part.labels.iter().map(|label| usize::from(*label)))
            .zip(part.images)
            .collect();
        expected.sort_unstable();
        assert!(rows.iter().map(|(l, i)| (**l, **i)).eq(expected));
        bytes.extend((rows.len() as u64).to_le_bytes());
        bytes.extend(rows.iter().map(|(label, _)| **label as u8));
        bytes.extend(rows.iter().flat_map(|(_, image)| **image));
    }
    assert_eq!(digits.sha256, hexadecimal(&Sha256::digest(bytes)));
    assert_eq!(hexadecimal(&[0x0f, 0xa0]), "0fa0");
}

#[test]
fn progress_is_told() {
    for (folder, steps) in [
        (idx_folder(&parts(), false), vec![0, 120, 220]),
        (tree_folder(&parts()), vec![0, 120, 220]),
        (
            tree_folder(&[part(120, 5), part(10, 6)]),
            vec![0, 1000, 1200, 1300],
        ),
    ] {
        let told = Mutex::new(Vec::new());
        Digits::load(folder.path(), false, &|done, total| {
            assert_eq!(Some(&total), steps.last());
            told.lock().unwrap().push(done);
        })
        .unwrap();
        assert_eq!(told.into_inner().unwrap(), steps);
    }
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let folder = idx_folder(&parts(), true);
    let labels = idx_bytes(&[0x801, 3], &[1, 2, 3]);
    write(folder.path().join("t10k-labels-idx1-ubyte.gz"), &labels);
    assert_eq!(
        load(&folder).unwrap_err().to_string(),
        format!(
            "`{0}/t10k-images-idx3-ubyte.gz`: 100 images, but `{0}/t10k-labels-idx1-ubyte.gz` has \
             3 labels",
            folder.path().display()
        )
    );
    // The packed files swapped.
    let images = folder.path().join("t10k-images-idx3-ubyte.gz");
    fs::copy(&images, folder.path().join("t10k-labels-idx1-ubyte.gz")).unwrap();
    assert_eq!(
        problem(&folder),
        "`t10k-labels-idx1-ubyte.gz`: holds images, but labels were expected; are two files \
         swapped?"
    );
}

#[test]
fn damaged_idx_files_are_named() {
    let folder = idx_folder(&parts(), true);
    let path = folder.path().join("train-images-idx3-ubyte.gz");
    let packed = fs::read(&path).unwrap();
    fs::write(&path, &packed[..packed.len() / 2]).unwrap();
    let message = problem(&folder);
    assert!(message.starts_with("`train-images-idx3-ubyte.gz`: is damaged ("));
    // Zeros pack well: a hundred kilobytes become a hundred megabytes.
    fs::write(&path, gzip(&vec![0; 100 << 20])).unwrap();
    assert_eq!(
        problem(&folder),
        "`train-images-idx3-ubyte.gz`: unpacks to more than 64 MiB"
    );
}

#[test]
fn a_digit_with_few_images_is_named() {
    let [mut train, mut test] = parts();
    test.labels[0] = 9;
    let folder = tree_folder(&[train, test]);
    assert!(
        problem(&folder)
            .ends_with("`: 9 images of a 0 in the test part; expected at least 10 of each digit")
    );
    [train, test] = parts();
    train
        .labels
        .iter_mut()
        .for_each(|label| *label = 9 - *label % 9);
    let folder = idx_folder(&[train, test], false);
    assert!(
        problem(&folder).ends_with(
            "`: 0 images of a 0 in the training part; expected at least 10 of each digit"
        )
    );
}

/// A table of each part, with a header if that is wanted.
fn table_folder(parts: &[Part; 2], header: bool) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (part, name) in parts.iter().zip(["mnist_train.csv", "mnist_test.csv"]) {
        let mut text = String::new();
        if header {
            text += "label";
            for pixel in 0..784 {
                text += &format!(",pixel{pixel}");
            }
            text += "\r\n";
        }
        for (label, image) in part.labels.iter().zip(&part.images) {
            text += &label.to_string();
            for pixel in image {
                text += &format!(",{pixel}");
            }
            text += "\n";
        }
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

#[test]
fn tables_are_read() {
    let parts = parts();
    let expected = load(&idx_folder(&parts, false)).unwrap();
    for header in [false, true] {
        assert!(load(&table_folder(&parts, header)).unwrap() == expected);
    }
    let folder = table_folder(&parts, true);
    let test = folder.path().join("mnist_test.csv");
    let row = |first: &str| [first, &",7".repeat(783)].concat();
    for (text, message) in [
        (
            row("7"),
            "784 values; expected a label and 784 pixels; Kaggle's test.csv has no labels and cannot be used",
        ),
        (
            row("7,a"),
            "pixel 0 is `a`; expected a whole number from 0 to 255",
        ),
        (row("12,0"), "the label is `12`; expected 0 to 9"),
        (
            "7;0;0".into(),
            "1 values; expected a label and 784 pixels, with commas between them",
        ),
    ] {
        fs::write(&test, [row("5,0"), text].join("\n")).unwrap();
        assert_eq!(
            problem(&folder),
            format!("`mnist_test.csv`, line 2: {message}")
        );
    }
    fs::remove_file(&test).unwrap();
    assert!(
        problem(&folder)
            .ends_with("mnist_train.csv is here; expected a table of the test part too")
    );
}

#[test]
fn images_are_transposed_on_request() {
    let folder = idx_folder(&parts(), false);
    let digits = load(&folder).unwrap();
    let turned = Digits::load(folder.path(), true, &|_, _| {}).unwrap();
    // The order of the images of a digit depends on their pixels.
    let first = transposed(&digits.images[0]);
    let same_label = |row: &usize| turned.labels[*row] == digits.labels[0];
    assert!(
        (0..turned.train)
            .filter(same_label)
            .any(|row| turned.images[row] == first)
    );
    assert_ne!(turned.sha256, digits.sha256);
}

#[test]
fn trees_of_jpeg_files_are_read() {
    let folder = tempfile::tempdir().unwrap();
    for (part, ending) in [("trainingSet", "jpg"), ("testSet", "JPEG")] {
        for digit in 0..10_u32 {
            for copy in 0..10 {
                let bytes = encode_jpeg(28, |x, _| if x == 2 * digit + 4 { 250 } else { copy });
                write(
                    folder
                        .path()
                        .join(format!("{part}/{digit}/{copy}.{ending}")),
                    &bytes,
                );
            }
        }
    }
    let digits = load(&folder).unwrap();
    assert_eq!((digits.train, digits.images.len()), (100, 200));
    for (label, image) in digits.labels.iter().zip(&digits.images) {
        assert!(image[2 * label + 4] > 200);
    }
}

#[test]
fn trees_of_other_things_are_described() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["train/seven/1.png", "test/7/1.png"] {
        write(folder.path().join(name), b"");
    }
    let expected = "expected a folder for each digit, 0 to 9, with the images in it";
    assert_eq!(
        problem(&folder),
        format!("`train`: found `seven`; {expected}")
    );
    write(folder.path().join("train/4_19.png"), b"");
    assert_eq!(
        problem(&folder),
        format!("`train`: found `4_19.png`; {expected}")
    );
}

#[test]
fn what_is_no_image_is_skipped() {
    let parts = parts();
    let folder = tree_folder(&parts);
    for name in [
        "train/3/.DS_Store",
        "train/3/._12.png",
        "train/3/Thumbs.db",
        "train/3/.png",
        "train/3/png",
        "train/README.txt",
        "train/10/1.png",
    ] {
        write(folder.path().join(name), b"no image");
    }
    let row = parts[1]
        .labels
        .iter()
        .position(|label| *label == 4)
        .unwrap();
    let test = folder.path().join("valid/4");
    fs::rename(
        test.join(format!("{row}.png")),
        test.join("in capitals.PNG"),
    )
    .unwrap();
    assert!(load(&folder).unwrap() == load(&idx_folder(&parts, false)).unwrap());
}

#[test]
fn the_first_bad_image_is_named() {
    let folder = tree_folder(&parts());
    let truncated = &encode_grey(&[7; 784])[..60];
    let huge = vec![0; (1 << 20) + 1];
    // Each comes before those above it.
    for (name, bytes, message) in [
        (
            "valid/0/1.png",
            truncated,
            "no readable PNG: unexpected end of file",
        ),
        (
            "train/5/x.png",
            b"a text",
            "no readable PNG: Invalid PNG signature.",
        ),
        ("train/5/a.png", &huge, "has more than 1 MiB"),
        (
            "train/2/z.png",
            &encode_grey(&[0; 784])[..20],
            "no readable PNG: unexpected end of file",
        ),
    ] {
        write(folder.path().join(name), bytes);
        for _ in 0..20 {
            assert_eq!(problem(&folder), format!("`{name}`: {message}"));
        }
    }
    fs::create_dir(folder.path().join("train/2/a.png")).unwrap();
    assert_eq!(problem(&folder), "`train/2/a.png`: is not a file");
}

#[test]
fn a_digit_without_files_is_named() {
    let folder = tree_folder(&parts());
    let zero = folder.path().join("valid/0");
    fs::remove_dir_all(&zero).unwrap();
    assert_eq!(
        problem(&folder),
        "`valid/0`: expected a folder of images of a 0"
    );
    write(zero.join("notes.txt"), b"to do");
    assert_eq!(
        problem(&folder),
        "`valid/0`: no .png or .jpg files in this folder"
    );
    fs::remove_dir_all(&zero).unwrap();
    write(zero, b"a file");
    assert!(problem(&folder).starts_with("cannot read the data in `valid/0`: "));
}

#[test]
fn the_published_data_has_its_known_statistics() {
    let Ok(data) = std::env::var(DATA) else {
        std::println!("skipped: {DATA} does not name a folder with the published data");
        return;
    };
    let digits = Digits::load(&Path::new(&data).join("mnist"), false, &|_, _| {}).unwrap();
    let (train, test) = digits.labels.split_at(digits.train);
    let counts = |labels: &[usize]| -> [usize; 10] {
        core::array::from_fn(|digit| labels.iter().filter(|label| **label == digit).count())
    };
    let expected = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    assert_eq!(counts(train), expected);
    let expected = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
    assert_eq!(counts(test), expected);
    let pixels = digits.images[..digits.train].as_flattened();
    let moment = |power: i32| -> f64 {
        let sum: f64 = (pixels.iter())
            .map(|p| (f64::from(*p) / 255.0).powi(power))
            .sum();
        sum / pixels.len() as f64
    };
    let mean = moment(1);
    let deviation = (moment(2) - mean * mean).sqrt();
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");
    assert!((deviation - 0.3081).abs() < 5e-5, "{deviation}");
    std::println!("SHA-256 {}", digits.sha256);
}
