//! Reads an image: a JSON array of pixels.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use model::json::{self, Count, Plain, Shown};
use model::{Input, InputKind};

use super::{Kind, OpenNetwork, Reader};
use crate::answer::Remarks;
use crate::blend;
use crate::error::{Found, InputError, PixelPlace};
use crate::layers::{self, LayerKind};

/// Images: the pixels row by row, all in one array or an array for each row. A pixel of several
/// channels is as many numbers, or an array of them.
#[derive(Debug)]
pub struct Image;

impl Kind for Image {
    const INPUTS: &'static [InputKind] = &[InputKind::IMAGE];
    const LAYERS: &'static [&'static [LayerKind]] = &[layers::COMMON, layers::IMAGE];
    const OPEN: OpenNetwork = blend::open;

    fn reader(input: &Input) -> Option<&'static dyn Reader> {
        matches!(input, Input::Image(_)).then_some(&Self)
    }
}

impl Reader for Image {
    fn expected(&self) -> &'static str {
        "a JSON array of pixels"
    }

    fn is_batch(&self, input: &Input, json: &str) -> bool {
        let Input::Image(image) = input else {
            return false;
        };
        let Some(first) = json::items(json)
            .next()
            .filter(|item| item.starts_with('['))
        else {
            return false;
        };
        // The first row, its pixels if they are arrays, or the first image?
        let (mut count, mut inner) = (0, None);
        for item in json::items(first) {
            count += 1;
            inner = inner.or(item.starts_with('[').then_some(item));
        }
        match inner {
            None => count == image.numbers() && count != image.width * image.channels,
            Some(inner) => {
                let pixel = image.channels > 1
                    && count == image.width
                    && json::items(inner).count() == image.channels
                    && !json::items(inner).any(|item| item.starts_with('['));
                !pixel
            }
        }
    }

    fn read_frequent(&self, input: &Input, text: &str, numbers: &mut [f32]) -> bool {
        match input {
            Input::Image(image) => read_flat(image, text, numbers).is_some(),
            _ => false,
        }
    }

    fn read(
        &self,
        input: &Input,
        json: &str,
        numbers: &mut [f32],
        _: &mut Vec<String>,
        _: &mut Remarks,
    ) -> Result<(), InputError> {
        match input {
            Input::Image(image) => read(image, json, self.expected(), numbers),
            _ => Ok(()),
        }
    }

    fn describe(&self, input: &Input, output: &mut String) {
        let Input::Image(image) = input else {
            return;
        };
        let model::Image {
            height,
            width,
            channels,
            maximum,
            unit,
            ..
        } = image;
        output.push_str(&format!(
            "The pixels, row by row from the top: an array of {} whole numbers, or one of {}\n\
             arrays of {}. Each is from 0 to {}: {}.\n",
            Count(image.numbers()),
            Count(*height),
            Count(width * channels),
            Count(*maximum as usize),
            Shown(unit)
        ));
        if *channels > 1 {
            output.push_str(&format!(
                "A pixel is {0} numbers, or an array of {0}.
",
                Count(*channels)
            ));
        }
    }
}

/// Reads the numbers of one array; nothing if it is anything else.
fn read_flat(image: &model::Image, text: &str, numbers: &mut [f32]) -> Option<()> {
    let mut plain = Plain::new(text);
    let mut pixels = Pixels::new(image, numbers);
    let mut before = b'[';
    for _ in 0..image.numbers() {
        plain.byte(before)?;
        pixels.put(plain.number()?, Found::plain_numbers).ok()?;
        before = b',';
    }
    plain.byte(b']')?;
    plain.end()?;
    pixels.finish().ok()
}

