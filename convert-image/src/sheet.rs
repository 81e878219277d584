//! Finds the sheet of paper, or the canvas, in a picture that shows more than that: the table around
//! a sheet, a strip at an edge, the program around a canvas, a box drawn around a digit.

use image::{GrayImage, Luma};
use imageproc::geometry::{contour_area, convex_hull, min_area_rect};
use imageproc::point::Point;
use imageproc::region_labelling::Connectivity;

use crate::components::{Component, Labels};
use crate::grey::Grey;
use crate::quantile::quantile;

/// Longest side of the copy on which sheets are sought, in pixels.
const COARSE_SIDE: usize = 192;

/// Longer side of the smallest picture in which a sheet is sought, in pixels.
const LEAST_SIDE: usize = 64;

/// Number of grey levels at which the picture is parted into light and dark.
const LEVELS: usize = 20;

/// Share of the pixels that are passed over at both ends of the grey levels.
const EXTREME: f32 = 0.005;

/// At how many levels a sheet has to be seen in the same place: its edge is a step. Where the light
/// on paper falls off slowly, or the edge of a stroke is soft, each level gives another region.
const SEEN: usize = 7;

/// Least area of a sheet, as a share of the picture, and its largest.
const AREA: (f64, f64) = (0.06, 0.97);

/// Least share of the rectangle around a sheet that its outline fills. Of an ellipse it is 0.79, of
/// a thick 8 it is 0.9.
const RECTANGULAR: f64 = 0.92;

/// Least share of the outline's area that is paper and not ink.
const PAPER: f64 = 0.65;

/// Least side of a sheet, as a share of the picture's side, and of what is written on it, as a
/// share of the sheet's shorter side.
const SIDE: (f64, f64) = (0.25, 0.08);

/// How far the sheet's edge is kept away from, in pixels of the coarse copy.
const MARGIN: usize = 2;

/// Sheets within sheets that are looked for: a canvas on a screen that lies on a table.
const DEPTH: usize = 3;

/// The innermost sheet of `grey` that has something written on it, cut out; `grey` itself if it has
/// none. Pixels of a cut-out that are not of the sheet are those of its edge in the same row.
pub fn innermost(mut grey: Grey) -> Grey {
    for _ in 0..DEPTH {
        match find(&grey) {
            Some(sheet) => grey = sheet,
            None => break,
        }
    }
    grey
}

/// A region that may be a sheet, on the coarse copy.
#[derive(Debug, Clone)]
struct Region {
    /// First row.
    top: usize,
    /// First and last column of each row of its convex hull.
    rows: Vec<(usize, usize)>,
    /// Longer side of the largest thing written on it, in pixels.
    content: usize,
}

impl Region {
    /// The smallest rectangle around it: left, top, right, bottom.
    fn bounds(&self) -> [usize; 4] {
        let left = self.rows.iter().map(|row| row.0).min().unwrap_or(0);
        let right = self.rows.iter().map(|row| row.1).max().unwrap_or(0);
        [left, self.top, right, self.top + self.rows.len() - 1]
    }

    /// Whether both are the same sheet, seen at two levels.
    fn is_close_to(&self, other: &Self) -> bool {
        let sides = self.bounds().into_iter().zip(other.bounds());
        sides.into_iter().all(|(a, b)| a.abs_diff(b) <= MARGIN)
    }
}

fn find(grey: &Grey) -> Option<Grey> {
    if grey.width().max(grey.height()) < LEAST_SIDE {
        return None;
    }
    let factor = (grey.width().max(grey.height()).div_ceil(COARSE_SIDE)).max(1);
    let coarse = grey.shrunk(factor);
    let [darkest, lightest] =
        [EXTREME, 1.0 - EXTREME].map(|share| quantile(coarse.pixels().to_vec(), share));
    let mut seen: Vec<(Region, usize)> = Vec::new();
    for step in 1..LEVELS {
        let level = darkest + (lightest - darkest) * step as f32 / LEVELS as f32;
        for light in [true, false] {
            for region in regions(&coarse, |pixel| (pixel >= level) == light) {
                match seen
                    .iter_mut()
                    .find(|(known, _)| known.is_close_to(&region))
                {
                    Some((known, times)) => {
                        *times += 1;
                        if region.content > known.content {
                            *known = region;
                        }
                    }
                    None => seen.push((region, 1)),
                }
            }
        }
    }
    let sheets = seen.iter().filter(|(region, times)| {
        let [left, top, right, bottom] = region.bounds();
        let shorter = (right - left).min(bottom - top) + 1;
        *times >= SEEN && region.content as f64 >= SIDE.1 * shorter as f64
    });
    let (sheet, _) = sheets.max_by_key(|(region, _)| region.content)?;
    cut_out(grey, sheet, factor)
}

