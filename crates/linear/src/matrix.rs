//! Symmetric matrices, of which the lower triangle is kept row after row, and their Cholesky decomposition.

/// Sums that run beside each other in a scalar product, so that they fill vector registers.
const LANES: usize = 4;
/// The smallest pivot, as a part of the diagonal entry. Rounding can make smaller ones of columns that depend on each
/// other.
const LEAST_PIVOT: f64 = 1e-13;

/// The lower triangle of a symmetric matrix: row `i` has `i + 1` entries.
#[derive(Clone)]
pub struct Symmetric {
    entries: Vec<f64>,
    size: usize,
}

impl Symmetric {
    pub fn zeros(size: usize) -> Self {
        Self {
            entries: vec![0.0; start(size)],
            size,
        }
    }

    pub fn size(&self) -> usize {
        self.size
    }

    /// The entries of row `i` up to the diagonal.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.entries[start(i)..start(i + 1)]
    }

    pub fn row_mut(&mut self, i: usize) -> &mut [f64] {
        &mut self.entries[start(i)..start(i + 1)]
    }

    pub fn add(&mut self, other: &Self) {
        (self.entries.iter_mut().zip(&other.entries)).for_each(|(sum, x)| *sum += x);
    }

    /// The matrix without its last rows and columns, of which `size` are left.
    pub fn truncate(&mut self, size: usize) {
        self.entries.truncate(start(size));
        self.size = size;
    }

    /// `scale × self + penalty × identity`, decomposed.
    pub fn cholesky(&self, scale: f64, penalty: f64) -> Cholesky {
        let mut factor = self.clone();
        factor.entries.iter_mut().for_each(|entry| *entry *= scale);
        for i in 0..self.size {
            factor.entries[start(i) + i] += penalty;
        }
        factor.decompose();
        Cholesky { factor }
    }

    /// Replaces the matrix by its Cholesky factor, four rows at a time.
    fn decompose(&mut self) {
        for first in (0..self.size).step_by(4) {
            let (done, rows) = self.entries.split_at_mut(start(first));
            if first + 4 <= self.size {
                let (a, rest) = rows.split_at_mut(first + 1);
                let (b, rest) = rest.split_at_mut(first + 2);
                let (c, rest) = rest.split_at_mut(first + 3);
                let rows = [a, b, c, &mut rest[..first + 4]];
                for j in 0..first {
                    let line = &done[start(j)..start(j + 1)];
                    let products =
                        products(&line[..j], [&*rows[0], &*rows[1], &*rows[2], &*rows[3]]);
                    rows[0][j] = (rows[0][j] - products[0]) / line[j];
                    rows[1][j] = (rows[1][j] - products[1]) / line[j];
                    rows[2][j] = (rows[2][j] - products[2]) / line[j];
                    rows[3][j] = (rows[3][j] - products[3]) / line[j];
                }
            }
            let last = self.size.min(first + 4);
            let from = if first + 4 <= self.size { first } else { 0 };
            for i in first..last {
                for j in from..=i {
                    let (before, row) = self.entries.split_at_mut(start(i));
                    let row = &mut row[..=i];
                    if j < i {
                        let line = &before[start(j)..start(j + 1)];
                        row[j] = (row[j] - product(&line[..j], &row[..j])) / line[j];
                    } else {
                        let pivot = row[i] - product(&row[..i], &row[..i]);
                        row[i] = pivot
                            .max(LEAST_PIVOT * row[i])
                            .max(f64::MIN_POSITIVE)
                            .sqrt();
                    }
                }
            }
        }
    }
}

/// A Cholesky factor.
pub struct Cholesky {
    factor: Symmetric,
}

impl Cholesky {
    /// Replaces `x` by the solution of *matrix · solution = x*.
    pub fn solve(&self, x: &mut [f64]) {
        for i in 0..self.factor.size {
            let row = self.factor.row(i);
            x[i] = (x[i] - product(&row[..i], &x[..i])) / row[i];
        }
        for i in (0..self.factor.size).rev() {
            let row = self.factor.row(i);
            x[i] /= row[i];
            let (before, now) = x.split_at_mut(i);
            (before.iter_mut().zip(row)).for_each(|(x, entry)| *x -= entry * now[0]);
        }
    }
}

/// Where row `i` begins.
fn start(i: usize) -> usize {
    i * (i + 1) / 2
}

/// The scalar product.
pub fn product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = (a.remainder().iter().zip(b.remainder()))
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

/// The scalar products of `line` with the beginnings of four rows.
fn products(line: &[f64], rows: [&[f64]; 4]) -> [f64; 4] {
    let count = line.len();
    let [a, b, c, d] = rows.map(|row| &row[..count]);
    let mut sums = [[0.0; 2]; 4];
    let whole = count - count % 2;
    for i in (0..whole).step_by(2) {
        for lane in 0..2 {
            sums[0][lane] += line[i + lane] * a[i + lane];
            sums[1][lane] += line[i + lane] * b[i + lane];
            sums[2][lane] += line[i + lane] * c[i + lane];
            sums[3][lane] += line[i + lane] * d[i + lane];
        }
    }
    let mut sums = sums.map(|sum| sum[0] + sum[1]);
    if whole < count {
        let rest = [a, b, c, d].map(|row| line[whole] * row[whole]);
        (sums.iter_mut().zip(rest)).for_each(|(sum, rest)| *sum += rest);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_systems_of_all_sizes() {
        let mut random = fastrand::Rng::with_seed(1);
        for size in 0..14 {
            let mut matrix = Symmetric::zeros(size);
            for i in 0..size {
                matrix.row_mut(i).fill_with(|| random.f64() - 0.5);
                // A dominant diagonal makes it positive definite.
                matrix.row_mut(i)[i] = size as f64;
            }
            let wanted: Vec<f64> = (0..size).map(|_| random.f64()).collect();
            let entry = |i: usize, j: usize| matrix.row(i.max(j))[i.min(j)];
            let mut x: Vec<f64> = (0..size)
                .map(|i| {
                    let sum: f64 = (0..size).map(|j| 2.0 * entry(i, j) * wanted[j]).sum();
                    sum + 3.0 * wanted[i]
                })
                .collect();
            matrix.cholesky(2.0, 3.0).solve(&mut x);
            for (x, wanted) in x.iter().zip(&wanted) {
                assert!((x - wanted).abs() < 1e-12, "{size}: {x} {wanted}");
            }
        }
    }

    #[test]
    fn dependent_columns_leave_everything_finite() {
        let mut matrix = Symmetric::zeros(5);
        (0..5).for_each(|i| matrix.row_mut(i).fill(7.0));
        let mut x = [1.0; 5];
        matrix.cholesky(1.0, 1e-300).solve(&mut x);
        assert!(x.iter().all(|x| x.is_finite()), "{x:?}");
    }
}
