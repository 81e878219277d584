//! Chooses the size at which pictures are seen.

/// The sides of pictures that are taken as they are, if all have one size.
const AS_THEY_ARE: std::ops::RangeInclusive<usize> = 8..=32;
/// Sides for a network, with how many pictures and how many pixels of most of them are worth it. Of a few pictures, networks
/// learn as much at 32 pixels as at 48, in half the time.
const SIDES: [Worth; 2] = [
    Worth {
        side: 64,
        pictures: 20_000,
        pixels: 57,
    },
    Worth {
        side: 48,
        pictures: 4000,
        pixels: 41,
    },
];
/// The side for all others.
const SMALL: usize = 32;

/// When a side is worth its time.
struct Worth {
    side: usize,
    /// Pictures, at least.
    pictures: usize,
    /// Longer side of the median picture, at least.
    pixels: usize,
}

/// Width and height for so many `pictures`, of which `sizes` are a sample. Pictures that are all of one small size are taken as
/// they are; others get a square.
#[must_use]
pub fn choose(sizes: &[[usize; 2]], pictures: usize) -> [usize; 2] {
    if let Some(first) = sizes.first()
        && sizes.iter().all(|size| size == first)
        && first.iter().all(|side| AS_THEY_ARE.contains(side))
    {
        return *first;
    }
    let mut longer: Vec<usize> = (sizes.iter())
        .map(|[width, height]| *width.max(height))
        .collect();
    longer.sort_unstable();
    let median = longer.get(longer.len() / 2).copied().unwrap_or(0);
    let is_worth = |worth: &&Worth| pictures >= worth.pictures && median >= worth.pixels;
    let side = SIDES
        .iter()
        .find(is_worth)
        .map_or(SMALL, |worth| worth.side);
    [side; 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_the_pictures() {
        for (sizes, pictures, expected) in [
            (vec![[28, 28]; 50], 70_000, [28, 28]),
            (vec![[30, 24]; 50], 50, [30, 24]),
            (vec![[4, 4]; 50], 50, [32, 32]),
            (vec![[48, 48]; 50], 50, [32, 32]),
            (vec![[48, 48]; 50], 5000, [48, 48]),
            (
                [vec![[28, 28]; 50], vec![[29, 28]; 10]].concat(),
                60,
                [32, 32],
            ),
            (vec![[640, 480]; 50], 30_000, [64, 64]),
            (vec![[640, 480]; 50], 5000, [48, 48]),
            (vec![[640, 480]; 50], 500, [32, 32]),
            (vec![], 30, [32, 32]),
        ] {
            assert_eq!(choose(&sizes, pictures), expected, "{:?}", sizes.first());
        }
    }
}
