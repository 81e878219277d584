//! Otsu's threshold.

/// The threshold in 1 to 255 that parts `values`, which go from 0 to 255, into two classes with the
/// greatest variance between them (N. Otsu, "A threshold selection method from gray-level
/// histograms", IEEE Transactions on Systems, Man and Cybernetics 9, 1979). The upper class has the
/// values from the threshold. `None` if no threshold parts them.
pub fn otsu(values: &[f32]) -> Option<f32> {
    let mut histogram = [0.0_f64; 256];
    for value in values {
        if let Some(count) = histogram.get_mut(value.clamp(0.0, 255.0) as usize) {
            *count += 1.0;
        }
    }
    let moment = |(level, count): (usize, &f64)| level as f64 * count;
    let total = values.len() as f64;
    let total_moment: f64 = histogram.iter().enumerate().map(moment).sum();
    let (mut lower, mut lower_moment) = (0.0, 0.0);
    let mut best = (0.0, None);
    for (level, count) in histogram.iter().enumerate() {
        lower += count;
        lower_moment += moment((level, count));
        let upper = total - lower;
        if lower == 0.0 || upper == 0.0 {
            continue;
        }
        let apart = lower_moment / lower - (total_moment - lower_moment) / upper;
        let variance = lower * upper * apart * apart;
        if variance > best.0 {
            best = (variance, Some((level + 1) as f32));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_heaps_are_parted() {
        let values = [[10.0; 90], [12.0; 90]].concat();
        let values = [values, vec![200.0; 30], vec![240.0; 10]].concat();
        let threshold = otsu(&values).unwrap();
        assert!(threshold > 12.0 && threshold <= 200.0, "{threshold}");
    }

    #[test]
    fn one_level_cannot_be_parted() {
        assert_eq!(otsu(&[7.0; 5]), None);
        assert_eq!(otsu(&[]), None);
    }
}
