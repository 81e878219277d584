//! What share each member has in the answer.

use crate::target::Kind;

/// Rows that each member is taken to have been right on before any is seen: keeps a member in that only a few rows speak
/// against, and was chosen on 18 tables of 57 to 53,940 rows.
const PSEUDO_COUNTS: f64 = 3.0;
/// Shares below this are not worth the bytes.
const LEAST_SHARE: f64 = 0.03;
/// Rounds of expectation and maximisation; the shares change little after some tens.
const ROUNDS: usize = 300;
/// Members that all subsets are looked through of, at most.
const MOST_MEMBERS: usize = 10;

/// The shares of members, which add up to 1, that give the lowest loss of the weighted mean of their `answers`.
#[must_use]
pub fn shares(
    kind: &Kind,
    answers: &[&[f64]],
    targets: &[f32],
    weights: Option<&[f32]>,
) -> Vec<f64> {
    let members = answers.len().min(MOST_MEMBERS);
    let answers = &answers[..members];
    let mut shares = match kind {
        Kind::Classes(classes) => of_classes(classes.len(), answers, targets, weights),
        Kind::Number => of_numbers(answers, targets, weights),
    };
    if shares.iter().any(|share| *share >= LEAST_SHARE) {
        shares
            .iter_mut()
            .filter(|share| **share < LEAST_SHARE)
            .for_each(|share| *share = 0.0);
    }
    let sum: f64 = shares.iter().sum();
    shares.iter().map(|share| share / sum).collect()
}

/// By expectation and maximisation of the likelihood of a mixture (A. Dempster et al., "Maximum likelihood from incomplete
/// data via the EM algorithm", Journal of the Royal Statistical Society B 39, 1977).
fn of_classes(
    width: usize,
    answers: &[&[f64]],
    targets: &[f32],
    weights: Option<&[f32]>,
) -> Vec<f64> {
    let members = answers.len();
    let mut shares = vec![1.0 / members as f64; members];
    let total: f64 = match weights {
        Some(weights) => weights.iter().copied().map(f64::from).sum(),
        None => targets.len() as f64,
    };
    // A mean weight of 1, so that the pseudo-counts count as rows.
    let scale = targets.len() as f64 / total;
    for _ in 0..ROUNDS {
        let mut right = vec![0.0; members];
        for (row, class) in targets.iter().enumerate() {
            let at = row * width + *class as usize;
            let of = |(share, answers): (&f64, &&[f64])| {
                share * answers[at].max(f64::from(f32::EPSILON))
            };
            let parts: Vec<f64> = shares.iter().zip(answers).map(of).collect();
            let sum: f64 = parts.iter().sum();
            let weight = weights.map_or(1.0, |weights| f64::from(weights[row]) * scale);
            right
                .iter_mut()
                .zip(parts)
                .for_each(|(right, part)| *right += weight * part / sum);
        }
        let all = targets.len() as f64 + members as f64 * PSEUDO_COUNTS;
        shares = right
            .iter()
            .map(|right| (right + PSEUDO_COUNTS) / all)
            .collect();
    }
    shares
}

/// The shares with the lowest squared error: of every subset of members, those that make the error lowest with a sum of 1, if
/// none is negative. They are drawn towards equal ones as if by pseudo-counts.
fn of_numbers(answers: &[&[f64]], targets: &[f32], weights: Option<&[f32]>) -> Vec<f64> {
    let members = answers.len();
    // As shares add up to 1, the error of the mean is the mean of the errors.
    let mut products = vec![vec![0.0; members]; members];
    for (row, target) in targets.iter().enumerate() {
        let weight = weights.map_or(1.0, |weights| f64::from(weights[row]));
        let errors: Vec<f64> = answers
            .iter()
            .map(|own| own[row] - f64::from(*target))
            .collect();
        for (line, a) in products.iter_mut().zip(&errors) {
            line.iter_mut()
                .zip(&errors)
                .for_each(|(sum, b)| *sum += weight * a * b);
        }
    }
    let mut best = (f64::INFINITY, vec![1.0 / members as f64; members]);
    for subset in 1_usize..1 << members {
        let chosen: Vec<usize> = (0..members)
            .filter(|member| subset >> member & 1 == 1)
            .collect();
        let Some(own) = balanced(&products, &chosen) else {
            continue;
        };
        let mut shares = vec![0.0; members];
        chosen
            .iter()
            .zip(own)
            .for_each(|(member, share)| shares[*member] = share);
        let error = |a: usize| {
            (0..members)
                .map(|b| shares[a] * shares[b] * products[a][b])
                .sum::<f64>()
        };
        let error: f64 = (0..members).map(error).sum();
        // One member more has to be worth it.
        if error < best.0 * (1.0 - 1e-9) {
            best = (error, shares);
        }
    }
    let count = members as f64;
    let drawn = count * PSEUDO_COUNTS / (targets.len() as f64 + count * PSEUDO_COUNTS);
    best.1
        .iter()
        .map(|share| (1.0 - drawn) * share + drawn / count)
        .collect()
}

