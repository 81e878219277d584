//! Levels the light: a shadow on the paper, hard or soft, is no ink.

use std::collections::VecDeque;

use crate::background::LEAST_RANGE;
use crate::grey::Grey;
use crate::quantile::{median, range};

/// What is narrower than this share of the longer side may be ink; what is wider is the paper, the
/// shadow on it, or the table.
const WIDEST_STROKE: f32 = 1.0 / 3.0;

/// Share of the border that is passed over at both ends, and the range of grey levels beyond which
/// the light on the rest is uneven, as a share of the picture's.
const BORDER: (f32, f32) = (0.15, 0.15);

/// Whether there is a step or a slope of brightness at the border of the picture.
pub fn is_uneven(grey: &Grey) -> bool {
    range(&grey.border(), BORDER.0) > BORDER.1 * range(grey.pixels(), 0.0)
}

/// Takes away from `bright`, which has light ink on a dark background, whatever is wider than a
/// stroke, so that light on the paper and shadows have no effect.
///
/// The paper around ink is what a morphological opening leaves (J. Serra, "Image analysis and
/// mathematical morphology", 1982): of each pixel, the brightest of the squares around it that are
/// as dark as their darkest pixel. It keeps the place of a hard shadow's edge. Each pixel becomes
/// the share, times 255, of the way from there to white.
pub fn level(bright: &Grey) -> Grey {
    let longer = bright.width().max(bright.height());
    let radius = (WIDEST_STROKE * longer as f32 / 2.0).ceil() as usize;
    let smooth = smoothed(bright);
    let padded = padded(&smooth, 2 * radius);
    let paper = extreme(&extreme(&padded, radius, f32::min), radius, f32::max);
    // An opening is at most the image, so noise lifts all of the image above it.
    let above: Vec<f32> = (smooth.pixels().iter().zip(paper.pixels()))
        .map(|(pixel, paper)| pixel - paper)
        .collect();
    let offset = median(above);
    Grey::from_fn(bright.width(), bright.height(), |x, y| {
        let paper = paper.at(x, y) + offset;
        255.0 * (bright.at(x, y) - paper) / (255.0 - paper).max(LEAST_RANGE)
    })
}

/// Medians of three by three pixels: less noise, and edges stay where they are.
fn smoothed(grey: &Grey) -> Grey {
    let (right, bottom) = (grey.width() - 1, grey.height() - 1);
    Grey::from_fn(grey.width(), grey.height(), |x, y| {
        let columns = [x.saturating_sub(1), x, (x + 1).min(right)];
        let rows = [y.saturating_sub(1), y, (y + 1).min(bottom)];
        let mut around = [0.0; 9];
        for (value, index) in around.iter_mut().zip(0..) {
            let (column, row): (usize, usize) = (index % 3, index / 3);
            *value = grey.at(
                columns.get(column).copied().unwrap_or(x),
                rows.get(row).copied().unwrap_or(y),
            );
        }
        *around.select_nth_unstable_by(4, f32::total_cmp).1
    })
}

/// The image with `margin` pixels more on each side, where it goes on as it ends. So a shadow at the
/// border is as wide as one can be.
fn padded(grey: &Grey, margin: usize) -> Grey {
    let (width, height) = (grey.width(), grey.height());
    let inside = |place: usize, length: usize| place.saturating_sub(margin).min(length - 1);
    Grey::from_fn(width + 2 * margin, height + 2 * margin, |x, y| {
        grey.at(inside(x, width), inside(y, height))
    })
}

/// The extreme value, as `pick` chooses, of each square of `radius` that lies within the image.
fn extreme(grey: &Grey, radius: usize, pick: fn(f32, f32) -> f32) -> Grey {
    let rows: Vec<Vec<f32>> = (grey.pixels().chunks(grey.width().max(1)))
        .map(|row| extremes(row, radius, pick))
        .collect();
    let width = rows.first().map_or(0, Vec::len);
    let at = |rows: &[Vec<f32>], x: usize, y: usize| {
        let value = rows.get(y).and_then(|row| row.get(x));
        value.copied().unwrap_or(0.0)
    };
    let columns: Vec<Vec<f32>> = (0..width)
        .map(|x| {
            let column: Vec<f32> = (0..rows.len()).map(|y| at(&rows, x, y)).collect();
            extremes(&column, radius, pick)
        })
        .collect();
    let height = columns.first().map_or(0, Vec::len);
    Grey::from_fn(width, height, |x, y| at(&columns, y, x))
}

/// The extreme value of each window of `radius` that lies within the values, in constant time for
/// each: the queue holds those that may still be the extreme of a window, the best first.
fn extremes(values: &[f32], radius: usize, pick: fn(f32, f32) -> f32) -> Vec<f32> {
    let window = 2 * radius + 1;
    let mut queue: VecDeque<(usize, f32)> = VecDeque::new();
    let mut found = Vec::with_capacity(values.len());
    for (place, value) in values.iter().copied().enumerate() {
        while queue
            .back()
            .is_some_and(|back| pick(back.1, value) == value)
        {
            queue.pop_back();
        }
        queue.push_back((place, value));
        while queue.front().is_some_and(|front| front.0 + window <= place) {
            queue.pop_front();
        }
        if place + 1 >= window {
            found.extend(queue.front().map(|front| front.1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_are_those_of_a_loop() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        for radius in [0, 1, 3, 20] {
            for pick in [f32::min as fn(f32, f32) -> f32, f32::max] {
                let windows = values.windows(2 * radius + 1);
                let expected: Vec<f32> = windows
                    .map(|window| window.iter().copied().reduce(pick).unwrap())
                    .collect();
                assert_eq!(extremes(&values, radius, pick), expected, "{radius}");
            }
        }
    }

    #[test]
    fn a_hard_shadow_across_a_stroke_goes() {
        // The negative of paper with a stroke of a fifth of its brightness, half of it in shadow.
        let image = Grey::from_fn(300, 200, |x, y| {
            let light = if x + y / 3 > 170 { 220.0 } else { 90.0 };
            let stroke = (60..240).contains(&x) && (90..105).contains(&y);
            255.0 - light * if stroke { 0.2 } else { 1.0 }
        });
        assert!(is_uneven(&image));
        let levelled = level(&image);
        // The median rounds off the corners of the stroke and the stairs of the shadow.
        let wrong = levelled
            .pixels()
            .iter()
            .enumerate()
            .filter(|(index, pixel)| {
                let (x, y) = (index % 300, index / 300);
                let stroke = (60..240).contains(&x) && (90..105).contains(&y);
                let expected = if stroke { 204.0 } else { 0.0 };
                (*pixel - expected).abs() > 1.0
            });
        assert!(wrong.count() < 300, "of 60,000 pixels");
    }

    #[test]
    fn ink_is_no_uneven_light() {
        let across = Grey::from_fn(
            100,
            100,
            |x, _| if (45..55).contains(&x) { 30.0 } else { 240.0 },
        );
        assert!(!is_uneven(&across));
        let shadow = Grey::from_fn(100, 100, |x, _| if x < 45 { 130.0 } else { 240.0 });
        assert!(is_uneven(&shadow));
    }
}
