//! The connected parts of the ink.

use crate::grey::Grey;

/// A connected part: pixels that touch by a side or a corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// The pixels, as indices into [`Grey::pixels`].
    pub pixels: Vec<usize>,
    /// Sum of the pixels' values.
    pub mass: f32,
    /// Where they lie.
    pub bounds: Bounds,
}

/// A rectangle of pixels; all four are inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// First column.
    pub left: usize,
    /// First row.
    pub top: usize,
    /// Last column.
    pub right: usize,
    /// Last row.
    pub bottom: usize,
}

impl Bounds {
    fn of(x: usize, y: usize) -> Self {
        Self {
            left: x,
            top: y,
            right: x,
            bottom: y,
        }
    }

    /// The smallest rectangle with both in it.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Columns.
    pub fn width(self) -> usize {
        self.right - self.left + 1
    }

    /// Rows.
    pub fn height(self) -> usize {
        self.bottom - self.top + 1
    }

    /// The longer side, in pixels.
    pub fn longer(self) -> usize {
        self.width().max(self.height())
    }

    /// Columns or rows, whichever are more, between the two; 0 if they overlap.
    pub fn gap(self, other: Self) -> usize {
        let between = |end: usize, start: usize| start.saturating_sub(end + 1);
        between(self.right, other.left)
            .max(between(other.right, self.left))
            .max(between(self.bottom, other.top))
            .max(between(other.bottom, self.top))
    }
}

/// The connected parts of the pixels of `image` that are at least `threshold`, the one with the
/// greatest mass first.
pub fn components(image: &Grey, threshold: f32) -> Vec<Component> {
    let width = image.width();
    let values = image.pixels();
    let mut waiting: Vec<bool> = values.iter().map(|value| *value >= threshold).collect();
    let mut found = Vec::new();
    for start in 0..waiting.len() {
        if !take(&mut waiting, start) {
            continue;
        }
        let mut component = Component {
            pixels: vec![start],
            mass: 0.0,
            bounds: Bounds::of(start % width, start / width),
        };
        let mut next = 0;
        while let Some(index) = component.pixels.get(next).copied() {
            next += 1;
            component.mass += values.get(index).copied().unwrap_or(0.0);
            let (x, y) = (index % width, index / width);
            component.bounds = component.bounds.with(Bounds::of(x, y));
            for y in y.saturating_sub(1)..=y + 1 {
                for x in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    if take(&mut waiting, y * width + x) {
                        component.pixels.push(y * width + x);
                    }
                }
            }
        }
        found.push(component);
    }
    found.sort_by(|a, b| b.mass.total_cmp(&a.mass));
    found
}

/// Whether the pixel was still waiting; it is no more.
fn take(waiting: &mut [bool], index: usize) -> bool {
    waiting.get_mut(index).is_some_and(std::mem::take)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_connect_and_the_edges_of_the_image_do_not() {
        let rows = ["#....#", ".#...#", "......", "##...."];
        let image = Grey::from_fn(6, 4, |x, y| match rows[y].as_bytes()[x] {
            b'#' => 10.0 + y as f32,
            _ => 9.0,
        });
        let found = components(&image, 10.0);
        let pixels: Vec<_> = found.iter().map(|c| c.pixels.clone()).collect();
        assert_eq!(pixels, [vec![18, 19], vec![0, 7], vec![5, 11]]);
        assert_eq!(found[0].mass, 26.0);
        let bounds = Bounds {
            left: 0,
            top: 0,
            right: 1,
            bottom: 1,
        };
        assert_eq!(found[1].bounds, bounds);
        assert_eq!(bounds.gap(found[2].bounds), 3);
        assert_eq!(bounds.gap(found[0].bounds), 1);
        assert_eq!(bounds.with(found[2].bounds).longer(), 6);
    }
}
