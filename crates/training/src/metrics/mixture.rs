use super::probability;

/// Steps of the search. The likelihood rises with each.
const STEPS: usize = 200;
/// Rows that speak for each network alike before any row is seen. A few rows would otherwise give one of them everything.
const PRIOR_ROWS: f64 = 5.0;

/// The share of each network in a mixture of their probabilities under which `labels` are most likely, as far as there are
/// enough rows to tell: the maximum a posteriori estimate with a Dirichlet prior, by expectation maximisation (Dempster et al.,
/// Journal of the Royal Statistical Society B 39, 1977). `scores` are the logits of each network, row-major, a number for each
/// of `classes`.
#[must_use]
pub fn mixture(scores: &[Vec<f32>], labels: &[usize], classes: usize) -> Vec<f64> {
    let likelihoods: Vec<Vec<f64>> = (scores.iter())
        .map(|scores| {
            let rows = scores.chunks_exact(classes).zip(labels);
            rows.map(|(scores, label)| probability(scores, *label))
                .collect()
        })
        .collect();
    let count = scores.len() as f64;
    let mut shares = vec![1.0 / count; scores.len()];
    for _ in 0..STEPS {
        let mut rows = vec![PRIOR_ROWS; shares.len()];
        for row in 0..labels.len() {
            let parts = shares.iter().zip(&likelihoods);
            let parts: Vec<f64> = parts
                .map(|(share, of_rows)| share * of_rows.get(row).copied().unwrap_or(0.0))
                .collect();
            let sum: f64 = parts.iter().sum();
            if sum > 0.0 {
                for (rows, part) in rows.iter_mut().zip(parts) {
                    *rows += part / sum;
                }
            }
        }
        let sum: f64 = rows.iter().sum();
        shares = rows.into_iter().map(|rows| rows / sum).collect();
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_from_what_is_right() {
        // One network is right of the even rows, the other of three in four of the odd ones.
        let rows = 4000;
        let labels = vec![0; rows];
        let sure = |right: bool| if right { [4.0, 0.0] } else { [0.0, 4.0] };
        let even: Vec<f32> = (0..rows).flat_map(|row| sure(row % 2 == 0)).collect();
        let odd: Vec<f32> = (0..rows)
            .flat_map(|row| sure(row % 2 == 1 && row % 8 != 1))
            .collect();
        let found = mixture(&[even.clone(), odd], &labels, 2);
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(found[0] > 0.55 && found[0] < 0.65, "{found:?}");
        // Networks that are alike share alike.
        let found = mixture(&[even.clone(), even], &labels, 2);
        assert!((found[0] - 0.5).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn without_rows_all_share_alike() {
        let found = mixture(&[vec![], vec![], vec![]], &[], 2);
        assert!(found.iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-9));
    }
}
