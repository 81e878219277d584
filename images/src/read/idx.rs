//! IDX files, the form of MNIST (<http://yann.lecun.com/exdb/mnist/>): a magic number that says the type and the number of
//! dimensions, the size of each, all big-endian, and then one byte a value. Gzipped or not.

use std::fs;
use std::path::{Path, PathBuf};

use datasets::{DataError, gzip};

use super::{Pictures, bad, unreadable};

/// Unsigned bytes in three dimensions: pictures, rows, columns.
const IMAGES: [u8; 4] = [0, 0, 8, 3];
/// Unsigned bytes in one dimension.
const LABELS: [u8; 4] = [0, 0, 8, 1];
/// Bytes that a file may unpack to.
const LIMIT: usize = 1 << 31;
/// Sides of a picture, at least and at most.
const SIDES: std::ops::RangeInclusive<usize> = 8..=128;

/// The files of a data set.
pub struct Files {
    /// Pictures and labels to train on.
    train: [PathBuf; 2],
    /// The same to test on, if they are apart.
    test: Option<[PathBuf; 2]>,
}

/// Finds IDX files in the folder `data`: by `images` and `labels` in their names, and, where there are several of each, by
/// `train` and `t10k` or `test`.
///
/// # Errors
///
/// If the folder cannot be listed, or it is not clear which files belong together.
pub fn find(data: &Path) -> Result<Option<Files>, DataError> {
    if !data.is_dir() {
        return Ok(None);
    }
    let mut found: [Vec<PathBuf>; 2] = [Vec::new(), Vec::new()];
    for entry in fs::read_dir(data).map_err(unreadable(data))? {
        let path = entry.map_err(unreadable(data))?.path();
        let name = name(&path);
        if !name.contains("ubyte") && !name.contains("idx") {
            continue;
        }
        if name.contains("images") {
            found[0].push(path);
        } else if name.contains("labels") {
            found[1].push(path);
        }
    }
    for paths in &mut found {
        paths.sort_unstable();
    }
    let is_test = |path: &&PathBuf| name(path).contains("t10k") || name(path).contains("test");
    let test = found
        .each_ref()
        .map(|paths| paths.iter().find(is_test).cloned());
    let train = found
        .each_ref()
        .map(|paths| paths.iter().find(|path| !is_test(path)).cloned());
    match (train, test, found.each_ref().map(Vec::len)) {
        (_, _, [0, 0]) => Ok(None),
        ([Some(images), Some(labels)], [None, None], [1, 1]) => Ok(Some(Files {
            train: [images, labels],
            test: None,
        })),
        ([Some(images), Some(labels)], [Some(test_images), Some(test_labels)], [2, 2]) => {
            Ok(Some(Files {
                train: [images, labels],
                test: Some([test_images, test_labels]),
            }))
        }
        (_, _, [images, labels]) => Err(bad(
            data,
            format!(
                "{images} IDX files of images and {labels} of labels; expected one of each, or one of each for training and for test"
            ),
        )),
    }
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase()
}