fn read(
    image: &model::Image,
    json: &str,
    expected: &'static str,
    numbers: &mut [f32],
) -> Result<(), InputError> {
    if !json.starts_with('[') {
        let found = Found::new(json);
        return Err(InputError::WrongKind { found, expected });
    }
    let mut pixels = Pixels::new(image, numbers);
    let row_length = image.width * image.channels;
    let mut rows = 0;
    for item in json::items(json) {
        if !item.starts_with('[') {
            if rows > 0 {
                return Err(InputError::NotARow {
                    row: rows + 1,
                    found: Found::new(item),
                });
            }
            pixels.push(item)?;
            continue;
        }
        if rows == 0 && pixels.count > 0 {
            pixels.push(item)?;
            continue;
        }
        rows += 1;
        let before = pixels.count;
        for item in json::items(item) {
            match image.channels > 1 && item.starts_with('[') {
                true => json::items(item).try_for_each(|item| pixels.push(item))?,
                false => pixels.push(item)?,
            }
        }
        let count = pixels.count - before;
        if count != row_length {
            return Err(InputError::WrongRow {
                row: rows,
                count,
                expected: row_length,
            });
        }
    }
    let (count, height) = (pixels.count, image.height);
    let expected = |rows| match rows {
        0 => format!(
            "{}, or {} rows of {}",
            Count(image.numbers()),
            Count(height),
            Count(row_length)
        ),
        _ => format!("{} rows of {} pixels", Count(height), Count(row_length)),
    };
    match rows {
        0 if count != image.numbers() => Err(InputError::WrongCount {
            count,
            what: "pixels",
            expected: expected(0),
        }),
        rows if rows != 0 && rows != height => Err(InputError::WrongCount {
            count: rows,
            what: "rows",
            expected: expected(rows),
        }),
        _ => pixels.finish(),
    }
}

/// Pixels on their way to the network.
pub(super) struct Pixels<'a> {
    image: &'a model::Image,
    numbers: &'a mut [f32],
    count: usize,
    lowest: u32,
    highest: u32,
}

impl<'a> Pixels<'a> {
    pub(super) fn new(image: &'a model::Image, numbers: &'a mut [f32]) -> Self {
        Self {
            image,
            numbers,
            count: 0,
            lowest: u32::MAX,
            highest: 0,
        }
    }

    /// Takes the next number of an array.
    fn push(&mut self, json: &str) -> Result<(), InputError> {
        let number = json::number(json).filter(|_| json::is_number(json));
        self.put(number.unwrap_or(f32::NAN), || {
            Found::where_a_number_is_expected(json)
        })
    }

    /// Takes the next number, which `found` shows; those beyond the last are counted.
    pub(super) fn put(&mut self, value: f32, found: impl Fn() -> Found) -> Result<(), InputError> {
        let model::Image {
            width,
            channels,
            maximum,
            ..
        } = *self.image;
        // A conversion that saturates; it gives back what was a whole number in range.
        let whole = (value as u32).min(maximum);
        if whole as f32 != value {
            let pixel = self.count / channels;
            return Err(InputError::BadPixel {
                place: PixelPlace {
                    row: pixel / width + 1,
                    column: pixel % width + 1,
                },
                found: found(),
                maximum,
            });
        }
        self.lowest = self.lowest.min(whole);
        self.highest = self.highest.max(whole);
        if let Some(place) = self.numbers.get_mut(self.count) {
            *place = value;
        }
        self.count += 1;
        Ok(())
    }