/// The regions of pixels of one class that may be sheets.
fn regions(coarse: &Grey, is_paper: impl Fn(f32) -> bool) -> Vec<Region> {
    let (width, height) = (coarse.width(), coarse.height());
    let mask = |wanted: bool| {
        GrayImage::from_fn(width as u32, height as u32, |x, y| {
            let paper = is_paper(coarse.at(x as usize, y as usize));
            Luma([u8::from(paper == wanted)])
        })
    };
    let picture = (width * height) as f64;
    let candidates = Labels::new(&mask(true), Connectivity::Four).components(|_| 1.0);
    let mut found: Vec<(Region, Component)> = (candidates.into_iter())
        .filter(|component| {
            let bounds = component.bounds;
            component.pixels.len() as f64 >= AREA.0 * PAPER * picture
                && bounds.width() as f64 >= SIDE.0 * width as f64
                && bounds.height() as f64 >= SIDE.0 * height as f64
        })
        .filter_map(|component| Some((outline(&component, width, picture)?, component)))
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    // What is written on a sheet: enclosed by it, and so not at the border of the picture.
    for content in Labels::new(&mask(false), Connectivity::Eight).components(|_| 1.0) {
        let bounds = content.bounds;
        for (region, paper) in &mut found {
            let around = paper.bounds;
            let inside = around.left < bounds.left
                && around.top < bounds.top
                && bounds.right < around.right
                && bounds.bottom < around.bottom;
            let within = |pixel: &usize| {
                let (x, y) = (pixel % width, pixel / width);
                let row = y.checked_sub(region.top).and_then(|y| region.rows.get(y));
                row.is_some_and(|(left, right)| *left < x && x < *right)
            };
            if inside && content.pixels.iter().all(within) {
                region.content = region.content.max(bounds.longer());
            }
        }
    }
    found.into_iter().map(|(region, _)| region).collect()
}

/// The outline of a component in an image of that `width`, if it is that of a sheet.
fn outline(component: &Component, width: usize, picture: f64) -> Option<Region> {
    let bounds = component.bounds;
    let mut ends = vec![(usize::MAX, 0_usize); bounds.height()];
    for pixel in &component.pixels {
        let (x, y) = (pixel % width, pixel / width);
        if let Some((left, right)) = ends.get_mut(y - bounds.top) {
            (*left, *right) = ((*left).min(x), (*right).max(x));
        }
    }
    // The corners of the pixels, so that areas are those of whole pixels.
    let corners = ends.iter().enumerate().flat_map(|(y, (left, right))| {
        let (y, left, right) = ((bounds.top + y) as i32, *left as i32, *right as i32 + 1);
        [(left, y), (right, y), (left, y + 1), (right, y + 1)].map(|(x, y)| Point::new(x, y))
    });
    let hull = convex_hull(corners.collect::<Vec<_>>());
    let area = contour_area(&hull);
    let rectangle = contour_area(&min_area_rect(&hull));
    let is_sheet = area >= AREA.0 * picture
        && area <= AREA.1 * picture
        && area >= RECTANGULAR * rectangle
        && component.pixels.len() as f64 >= PAPER * area;
    is_sheet.then(|| Region {
        top: bounds.top,
        rows: convex_rows(&ends),
        content: 0,
    })
}

/// The ends of rows, widened so far that the shape is convex.
fn convex_rows(ends: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let points = ends.iter().enumerate().flat_map(|(y, (left, right))| {
        [(*left, y), (*right, y)].map(|(x, y)| Point::new(x as i32, y as i32))
    });
    let hull = convex_hull(points.collect::<Vec<_>>());
    let edges = hull.iter().zip(hull.iter().cycle().skip(1));
    let mut rows = ends.to_vec();
    for (from, to) in edges {
        let (from, to) = if from.y <= to.y {
            (from, to)
        } else {
            (to, from)
        };
        for y in from.y..=to.y {
            let share = f64::from(y - from.y) / f64::from((to.y - from.y).max(1));
            let x = (f64::from(from.x) + share * f64::from(to.x - from.x)).round() as usize;
            if let Some((left, right)) = rows.get_mut(y as usize) {
                (*left, *right) = ((*left).min(x), (*right).max(x));
            }
        }
    }
    rows
}

