//! Finds out whether a mirrored picture is still of its class: so for photographs, and not so for letters.

use std::cmp::Ordering;

use burn_cpu_ops::parallel;
use rand::seq::index::sample;
use training::random::Random;

use crate::duplicates::thumbnail;
use crate::read::Pictures;

/// Pictures that are compared with each other, at most.
const MOST: usize = 1500;
/// Cells of a thumbnail across and down.
const CELLS: usize = 10;

/// Whether mirrored pictures help to recognise others, among the pictures `rows`.
///
/// Each picture of a sample takes the class of the one that is nearest to it (by the squared distance of their thumbnails),
/// once among the others as they are, and once among these and their mirror images. Mirroring helps if more pictures gain the
/// right class by it than lose it.
#[must_use]
pub fn helps(pictures: &Pictures, groups: &[usize], rows: &[usize], random: &mut Random) -> bool {
    let mut chosen = sample(random, rows.len(), MOST.min(rows.len())).into_vec();
    chosen.sort_unstable();
    let chosen: Vec<usize> = chosen
        .iter()
        .filter_map(|index| rows.get(*index))
        .copied()
        .collect();
    let seen: Vec<Seen> = (chosen.iter())
        .map(|row| {
            let thumbnail = thumbnail(pictures, *row, CELLS);
            Seen {
                class: pictures.labels.get(*row).copied().unwrap_or(0),
                group: groups.get(*row).copied().unwrap_or(*row),
                mirrored: mirrored(&thumbnail, pictures.channels),
                thumbnail,
            }
        })
        .collect();
    let change = parallel::map(seen.chunks(32), |part| {
        part.iter().map(|one| one.change(&seen)).sum::<i32>()
    });
    change.into_iter().sum::<i32>() > 0
}

/// A picture that is compared.
struct Seen {
    class: usize,
    group: usize,
    thumbnail: Vec<f32>,
    mirrored: Vec<f32>,
}

impl Seen {
    /// 1 if mirror images of `others` give it the right class and they themselves do not, −1 for the reverse, else 0.
    fn change(&self, others: &[Self]) -> i32 {
        let others = || others.iter().filter(|other| other.group != self.group);
        let plain =
            others().map(|other| (distance(&self.thumbnail, &other.thumbnail), other.class));
        let turned =
            others().map(|other| (distance(&self.thumbnail, &other.mirrored), other.class));
        let nearest = |a: &(f32, usize), b: &(f32, usize)| -> Ordering { a.0.total_cmp(&b.0) };
        let (Some(plain), Some(turned)) = (plain.min_by(nearest), turned.min_by(nearest)) else {
            return 0;
        };
        let is_right = |found: (f32, usize)| i32::from(found.1 == self.class);
        match turned.0 < plain.0 {
            true => is_right(turned) - is_right(plain),
            false => 0,
        }
    }
}

fn distance(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// A thumbnail with left and right exchanged.
fn mirrored(thumbnail: &[f32], channels: usize) -> Vec<f32> {
    let rows = thumbnail.chunks_exact(CELLS * channels);
    rows.flat_map(|row| row.chunks_exact(channels).rev())
        .flatten()
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::RngExt;
    use training::random::{Purpose, random};

    /// Pictures of 10 by 10 pixels with a bright corner: left or right at random, up for one class and down for the other, if
    /// the sides do not tell; otherwise left and right do.
    fn corners(sides_tell: bool) -> Pictures {
        let mut draws = random(3, Purpose::Weights);
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..60 {
            let [right, down]: [bool; 2] = [draws.random(), draws.random()];
            labels.push(usize::from(if sides_tell { right } else { down }));
            for (y, x) in (0..10).flat_map(|y| (0..10).map(move |x| (y, x))) {
                let bright = (x >= 5) == right && (y >= 5) == down;
                pixels.push(draws.random_range(0..100) + if bright { 80 } else { 0 });
            }
        }
        Pictures {
            height: 10,
            width: 10,
            channels: 1,
            pixels,
            labels,
            classes: vec!["a".into(), "b".into()],
            names: Vec::new(),
            first_of_test: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn what_sides_tell_is_not_mirrored() {
        let rows: Vec<usize> = (0..60).collect();
        let mut draws = random(1, Purpose::Weights);
        assert!(!helps(&corners(true), &rows, &rows, &mut draws));
    }

    #[test]
    fn a_thumbnail_is_mirrored_pixel_by_pixel() {
        let thumbnail: Vec<f32> = (0..CELLS * CELLS * 2).map(|i| i as f32).collect();
        let turned = mirrored(&thumbnail, 2);
        assert_eq!(turned[..4], [18.0, 19.0, 16.0, 17.0]);
        assert_eq!(mirrored(&turned, 2), thumbnail);
    }
}