    /// Scales all of them. Refuses an image that shows nothing, or was scaled before it was given.
    pub(super) fn finish(self) -> Result<(), InputError> {
        let maximum = self.image.maximum;
        if self.count > 1 && self.lowest >= self.highest {
            let value = self.highest;
            return Err(InputError::Blank { value });
        }
        if self.highest <= 1 && maximum > 1 {
            return Err(InputError::Binary { maximum });
        }
        let mut channel = 0;
        for number in self.numbers {
            *number = self.image.scale(*number, channel);
            channel += 1;
            if channel == self.image.channels {
                channel = 0;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    fn image(channels: usize) -> model::Image {
        model::Image {
            height: 3,
            width: 2,
            channels,
            maximum: 255,
            unit: "ink".into(),
            mean: vec![0.5, 0.0, 0.25][..channels].to_vec(),
            std_dev: vec![0.5, 1.0, 0.25][..channels].to_vec(),
        }
    }

    fn read_of(channels: usize, json: &str) -> Result<Vec<f32>, String> {
        let input = Input::Image(image(channels));
        let mut numbers = vec![f32::NAN; input.numbers()];
        (Image.read(
            &input,
            json,
            &mut numbers,
            &mut vec![],
            &mut Remarks::default(),
        ))
        .map(|()| numbers)
        .map_err(|error| error.to_string())
    }

    fn read(json: &str) -> Result<Vec<f32>, String> {
        read_of(1, json)
    }

    #[test]
    fn the_most_frequent_form_is_read_in_one_pass_and_alike() {
        let input = Input::Image(image(1));
        let frequent = |text: &str| {
            let mut numbers = vec![f32::NAN; input.numbers()];
            (Image.read_frequent(&input, text, &mut numbers)).then_some(numbers)
        };
        for text in [
            "[0, 255, 2, 1, 10, 0]",
            "[0,255,2,1,10,0]",
            " [0,  255,2,1,10,0]\n",
            "[0.0, 255.0, 2.0, 1.0, 10.00, 0.0]",
            "[0,255 , 2,1,10,-0]",
        ] {
            assert_eq!(frequent(text), Some(read(text.trim()).unwrap()));
        }
        let others = [
            "",
            "[",
            "[]",
            "[,]",
            "[1,2,3,4,5]",
            "[1,2,3,4,5,6,7]",
            "[1,2,3,4,5,]",
            "[01,2,3,4,5,6]",
            "[1,2,3,4,5,256]",
            "[1,2,3,4,5,6.5]",
            "[1,2,3,4,5,6e0]",
            "[1,2,3,4,5,6.]",
            "[1,2,3,4,5,-6]",
            "[1,2,3,4,5,99999999999]",
            "[1 2,3,4,5,6]",
            "[[1,2],[3,4],[5,6]]",
            "[7,7,7,7,7,7]",
            "[1,2,3,4,5,6]]",
            "[0,1,0,1,0,1]",
            "[1,2,3,4,5,6",
            "1,2,3,4,5,6",
        ];
        for text in others {
            assert_eq!(frequent(text), None, "{text}");
        }
    }

    #[test]
    fn images_are_flat_or_in_rows_and_scaled() {
        let scaled = |pixel: f32| (pixel / 255.0 - 0.5) / 0.5;
        let expected = [0.0, 255.0, 2.0, 1.0, 10.0, 0.0].map(scaled);
        assert_eq!((expected[0], expected[1]), (-1.0, 1.0));
        assert_eq!(read("[0, 255, 2.0, 1, 1e1, -0]").unwrap(), expected);
        let rows = "[[0, 255], [2.0, 1] , [10, 0.0]]";
        assert_eq!(read(rows).unwrap(), expected);
    }

    #[test]
    fn pixels_of_several_channels_are_scaled_each() {
        let pixel = |numbers: [f32; 3]| {
            let [red, green, blue] = numbers.map(|number| number / 255.0);
            [(red - 0.5) / 0.5, green, (blue - 0.25) / 0.25]
        };
        let expected = [
            pixel([1.0, 2.0, 3.0]),
            pixel([4.0, 5.0, 6.0]),
            pixel([7.0, 8.0, 9.0]),
            pixel([255.0, 0.0, 255.0]),
            pixel([0.0, 0.0, 0.0]),
            pixel([9.0, 9.0, 9.0]),
        ]
        .concat();
        for json in [
            "[1,2,3,4,5,6,7,8,9,255,0,255,0,0,0,9,9,9]",
            "[[1,2,3,4,5,6],[7,8,9,255,0,255],[0,0,0,9,9,9]]",
            "[[[1,2,3],[4,5,6]],[[7,8,9],[255,0,255]],[[0,0,0],[9,9,9]]]",
        ] {
            assert_eq!(read_of(3, json).unwrap(), expected, "{json}");
            let input = Input::Image(image(3));
            assert!(!Image.is_batch(&input, json), "{json}");
            assert!(Image.is_batch(&input, &format!("[{json}]")), "{json}");
        }
        let message = "the pixel in row 1, column 2 is 256: expected a whole number from 0 to 255";
        assert_eq!(read_of(3, "[1,2,3,4,256]"), Err(message.to_string()));
    }

    #[test]
    fn arrays_of_images_are_told_from_images() {
        for (json, many) in [
            ("[0, 255, 2, 1, 1, 0]", false),
            ("[[0, 255], [2, 1], [1, 0]]", false),
            ("[[0, 255, 3], [2, 1], [1, 0]]", false),
            ("[[0, 255, 2, 1, 1, 0]]", true),
            ("[[0, 255, 2, 1, 1, 0], 7]", true),
            ("[[[0, 255], [2, 1], [1, 0]]]", true),
            ("[]", false),
            ("[[]]", false),
            ("[\"[\"]", false),
        ] {
            let input = Input::Image(image(1));
            assert_eq!(Image.is_batch(&input, json), many, "{json}");
        }
    }

    #[test]
    fn every_error_says_where_and_what_was_expected() {
        for (json, message) in [
            (
                "{}",
                "the input is the object {}: expected a JSON array of pixels",
            ),
            (
                "7",
                "the input is the number 7: expected a JSON array of pixels",
            ),
            ("[]", "0 pixels: expected 6, or 3 rows of 2"),
            ("[1, 2, 3, 4, 5]", "5 pixels: expected 6, or 3 rows of 2"),
            (
                "[1, 2, 3, 4, 5, 6, 7]",
                "7 pixels: expected 6, or 3 rows of 2",
            ),
            (
                "[1, 2, 3, 4, 5, 256]",
                "the pixel in row 3, column 2 is 256: expected a whole number from 0 to 255",
            ),
            (
                "[1, -1]",
                "the pixel in row 1, column 2 is -1: expected a whole number from 0 to 255",
            ),
            (
                "[1, 2, 0.5]",
                "the pixel in row 2, column 1 is 0.5: expected a whole number from 0 to 255",
            ),
            (
                "[1, 1e999]",
                "the pixel in row 1, column 2 is 1e999: expected a whole number from 0 to 255",
            ),
            (
                "[1, 1e30]",
                "the pixel in row 1, column 2 is 1e30: expected a whole number from 0 to 255",
            ),
            (
                "[1, \"2\"]",
                "the pixel in row 1, column 2 is the string \"2\": expected a whole number from 0 to 255",
            ),
            (
                "[null]",
                "the pixel in row 1, column 1 is null: expected a whole number from 0 to 255",
            ),
            (
                "[1, [2]]",
                "the pixel in row 1, column 2 is the array [2]: expected a whole number from 0 to 255",
            ),
            ("[[1, 2], [3], [4, 5]]", "row 2 has 1 pixels: expected 2"),
            ("[[1, 2], [3, 4]]", "2 rows: expected 3 rows of 2 pixels"),
            (
                "[[1, 2], [3, 4], [5, 6], [7, 8]]",
                "4 rows: expected 3 rows of 2 pixels",
            ),
            (
                "[[1, 2], 3, [5, 6]]",
                "row 2 is the number 3: expected an array of pixels",
            ),
            (
                "[[1, 2], [3, [4]], [5, 6]]",
                "the pixel in row 2, column 2 is the array [4]: expected a whole number from 0 to 255",
            ),
        ] {
            assert_eq!(read(json), Err(message.to_string()), "{json}");
        }
    }
}