/// Reads `files`. Classes are called by their labels.
///
/// # Errors
///
/// If a file is no IDX file of images or labels, or they do not belong together.
pub fn read(files: &Files, transposed: bool) -> Result<Pictures, DataError> {
    let (mut pixels, size, mut labels) = part(&files.train)?;
    let mut first_of_test = None;
    if let Some(test) = &files.test {
        first_of_test = Some(labels.len());
        let (more, other, of_test) = part(test)?;
        if other != size {
            return Err(bad(
                &test[0],
                format!(
                    "pictures of {}x{} pixels; expected {}x{} as in `{}`",
                    other[1],
                    other[0],
                    size[1],
                    size[0],
                    files.train[0].display()
                ),
            ));
        }
        pixels.extend(more);
        labels.extend(of_test);
    }
    let [mut height, mut width] = size;
    if transposed {
        for picture in pixels.chunks_exact_mut(height * width) {
            let turned: Vec<u8> = (0..width)
                .flat_map(|x| picture.iter().skip(x).step_by(width).copied())
                .collect();
            picture.copy_from_slice(&turned);
        }
        (height, width) = (width, height);
    }
    let to_train = labels
        .get(..first_of_test.unwrap_or(labels.len()))
        .unwrap_or_default();
    let mut values = to_train.to_vec();
    values.sort_unstable();
    values.dedup();
    if values.len() < 2 {
        return Err(bad(
            &files.train[1],
            "labels of one class only; expected two or more",
        ));
    }
    let place = |label: &u8| values.binary_search(label).ok();
    let unknown = labels.iter().find(|label| place(label).is_none());
    if let (Some(label), Some([_, path])) = (unknown, &files.test) {
        return Err(bad(
            path,
            format!("the label {label} is not among those to train on"),
        ));
    }
    Ok(Pictures {
        height,
        width,
        channels: 1,
        pixels,
        classes: values.iter().map(u8::to_string).collect(),
        notes: vec![format!(
            "{} pictures of {} classes, seen as {width}x{height} pixels, grey",
            labels.len(),
            values.len()
        )],
        names: names(files, first_of_test, labels.len()),
        labels: labels.iter().filter_map(place).collect(),
        first_of_test,
    })
}

/// What the pictures are called: their file, and their number in it from 0.
fn names(files: &Files, first_of_test: Option<usize>, count: usize) -> Vec<String> {
    let first = first_of_test.unwrap_or(count);
    let in_file = |[images, _]: &[PathBuf; 2], count: usize| -> Vec<String> {
        let name = images.file_name().unwrap_or_default().to_string_lossy();
        (0..count)
            .map(|number| format!("{name}, number {number}"))
            .collect()
    };
    let mut names = in_file(&files.train, first);
    if let Some(test) = &files.test {
        names.extend(in_file(test, count - first));
    }
    names
}

/// The pixels of a part, height and width of its pictures, and their labels.
type Part = (Vec<u8>, [usize; 2], Vec<u8>);

fn part([images, labels]: &[PathBuf; 2]) -> Result<Part, DataError> {
    let (pixels, [count, height, width]) = values::<3>(images, IMAGES)?;
    let (labels_found, [labels_count]) = values::<1>(labels, LABELS)?;
    if count != labels_count {
        let problem = format!(
            "{labels_count} labels; expected {count}, one for each image in `{}`",
            images.display()
        );
        return Err(bad(labels, problem));
    }
    if !SIDES.contains(&height) || !SIDES.contains(&width) {
        let (least, most) = (SIDES.start(), SIDES.end());
        return Err(bad(
            images,
            format!("pictures of {width}x{height} pixels; expected sides of {least} to {most}"),
        ));
    }
    Ok((pixels, [height, width], labels_found))
}

/// The values of an IDX file, and its sizes.
fn values<const D: usize>(path: &Path, magic: [u8; 4]) -> Result<(Vec<u8>, [usize; D]), DataError> {
    let bytes = fs::read(path).map_err(unreadable(path))?;
    let bytes = gzip::unpack(bytes, LIMIT).map_err(|error| bad(path, error.to_string()))?;
    let Some(rest) = bytes.strip_prefix(&magic) else {
        let start: Vec<String> = bytes
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        return Err(bad(
            path,
            format!(
                "starts with `{}`; expected `{}`, an IDX file of bytes in {D} dimensions",
                start.join(" "),
                magic.map(|byte| format!("{byte:02x}")).join(" ")
            ),
        ));
    };
    let (sizes, _) = rest.as_chunks::<4>();
    let Some(sizes) = sizes.first_chunk::<D>() else {
        return Err(bad(path, "the header is cut off; get the file again"));
    };
    let sizes = sizes.map(|size| u32::from_be_bytes(size) as usize);
    let expected = sizes
        .iter()
        .try_fold(1_usize, |product, size| product.checked_mul(*size));
    let values = rest.get(4 * D..).unwrap_or_default();
    if expected != Some(values.len()) {
        return Err(bad(
            path,
            format!(
                "{} bytes after the header, which says {}; get the file again",
                values.len(),
                sizes.map(|size| size.to_string()).join(" x ")
            ),
        ));
    }
    Ok((values.to_vec(), sizes))
}
