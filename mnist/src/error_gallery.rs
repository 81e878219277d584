//! A contact sheet of the test digits that the network gets wrong.

use datasets::mnist::{DIGITS, Digits, Image, SIDE};
use images::page;
use training::TrainingError;

/// Most digits on the sheet, and how many of them lie side by side.
const MOST: usize = 60;
const ACROSS: usize = 10;
/// Pixels of the sheet to a pixel of a digit, and of the labels below.
const ZOOM: usize = 3;
const LABEL_ZOOM: usize = 2;
/// Size of a digit with its label, in pixels of the sheet.
const CELL: [usize; 2] = [SIDE * ZOOM + 12, SIDE * ZOOM + 24];
/// Numerals of three by five pixels; a row is three bits, the left one highest.
pub const NUMERALS: [[u8; 5]; 10] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 7, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 1, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
];
const ARROW: [u8; 5] = [4, 2, 1, 2, 4];
const PAPER: u8 = 255;
const TEXT: u8 = 0;

/// A wrong prediction.
struct Mistake<'a> {
    image: &'a Image,
    digit: usize,
    predicted: usize,
    /// Probability of the wrong digit.
    confidence: f64,
}

/// `errors.png`: the `test` images that `scores` gets most confidently wrong, the worst first, each
/// above the digit that it is and the one that was predicted.
///
/// # Errors
///
/// If the picture cannot be encoded.
pub fn errors(digits: &Digits, test: &[usize], scores: &[f32]) -> Result<Vec<u8>, TrainingError> {
    let mut mistakes: Vec<_> = (test.iter().zip(scores.chunks_exact(DIGITS.len())))
        .filter_map(|(row, scores)| {
            let predicted = kernels::argmax(scores);
            let digit = digits.labels[*row];
            (predicted != digit).then(|| Mistake {
                image: &digits.images[*row],
                digit,
                predicted,
                confidence: training::metrics::probability(scores, predicted),
            })
        })
        .collect();
    mistakes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    mistakes.truncate(MOST);

    let rows = mistakes.len().div_ceil(ACROSS).max(1);
    let (width, height) = (ACROSS * CELL[0], rows * CELL[1]);
    let mut sheet = Sheet {
        pixels: vec![PAPER; width * height],
        width,
    };
    for (place, mistake) in mistakes.iter().enumerate() {
        let (left, top) = (place % ACROSS * CELL[0] + 6, place / ACROSS * CELL[1] + 6);
        for (index, pixel) in mistake.image.iter().enumerate() {
            sheet.square(
                left + index % SIDE * ZOOM,
                top + index / SIDE * ZOOM,
                ZOOM,
                *pixel,
            );
        }
        let below = top + SIDE * ZOOM + 4;
        let glyphs = [NUMERALS[mistake.digit], ARROW, NUMERALS[mistake.predicted]];
        for (index, glyph) in glyphs.iter().enumerate() {
            sheet.glyph(left + SIDE * ZOOM / 2 - 11 + index * 8, below, *glyph);
        }
    }
    page::png([width, height], &sheet.pixels)
        .map_err(|error| TrainingError::Plot(format!("errors.png: {error}")))
}

struct Sheet {
    pixels: Vec<u8>,
    width: usize,
}

impl Sheet {
    fn square(&mut self, left: usize, top: usize, side: usize, value: u8) {
        for row in self
            .pixels
            .chunks_exact_mut(self.width)
            .skip(top)
            .take(side)
        {
            row[left..left + side].fill(value);
        }
    }

    fn glyph(&mut self, left: usize, top: usize, glyph: [u8; 5]) {
        for (y, row) in glyph.iter().enumerate() {
            for x in (0..3).filter(|x| row >> (2 - x) & 1 == 1) {
                let (left, top) = (left + x * LABEL_ZOOM, top + y * LABEL_ZOOM);
                self.square(left, top, LABEL_ZOOM, TEXT);
            }
        }
    }
}