/// The shares of the `chosen` members with a sum of 1 where the error has no slope, if they are not negative.
fn balanced(products: &[Vec<f64>], chosen: &[usize]) -> Option<Vec<f64>> {
    let size = chosen.len();
    let trace: f64 = chosen.iter().map(|member| products[*member][*member]).sum();
    // A little on the diagonal, for members that answer the same.
    let ridge = 1e-9 * trace / size as f64;
    let mut rows: Vec<Vec<f64>> = chosen
        .iter()
        .map(|a| {
            let line = chosen
                .iter()
                .map(|b| products[*a][*b] + if a == b { ridge } else { 0.0 });
            line.chain([1.0]).collect()
        })
        .collect();
    // Gauss-Jordan elimination; the matrix is positive definite, so that no row has to be moved.
    for pivot in 0..size {
        let scale = rows[pivot][pivot];
        if scale <= 0.0 || !scale.is_finite() {
            return None;
        }
        rows[pivot].iter_mut().for_each(|x| *x /= scale);
        let line = rows[pivot].clone();
        for (_, other) in rows.iter_mut().enumerate().filter(|(row, _)| *row != pivot) {
            let factor = other[pivot];
            other
                .iter_mut()
                .zip(&line)
                .for_each(|(x, y)| *x -= factor * y);
        }
    }
    let solution: Vec<f64> = rows.iter().filter_map(|row| row.last().copied()).collect();
    let sum: f64 = solution.iter().sum();
    let shares: Vec<f64> = solution.iter().map(|x| x / sum).collect();
    shares
        .iter()
        .all(|share| *share >= 0.0 && share.is_finite())
        .then_some(shares)
}

/// The answers of members with these shares together.
#[must_use]
pub fn blended(answers: &[&[f64]], shares: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; answers.first().map_or(0, |answers| answers.len())];
    for (own, share) in answers.iter().zip(shares) {
        sum.iter_mut()
            .zip(*own)
            .for_each(|(sum, x)| *sum += share * x);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::members::loss;

    #[test]
    fn numbers_get_the_shares_of_least_squares() {
        // Errors of the first are half as large as those of the second, and independent of them: 4 to 1.
        let targets = vec![0.0_f32; 4000];
        let first: Vec<f64> = (0..4000)
            .map(|row| if row % 2 == 0 { 1.0 } else { -1.0 })
            .collect();
        let second: Vec<f64> = (0..4000)
            .map(|row| if row % 4 < 2 { 2.0 } else { -2.0 })
            .collect();
        let found = shares(&Kind::Number, &[&first, &second], &targets, None);
        assert!((found[0] - 0.8).abs() < 0.01, "{found:?}");
        // One that is always twice as far off the same way has no share.
        let worse: Vec<f64> = first.iter().map(|x| 2.0 * x).collect();
        assert_eq!(
            shares(&Kind::Number, &[&first, &worse], &targets, None),
            [1.0, 0.0]
        );
    }

    #[test]
    fn classes_get_the_shares_of_the_mixture() {
        let kind = Kind::Classes(vec!["a".into(), "b".into()]);
        let targets: Vec<f32> = (0..1000)
            .map(|row| if row % 10 < 7 { 0.0 } else { 1.0 })
            .collect();
        let sure = |p: f64| [p, 1.0 - p].repeat(1000);
        // The mixture is right with 0.9 · 0.75 + 0.1 · 0.25 = 0.7.
        let found = shares(&kind, &[&sure(0.75), &sure(0.25)], &targets, None);
        assert!((found[0] - 0.9).abs() < 0.03, "{found:?}");
        let loss = |shares: &[f64]| {
            loss(
                &kind,
                &blended(&[&sure(0.75), &sure(0.25)], shares),
                &targets,
                None,
            )
        };
        assert!(loss(&found) < loss(&[1.0, 0.0]) && loss(&found) < loss(&[0.8, 0.2]));
    }

    #[test]
    fn few_rows_say_little() {
        let kind = Kind::Classes(vec!["a".into(), "b".into()]);
        let found = shares(&kind, &[&[0.9, 0.1], &[0.8, 0.2]], &[0.0], None);
        assert!((found[0] - 0.5).abs() < 0.05, "{found:?}");
    }

    #[test]
    fn weights_count_as_rows() {
        let kind = Kind::Classes(vec!["a".into(), "b".into()]);
        let (a, b) = ([0.9, 0.1, 0.9, 0.1], [0.3, 0.7, 0.3, 0.7]);
        let (c, d) = (a.repeat(100), b.repeat(100));
        let targets: Vec<f32> = [0.0, 1.0].repeat(100);
        let even = shares(&kind, &[&c, &d], &targets, None);
        let heavy: Vec<f32> = [3.0, 1.0].repeat(100);
        let first = shares(&kind, &[&c, &d], &targets, Some(&heavy));
        assert!(first[0] > even[0] + 0.1, "{first:?} {even:?}");
    }
}
