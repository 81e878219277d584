//! Finds pictures that are (nearly) the same, such as copies and frames of a film: if one was learnt from, another is no test.

use std::collections::HashMap;

use crate::read::Pictures;

/// Cells of a thumbnail across and down.
const CELLS: usize = 6;
/// Values of a cell that count as one. Thumbnails are rounded twice, half of it apart, so that most pictures that differ by a
/// little agree once.
const LEVEL: usize = 16;

/// For each picture, the first one that it has to stay together with: itself, if there is none before it.
///
/// Pictures stay together whose thumbnails are the same, rounded one way or the other, directly or through others.
#[must_use]
pub fn groups(pictures: &Pictures) -> Vec<usize> {
    let mut groups: Vec<usize> = (0..pictures.len()).collect();
    for offset in [0, LEVEL / 2] {
        let mut seen: HashMap<Vec<u8>, usize> = HashMap::new();
        for row in 0..pictures.len() {
            let rounded = thumbnail(pictures, row, CELLS)
                .into_iter()
                .map(|mean| ((mean as usize + offset) / LEVEL) as u8)
                .collect();
            let first = *seen.entry(rounded).or_insert(row);
            join(&mut groups, first, row);
        }
    }
    (0..groups.len())
        .map(|row| first_of(&groups, row))
        .collect()
}

/// The mean of each channel over each of `cells` by `cells` parts of a picture, from 0 to 255.
#[must_use]
pub fn thumbnail(pictures: &Pictures, row: usize, cells: usize) -> Vec<f32> {
    let Pictures {
        height,
        width,
        channels,
        ..
    } = *pictures;
    let picture = pictures.picture(row);
    let part = |index: usize, length: usize| {
        let start = index * length / cells;
        start..((index + 1) * length / cells).max(start + 1)
    };
    let mut means = Vec::with_capacity(cells * cells * channels);
    for (down, across) in (0..cells).flat_map(|down| (0..cells).map(move |across| (down, across))) {
        let (rows, columns) = (part(down, height), part(across, width));
        let count = (rows.len() * columns.len()) as f32;
        for channel in 0..channels {
            let places = rows
                .clone()
                .flat_map(|y| columns.clone().map(move |x| y * width + x));
            let values = places.filter_map(|place| picture.get(place * channels + channel));
            means.push(values.map(|value| f32::from(*value)).sum::<f32>() / count);
        }
    }
    means
}

/// The first row of a group: rows point to rows before them, and the first to itself.
fn first_of(groups: &[usize], mut row: usize) -> usize {
    while let Some(before) = groups.get(row).filter(|before| **before != row) {
        row = *before;
    }
    row
}

fn join(groups: &mut [usize], one: usize, other: usize) {
    let (one, other) = (first_of(groups, one), first_of(groups, other));
    if let Some(group) = groups.get_mut(one.max(other)) {
        *group = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(all: &[[u8; 64]]) -> Pictures {
        Pictures {
            height: 8,
            width: 8,
            channels: 1,
            pixels: all.concat(),
            labels: vec![0; all.len()],
            classes: vec!["a".into()],
            names: Vec::new(),
            first_of_test: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn copies_and_near_copies_stay_together() {
        let gradient: [u8; 64] = core::array::from_fn(|i| (i * 3) as u8);
        let other: [u8; 64] = core::array::from_fn(|i| 255 - (i * 3) as u8);
        let mut near = gradient;
        near[20] += 1;
        assert_eq!(
            groups(&pictures(&[other, gradient, near, gradient])),
            [0, 1, 1, 1]
        );
    }

    #[test]
    fn a_row_of_neighbours_is_one_group() {
        // Each agrees with the next in one of the two roundings.
        let all = [[7; 64], [9; 64], [23; 64], [60; 64]];
        assert_eq!(groups(&pictures(&all)), [0, 0, 0, 3]);
    }
}
