//! Puts the parts of strokes together to digits.

use crate::components::{Bounds, Component};

/// A part with less than this share of the largest one's mass is a speck.
const SPECK: f32 = 0.02;

/// So is one of less than this share that is far away: further than [`FAR`] times the longer side
/// of the largest one. The stroke over a 5 may be small, but it is near.
const DISTANT_SPECK: f32 = 0.2;

/// See [`DISTANT_SPECK`].
const FAR: f32 = 0.25;

/// A part that is at least this share as high as the highest one may be a digit of its own.
const OWN: f32 = 0.5;

/// And this share of the greatest mass: the thinnest 1 beside the fattest 8.
const OWN_MASS: f32 = 0.08;

/// Parts that are no further apart than this share of the longest one's longer side are of one
/// digit, as a pencil leaves gaps.
const GAP: f32 = 0.025;

/// So are parts that lie above each other for this share of the narrower one's width and beside
/// each other for this share of the lower one's height, as the strokes of a 4.
const OVERLAP: f32 = 0.3;

/// Part of a digit's height by which the middles of two digits of one row may differ.
const ROW: f32 = 0.5;

/// The digits that `components` are parts of, in reading order, each with its parts. Specks are in
/// none. The components come with the one of the greatest mass first.
pub fn digits(components: Vec<Component>) -> Vec<Vec<Component>> {
    let Some(largest) = components.first() else {
        return Vec::new();
    };
    let heaviest = largest.mass;
    let longest = largest.bounds.longer() as f32;
    let large: Vec<Component> = (components.into_iter())
        .filter(|component| component.mass >= SPECK * heaviest)
        .collect();
    let mut parts: Vec<Vec<Component>> = Vec::new();
    for component in large {
        join(&mut parts, vec![component], |a, b| {
            let (a, b) = (bounds(a), bounds(b));
            (a.gap(b) as f32) <= GAP * longest || overlap(a, b)
        });
    }
    let highest = parts.iter().map(|part| bounds(part).height()).max();
    let highest = highest.unwrap_or(0) as f32;
    let is_own = |part: &Vec<Component>| {
        bounds(part).height() as f32 >= OWN * highest && mass(part) >= OWN_MASS * heaviest
    };
    let (mut digits, small): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_own);
    for part in small {
        let here = bounds(&part);
        let nearest = (digits.iter_mut()).min_by_key(|digit| bounds(digit).gap(here));
        if let Some(digit) = nearest {
            let whole = bounds(digit);
            let far = whole.gap(here) as f32 > FAR * whole.longer() as f32;
            if !far || mass(&part) >= DISTANT_SPECK * mass(digit) {
                digit.extend(part);
            }
        }
    }
    in_reading_order(digits)
}

/// The smallest rectangle around all parts.
pub fn bounds(parts: &[Component]) -> Bounds {
    (parts.iter().map(|part| part.bounds))
        .reduce(Bounds::with)
        .unwrap_or(Bounds::NOTHING)
}

fn mass(parts: &[Component]) -> f32 {
    parts.iter().map(|part| part.mass).sum()
}

/// Adds `part` to `parts`, as one with all those that it belongs to.
fn join(
    parts: &mut Vec<Vec<Component>>,
    mut part: Vec<Component>,
    belong: impl Fn(&[Component], &[Component]) -> bool,
) {
    while let Some(index) = parts.iter().position(|other| belong(other, &part)) {
        part.extend(parts.swap_remove(index));
    }
    parts.push(part);
}

fn overlap(a: Bounds, b: Bounds) -> bool {
    let common = |from: usize, to: usize| (to + 1).saturating_sub(from) as f32;
    let across = common(a.left.max(b.left), a.right.min(b.right));
    let down = common(a.top.max(b.top), a.bottom.min(b.bottom));
    across >= OVERLAP * a.width().min(b.width()) as f32
        && down >= OVERLAP * a.height().min(b.height()) as f32
}

fn in_reading_order(mut digits: Vec<Vec<Component>>) -> Vec<Vec<Component>> {
    let middle = |digit: &[Component]| bounds(digit).top + bounds(digit).bottom;
    digits.sort_by_key(|digit| middle(digit));
    let mut rows: Vec<Vec<Vec<Component>>> = Vec::new();
    for digit in digits {
        let same_row = |row: &Vec<Vec<Component>>| {
            row.first().is_some_and(|first| {
                let height = bounds(first).height().max(bounds(&digit).height()) as f32;
                middle(first).abs_diff(middle(&digit)) as f32 <= 2.0 * ROW * height
            })
        };
        match rows.last_mut().filter(|row| same_row(row)) {
            Some(row) => row.push(digit),
            None => rows.push(vec![digit]),
        }
    }
    for row in &mut rows {
        row.sort_by_key(|digit| bounds(digit).left);
    }
    rows.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part with ink all over its bounds: left, top, right, bottom.
    fn part([left, top, right, bottom]: [usize; 4]) -> Component {
        let bounds = Bounds {
            left,
            top,
            right,
            bottom,
        };
        let pixels: Vec<_> = (top..=bottom)
            .flat_map(|y| (left..=right).map(move |x| y * 1000 + x))
            .collect();
        Component {
            mass: pixels.len() as f32,
            pixels,
            bounds,
        }
    }

    fn found(parts: &[[usize; 4]]) -> Vec<[usize; 4]> {
        let mut parts: Vec<_> = parts.iter().copied().map(part).collect();
        parts.sort_by(|a, b| b.mass.total_cmp(&a.mass));
        let digits = digits(parts);
        digits
            .iter()
            .map(|digit| {
                let whole = bounds(digit);
                [whole.left, whole.top, whole.right, whole.bottom]
            })
            .collect()
    }

    #[test]
    fn digits_of_two_strokes_are_one() {
        for (strokes, whole) in [
            // The stroke over a 5, not quite touching.
            ([[20, 30, 60, 100], [22, 20, 65, 26]], [20, 20, 65, 100]),
            // The bar of a 7.
            ([[20, 20, 60, 100], [25, 58, 62, 62]], [20, 20, 62, 100]),
            // The upright of a 4, which crosses the rest.
            ([[20, 20, 60, 75], [45, 30, 50, 100]], [20, 20, 60, 100]),
            // Two rings of an 8.
            ([[20, 20, 60, 58], [18, 60, 62, 100]], [18, 20, 62, 100]),
        ] {
            assert_eq!(found(&strokes), [whole]);
        }
    }

    #[test]
    fn digits_beside_each_other_are_read_row_by_row() {
        let digits = [
            [10, 10, 50, 90],
            [60, 14, 64, 95],
            [80, 5, 120, 85],
            [12, 120, 52, 200],
            [70, 116, 110, 190],
        ];
        let mut shuffled = digits;
        shuffled.reverse();
        shuffled.swap(0, 2);
        assert_eq!(found(&shuffled), digits);
    }

    #[test]
    fn captions_and_dust_are_no_digits() {
        let digit = [100, 100, 200, 300];
        let caption = [[10, 10, 18, 20], [22, 10, 30, 20], [34, 10, 42, 20]];
        let dust = [[120, 330, 122, 332], [400, 400, 403, 403]];
        let all = [&[digit][..], &caption, &dust].concat();
        assert_eq!(found(&all), [digit]);
    }
}
