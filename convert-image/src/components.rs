//! The connected parts of the ink.

use image::{GrayImage, Luma};
use imageproc::definitions::Image;
use imageproc::region_labelling::{Connectivity, connected_components};

use crate::grey::Grey;

/// A connected part of an image.
#[derive(Debug, Clone, PartialEq)]
pub struct Component {
    /// The pixels, as indices into [`Grey::pixels`].
    pub pixels: Vec<usize>,
    /// Sum of the pixels' values.
    pub mass: f32,
    /// Where they lie.
    pub bounds: Bounds,
}

impl Component {
    /// No pixel yet, with one to come.
    fn at(first: Bounds) -> Self {
        Self {
            pixels: Vec::new(),
            mass: 0.0,
            bounds: first,
        }
    }
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
    /// The first pixel alone, for want of any.
    pub const NOTHING: Self = Self {
        left: 0,
        top: 0,
        right: 0,
        bottom: 0,
    };

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

/// An image with its connected parts told apart.
#[derive(Debug, Clone)]
pub struct Labels {
    labels: Image<Luma<u32>>,
}

impl Labels {
    /// The connected parts of the pixels of `mask` that are not 0.
    pub fn new(mask: &GrayImage, connectivity: Connectivity) -> Self {
        Self {
            labels: connected_components(mask, connectivity, Luma([0])),
        }
    }

    /// All parts, the first by its first pixel first. `mass` gives the mass of a pixel by its index.
    pub fn components(&self, mass: impl Fn(usize) -> f32) -> Vec<Component> {
        let width = self.labels.width() as usize;
        let mut found: Vec<Component> = Vec::new();
        // The labels count from 1 in the order of the first pixels; 0 is none.
        for (index, Luma([label])) in self.labels.pixels().enumerate() {
            let Some(label) = (*label as usize).checked_sub(1) else {
                continue;
            };
            let here = Bounds::of(index % width, index / width);
            if label >= found.len() {
                found.resize(label + 1, Component::at(here));
            }
            if let Some(component) = found.get_mut(label) {
                component.pixels.push(index);
                component.mass += mass(index);
                component.bounds = component.bounds.with(here);
            }
        }
        found
    }
}

/// The connected parts of the pixels of `image` that are at least `threshold`, the one with the
/// greatest mass first.
pub fn components(image: &Grey, threshold: f32) -> Vec<Component> {
    let (width, height) = (image.width() as u32, image.height() as u32);
    let mask = GrayImage::from_fn(width, height, |x, y| {
        Luma([u8::from(image.at(x as usize, y as usize) >= threshold)])
    });
    let values = image.pixels();
    let mut found = Labels::new(&mask, Connectivity::Eight)
        .components(|index| values.get(index).copied().unwrap_or(0.0));
    found.sort_by(|a, b| b.mass.total_cmp(&a.mass));
    found
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
