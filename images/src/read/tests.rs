use super::*;
use image::codecs::gif::GifEncoder;
use image::{
    DynamicImage, Frame, GrayAlphaImage, GrayImage, ImageFormat, Luma, LumaA, Rgb, Rgb32FImage,
    RgbImage, Rgba, RgbaImage,
};
use std::fs::{self, File};
use tempfile::TempDir;

/// A folder with `count` grey pictures of 10 by 10 pixels in each of these folders.
fn folder(classes: &[&str], count: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, class) in classes.iter().enumerate() {
        let path = folder.path().join(class);
        fs::create_dir_all(&path).unwrap();
        for index in 0..count {
            let value = |x: u32, y: u32| (40 * number + index) as u8 + (x * y) as u8;
            let picture = GrayImage::from_fn(10, 10, |x, y| Luma([value(x, y)]));
            picture.save(path.join(format!("{index:02}.png"))).unwrap();
        }
    }
    folder
}

fn read(folder: &Path, options: &Options) -> Result<Pictures, String> {
    Pictures::read(folder, options, false, &|_, _| ()).map_err(|error| error.to_string())
}

#[test]
fn folders_are_classes_whatever_lies_beside_them() {
    let folder = folder(&["10", "9", "猫 & Hund"], 12);
    let inside = |name: &str| folder.path().join(name);
    for left_behind in ["9/.DS_Store", "9/Thumbs.db", "10/._00.png", "labels.csv"] {
        fs::write(inside(left_behind), b"no picture").unwrap();
    }
    fs::create_dir_all(inside("__MACOSX/9")).unwrap();
    fs::write(inside("__MACOSX/9/00.png"), b"no picture").unwrap();
    fs::create_dir_all(inside("empty")).unwrap();
    fs::create_dir_all(inside("9/more")).unwrap();
    fs::rename(inside("9/03.png"), inside("9/more/03.png")).unwrap();
    let pictures = read(folder.path(), &Options::default()).unwrap();
    assert_eq!(pictures.classes, ["9", "10", "猫 & Hund"]);
    let size = [pictures.width, pictures.height, pictures.channels];
    assert_eq!((pictures.len(), size), (36, [10, 10, 1]));
    assert_eq!(pictures.labels[11..13], [0, 1]);
    // The pixels are those of the file: class `10` was written first.
    let expected: Vec<u8> = (0..100).map(|i| (i % 10 * (i / 10)) as u8).collect();
    assert_eq!(pictures.picture(12), expected);
    assert!(pictures.notes[0].contains("36 pictures of 3 classes, seen as 10x10 pixels, grey"));
}

#[test]
fn parts_and_folders_around_are_found() {
    let folder = folder(
        &["data/Train/a", "data/Train/b", "data/val/a", "data/test/b"],
        12,
    );
    let pictures = read(folder.path(), &Options::default()).unwrap();
    assert_eq!(pictures.first_of_test, Some(36));
    assert_eq!(pictures.labels[..24], [0; 24]);
    assert_eq!(pictures.labels[36..], [1; 12]);
    let apart = Options {
        test: Some(folder.path().join("data/val")),
        ..Options::default()
    };
    let pictures = read(&folder.path().join("data/Train"), &apart).unwrap();
    assert_eq!((pictures.first_of_test, pictures.len()), (Some(24), 36));
}