/// The part of `grey` that lies on the sheet and not at its edge.
fn cut_out(grey: &Grey, sheet: &Region, factor: usize) -> Option<Grey> {
    let inside = |rows: &[(usize, usize)]| {
        let left = rows.iter().map(|row| row.0).max()? + MARGIN;
        let right = rows.iter().map(|row| row.1).min()?.checked_sub(MARGIN)?;
        (left < right).then_some((left * factor, (right + 1) * factor - 1))
    };
    let windows = sheet.rows.windows(2 * MARGIN + 1).map(inside);
    // Rows that the margin leaves empty can only be the first and the last.
    let first = sheet.top + MARGIN + windows.clone().take_while(Option::is_none).count();
    let inner: Vec<(usize, usize)> = windows.flatten().collect();
    let left = inner.iter().map(|row| row.0).min()?;
    let right = inner.iter().map(|row| row.1).max()?.min(grey.width() - 1);
    let rows = (inner.len() * factor).min(grey.height() - first * factor);
    Some(Grey::from_fn(right + 1 - left, rows, |x, y| {
        let (from, to) = inner.get(y / factor).copied().unwrap_or((left, right));
        grey.at(
            (left + x).clamp(from, to.min(grey.width() - 1)),
            first * factor + y,
        )
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stroke on a sheet on a table, the sheet turned a little.
    fn photo(table: f32, sheet: f32, ink: f32) -> Grey {
        Grey::from_fn(400, 300, |x, y| {
            let (x, y) = (x as f32, y as f32);
            let (across, down) = (x + 0.1 * y, y - 0.1 * x);
            let on_sheet = (90.0..330.0).contains(&across) && (20.0..230.0).contains(&down);
            match (on_sheet, x, y) {
                (false, ..) => table,
                (_, 190.0..200.0, 100.0..190.0) => ink,
                _ => sheet,
            }
        })
    }

    #[test]
    fn a_sheet_is_cut_out_without_its_surroundings() {
        for (table, sheet, ink) in [
            (40.0, 230.0, 30.0),
            (230.0, 20.0, 240.0),
            (120.0, 240.0, 60.0),
        ] {
            let found = innermost(photo(table, sheet, ink));
            assert!(found.width() < 260 && found.height() < 260, "{table}");
            let levels = |level| found.pixels().iter().filter(|p| **p == level).count();
            assert_eq!(levels(table), 0, "{table}");
            assert_eq!(levels(ink), 10 * 90, "{table}");
        }
    }

    #[test]
    fn a_box_is_entered_and_a_page_stays() {
        let boxed = |drawn: bool| {
            Grey::from_fn(200, 200, |x, y| {
                let frame = (20..180).contains(&x) && (20..180).contains(&y);
                let inside = (24..176).contains(&x) && (24..176).contains(&y);
                match (drawn && frame && !inside, x, y) {
                    (true, ..) | (_, 95..105, 60..140) => 10.0,
                    _ => 250.0,
                }
            })
        };
        assert!(innermost(boxed(true)).width() < 152);
        assert_eq!(innermost(boxed(false)), boxed(false));
    }

    #[test]
    fn a_strip_that_is_all_edge_is_left() {
        // Three rows of the coarse copy, and something in the middle one.
        let strip = Grey::from_fn(1920, 40, |x, y| match (x, y) {
            (900..1000, 10..20) => 10.0,
            (0..1900, 0..30) => 240.0,
            _ => 60.0,
        });
        assert_eq!(innermost(strip.clone()), strip);
    }

    #[test]
    fn strokes_are_no_sheets() {
        let ring = Grey::from_fn(200, 200, |x, y| {
            let (x, y) = (x as f32 - 100.0, y as f32 - 100.0);
            let radius = (x * x + 1.4 * y * y).sqrt();
            if (30.0..80.0).contains(&radius) {
                240.0
            } else {
                10.0
            }
        });
        let stroke = Grey::from_fn(100, 100, |x, y| match (x, y) {
            (30..70, 10..90) => 230.0,
            _ => 20.0,
        });
        for image in [
            ring.clone(),
            ring.inverted(),
            stroke.clone(),
            stroke.inverted(),
        ] {
            assert_eq!(innermost(image.clone()), image);
        }
    }
}
