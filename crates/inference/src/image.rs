//! Reads a grey image: a JSON array of pixels.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt::{self, Write as _};

use thiserror::Error;

use crate::error::{Excerpt, Found, InputError};
use crate::input::Input;
use crate::json;
use crate::schema::Image;

/// What can be wrong with an image.
#[derive(Debug, Error)]
pub enum ImageError {
    /// JSON, but not an array.
    #[error("the input is {found}: expected {expected}")]
    NotAnArray {
        /// The value, as it stands in the input.
        found: Found,
        /// What one input is.
        expected: &'static str,
    },
    /// An image with too few pixels, or too many.
    #[error("{count} pixels: expected {}, or {height} rows of {width}", height * width)]
    WrongCount {
        /// Pixels that there are.
        count: usize,
        /// Rows that there should be.
        height: usize,
        /// Pixels that each should have.
        width: usize,
    },
    /// An image with too few rows, or too many.
    #[error("{rows} rows: expected {height} rows of {width} pixels")]
    WrongRows {
        /// Rows that there are.
        rows: usize,
        /// Rows that there should be.
        height: usize,
        /// Pixels that each should have.
        width: usize,
    },
    /// A row with too few pixels, or too many.
    #[error("row {row} has {count} pixels: expected {expected}")]
    WrongRow {
        /// The row, from 1.
        row: usize,
        /// Pixels that it has.
        count: usize,
        /// Pixels that it should have.
        expected: usize,
    },
    /// Something else where a row of pixels should be.
    #[error("row {row} is {found}: expected an array of pixels")]
    NotARow {
        /// The row, from 1.
        row: usize,
        /// The value, as it stands in the input.
        found: Found,
    },
    /// A pixel that is not a number.
    #[error("the pixel in {place} is {found}: expected a whole number from 0 to {maximum}")]
    NotAPixel {
        /// Where it is.
        place: PixelPlace,
        /// The value, as it stands in the input.
        found: Found,
        /// Largest value.
        maximum: u32,
    },
    /// A number that no pixel can be.
    #[error("the pixel in {place} is {found}: expected a whole number from 0 to {maximum}")]
    BadPixel {
        /// Where it is.
        place: PixelPlace,
        /// The value, as it stands in the input.
        found: Excerpt,
        /// Largest value.
        maximum: u32,
    },
}

impl From<ImageError> for InputError {
    fn from(error: ImageError) -> Self {
        // Boxed, so that a module without images has none of the messages in it.
        Self::Other(Box::new(error))
    }
}

/// Where a pixel is, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PixelPlace {
    /// From the top.
    pub row: usize,
    /// From the left.
    pub column: usize,
}

impl fmt::Display for PixelPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, column } = self;
        write!(f, "row {row}, column {column}")
    }
}

/// A JSON array of pixels, row by row: all in one, or an array for each row.
impl Input for Image {
    fn numbers(&self) -> usize {
        self.height * self.width
    }

    fn expected(&self) -> &'static str {
        "a JSON array of pixels"
    }

    fn are_many(&self, json: &str) -> bool {
        let mut first = None;
        // The walk is over after one item, which is not an error.
        let _ = json::items(json, &mut |item| {
            first = Some(item);
            Err(InputError::EmptyArray { expected: "" })
        });
        let Some(first) = first.filter(|item| item.starts_with('[')) else {
            return false;
        };
        // A row of pixels, or an image?
        let (mut count, mut nested) = (0, false);
        let _ = json::items(first, &mut |item| {
            count += 1;
            nested |= item.starts_with('[');
            Ok(())
        });
        nested || (count == self.numbers() && count != self.width)
    }

    fn read(&self, json: &str, row: &mut [f32]) -> Result<(), InputError> {
        let expected = self.expected();
        if !json.starts_with('[') {
            let found = Found::new(json);
            return Err(ImageError::NotAnArray { found, expected }.into());
        }
        let mut pixels = Pixels {
            image: self,
            row,
            count: 0,
        };
        let mut rows = 0;
        json::items(json, &mut |item| {
            if !item.starts_with('[') {
                if rows > 0 {
                    let found = Found::new(item);
                    return Err(ImageError::NotARow {
                        row: rows + 1,
                        found,
                    }
                    .into());
                }
                return pixels.push(item);
            }
            if rows == 0 && pixels.count > 0 {
                return pixels.push(item);
            }
            rows += 1;
            let before = pixels.count;
            json::items(item, &mut |item| pixels.push(item))?;
            match pixels.count - before {
                count if count == self.width => Ok(()),
                count => Err(ImageError::WrongRow {
                    row: rows,
                    count,
                    expected: self.width,
                }
                .into()),
            }
        })?;
        let count = pixels.count;
        match rows {
            0 if count != self.numbers() => Err(ImageError::WrongCount {
                count,
                height: self.height,
                width: self.width,
            }
            .into()),
            rows if rows != 0 && rows != self.height => Err(ImageError::WrongRows {
                rows,
                height: self.height,
                width: self.width,
            }
            .into()),
            _ => Ok(()),
        }
    }

    fn help(&self, output: &mut String) {
        let Self {
            height,
            width,
            maximum,
            unit,
            ..
        } = self;
        // Writing to a string does not fail.
        let _ = writeln!(
            output,
            "The pixels, row by row from the top: an array of {} whole numbers, or one of {height}\n\
             arrays of {width}. Each is from 0 to {maximum}: {unit}.",
            height * width
        );
    }
}

/// Pixels on their way into a row of numbers.
struct Pixels<'a> {
    image: &'a Image,
    row: &'a mut [f32],
    count: usize,
}

impl Pixels<'_> {
    /// Takes the next pixel; those beyond the last are counted.
    fn push(&mut self, json: &str) -> Result<(), InputError> {
        let Image { width, maximum, .. } = *self.image;
        let place = PixelPlace {
            row: self.count / width + 1,
            column: self.count % width + 1,
        };
        if !json::is_number(json) {
            return Err(ImageError::NotAPixel {
                place,
                found: Found::new(json),
                maximum,
            }
            .into());
        }
        let value = json::number(json).filter(|value| {
            // A conversion that saturates; it gives back what was a whole number in range.
            let whole = (*value as u32).min(maximum);
            whole as f32 == *value
        });
        let Some(value) = value else {
            return Err(ImageError::BadPixel {
                place,
                found: Excerpt::new(json),
                maximum,
            }
            .into());
        };
        if let Some(slot) = self.row.get_mut(self.count) {
            *slot = (self.image.scaled)(value);
        }
        self.count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    const IMAGE: Image = Image {
        height: 3,
        width: 2,
        maximum: 255,
        unit: "ink",
        scaled: |pixel| pixel / 2.0,
    };

    fn read(json: &str) -> Result<[f32; 6], String> {
        let mut row = [f32::NAN; 6];
        let json = json::value(json.as_bytes(), IMAGE.expected()).map_err(|e| e.to_string())?;
        (IMAGE.read(json, &mut row))
            .map(|()| row)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn images_are_flat_or_in_rows() {
        let expected = Ok([0.0, 127.5, 1.0, 0.5, 5.0, 0.0]);
        assert_eq!(read("[0, 255, 2.0, 1, 1e1, -0]"), expected);
        assert_eq!(read(" [[0, 255], [2.0, 1] , [10, 0.0]]"), expected);
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
            assert_eq!(IMAGE.are_many(json), many, "{json}");
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
