//! Order statistics.

/// Normal noise has this times its median absolute deviation as its standard deviation: the inverse
/// of the normal distribution's third quartile.
pub const NORMAL_FROM_MEDIAN_DEVIATION: f32 = 1.482_602_2;

/// The value below which a `share` (0 to 1) of `values` lies, without interpolation; 0 of none.
pub fn quantile(mut values: Vec<f32>, share: f32) -> f32 {
    let Some(last) = values.len().checked_sub(1) else {
        return 0.0;
    };
    let index = ((last as f32 * share).round() as usize).min(last);
    *values.select_nth_unstable_by(index, f32::total_cmp).1
}

/// The range of `values` without the lowest and the highest `share` of them.
pub fn range(values: &[f32], share: f32) -> f32 {
    quantile(values.to_vec(), 1.0 - share) - quantile(values.to_vec(), share)
}

/// The value in the middle; 0 of none.
pub fn median(values: Vec<f32>) -> f32 {
    quantile(values, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_few_values() {
        let values = vec![5.0, 1.0, 4.0, 2.0, 3.0];
        for (share, expected) in [(0.0, 1.0), (0.5, 3.0), (0.8, 4.0), (1.0, 5.0)] {
            assert_eq!(quantile(values.clone(), share), expected);
        }
        assert_eq!(median(vec![7.0]), 7.0);
        assert_eq!(median(vec![]), 0.0);
    }
}