#[test]
fn what_gives_no_classes_is_refused() {
    for (classes, expected) in [
        (&[][..], "no folder with pictures in it"),
        (&["only"], "only one class, `only`"),
        (
            &["train/a", "train/b", "test/c"],
            "the class `c` has no pictures to train on",
        ),
    ] {
        let folder = folder(classes, 12);
        let error = read(folder.path(), &Options::default()).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
    let few = folder(&["a", "b"], 3);
    let error = read(few.path(), &Options::default()).unwrap_err();
    assert!(error.contains("the class `a` has 3 pictures"), "{error}");
    let error = read(&few.path().join("a/00.png"), &Options::default()).unwrap_err();
    assert!(error.contains("is a file; expected a folder"), "{error}");
    let error = read(&few.path().join("nothing"), &Options::default()).unwrap_err();
    assert!(error.contains("nothing"), "{error}");
}

#[test]
fn broken_files_are_named_or_left_out() {
    let folder = folder(&["train/a", "train/b", "test/a"], 12);
    let whole = fs::read(folder.path().join("train/a/00.png")).unwrap();
    fs::write(folder.path().join("train/a/04.png"), &whole[..60]).unwrap();
    fs::write(folder.path().join("train/b/x.jpg"), b"").unwrap();
    fs::write(
        folder.path().join("train/b/y.heic"),
        b"\0\0\0\x18ftypheic\0\0\0\0",
    )
    .unwrap();
    let error = read(folder.path(), &Options::default()).unwrap_err();
    assert!(
        error.contains("04.png") && error.contains("--skip-broken"),
        "{error}"
    );
    let skip = Options {
        skip_broken: true,
        ..Options::default()
    };
    let pictures = read(folder.path(), &skip).unwrap();
    assert_eq!((pictures.len(), pictures.first_of_test), (35, Some(23)));
    let notes = pictures.notes.join("\n");
    for file in ["04.png", "x.jpg", "HEIC"] {
        assert!(notes.contains(file), "{notes}");
    }
}

#[test]
fn every_kind_of_picture_is_read() {
    let folder = folder(&["a", "b"], 12);
    let path = |name: &str| folder.path().join("a").join(name);
    RgbImage::from_pixel(1, 1, Rgb([200, 10, 10]))
        .save(path("tiny.bmp"))
        .unwrap();
    RgbImage::from_fn(3000, 2000, |x, _| Rgb([(x % 256) as u8, 0, 0]))
        .save(path("huge.jpg"))
        .unwrap();
    RgbaImage::from_pixel(20, 5, Rgba([0, 0, 250, 0]))
        .save(path("clear.png"))
        .unwrap();
    GrayAlphaImage::from_pixel(9, 30, LumaA([7, 255]))
        .save(path("alpha.webp"))
        .unwrap();
    let deep = Rgb32FImage::from_pixel(10, 10, Rgb([0.5, 0.25, 1.0]));
    let deep = DynamicImage::from(deep).into_rgb16();
    deep.save_with_format(path("deep.png"), ImageFormat::Png)
        .unwrap();
    let mut animated = GifEncoder::new(File::create(path("animated.gif")).unwrap());
    for value in [30, 200] {
        let picture = RgbaImage::from_pixel(12, 12, Rgba([value, 0, 0, 255]));
        animated.encode_frame(Frame::new(picture)).unwrap();
    }
    drop(animated);
    let pictures = read(folder.path(), &Options::default()).unwrap();
    let size = [pictures.width, pictures.height, pictures.channels];
    assert_eq!((pictures.len(), size), (30, [32, 32, 3]));
    // In the order of their names, after twelve that begin with digits.
    let middle = |row: usize| {
        let place = (16 * 32 + 16) * 3;
        [0, 1, 2].map(|channel| pictures.picture(row)[place + channel])
    };
    assert_eq!(middle(12), [7, 7, 7]);
    assert_eq!(middle(13), [30, 0, 0]);
    assert_eq!(middle(14), [255, 255, 255]);
    assert_eq!(middle(15), [128, 64, 255]);
    assert_eq!(middle(17), [200, 10, 10]);
}

#[test]
fn idx_files_are_read_and_turned() {
    let folder = tempfile::tempdir().unwrap();
    let images: Vec<u8> = [0, 0, 8, 3, 0, 0, 0, 24, 0, 0, 0, 8, 0, 0, 0, 9]
        .into_iter()
        .chain((0..24 * 72).map(|i| (i % 72) as u8))
        .collect();
    let labels: Vec<u8> = [0, 0, 8, 1, 0, 0, 0, 24]
        .into_iter()
        .chain((0..24).map(|i| 3 + 4 * (i % 2)))
        .collect();
    fs::write(folder.path().join("images-idx3-ubyte"), &images).unwrap();
    fs::write(folder.path().join("labels-idx1-ubyte"), &labels).unwrap();
    let read = |transposed| {
        Pictures::read(folder.path(), &Options::default(), transposed, &|_, _| ())
            .map_err(|error| error.to_string())
    };
    let pictures = read(false).unwrap();
    assert_eq!(pictures.classes, ["3", "7"]);
    assert_eq!([pictures.height, pictures.width], [8, 9]);
    assert_eq!(pictures.picture(5), (0..72).collect::<Vec<u8>>());
    let turned = read(true).unwrap();
    assert_eq!([turned.height, turned.width], [9, 8]);
    assert_eq!(turned.picture(5)[..3], [0, 9, 18]);
    let sized = Options {
        pixels: Some(16),
        ..Options::default()
    };
    let error = Pictures::read(folder.path(), &sized, false, &|_, _| ())
        .map_err(|error| error.to_string())
        .unwrap_err();
    assert!(error.contains("--pixels are for folders"), "{error}");
    fs::write(folder.path().join("labels-idx1-ubyte"), &labels[..31]).unwrap();
    let error = read(false).unwrap_err();
    assert!(
        error.contains("23 bytes after the header, which says 24"),
        "{error}"
    );
    fs::remove_file(folder.path().join("labels-idx1-ubyte")).unwrap();
    let error = read(false).unwrap_err();
    assert!(
        error.contains("1 IDX files of images and 0 of labels"),
        "{error}"
    );
}
