//! Chooses the size at which pictures are seen.

/// Sides of pictures that are all of one size, up to which they are taken as they are.
const AS_THEY_ARE: usize = 48;
/// The smallest side of a picture for the network.
const LEAST: usize = 8;
/// Pictures from which larger ones are worth it.
const MANY: usize = 1000;

/// Width and height for pictures of which `sizes` are a sample.
///
/// Pictures that are all of one small size are taken as they are. Others get a square of 32, 48 or 64 pixels: as much as most
/// of them have, and no more than 48 if there are few, because small networks learn more of a few small pictures than of a few
/// large ones.
#[must_use]
pub fn choose(sizes: &[[usize; 2]]) -> [usize; 2] {
    if let Some(first) = sizes.first()
        && sizes.iter().all(|size| size == first)
        && first
            .iter()
            .all(|side| (LEAST..=AS_THEY_ARE).contains(side))
    {
        return *first;
    }
    let mut longer: Vec<usize> = sizes
        .iter()
        .map(|[width, height]| *width.max(height))
        .collect();
    longer.sort_unstable();
    let median = longer.get(longer.len() / 2).copied().unwrap_or(LEAST);
    let side = match (median, sizes.len() >= MANY) {
        (..=40, _) => 32,
        (41..=56, _) | (_, false) => 48,
        _ => 64,
    };
    [side; 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_from_the_pictures() {
        for (sizes, expected) in [
            (vec![[28, 28]; 50], [28, 28]),
            (vec![[40, 24]; 50], [40, 24]),
            (vec![[4, 4]; 50], [32, 32]),
            (vec![[64, 64]; 50], [48, 48]),
            ([vec![[28, 28]; 50], vec![[29, 28]; 10]].concat(), [32, 32]),
            (vec![[640, 480]; 1500], [64, 64]),
            (vec![[640, 480]; 500], [48, 48]),
            (vec![], [32, 32]),
        ] {
            assert_eq!(choose(&sizes), expected, "{:?}", sizes.first());
        }
    }
}
