//! The little linear algebra that fitting takes, in f64, on matrices of a few rows.

/// Row after row.
pub type Matrix = Vec<Vec<f64>>;

/// The rows of row-major `numbers`, `width` in each.
pub fn to_rows(numbers: &[f32], width: usize) -> Matrix {
    (numbers.chunks_exact(width.max(1)))
        .map(|row| row.iter().copied().map(f64::from).collect())
        .collect()
}

/// The mean of `rows`, of `width` numbers each.
pub fn mean<'a>(rows: impl Iterator<Item = &'a Vec<f64>>, width: usize) -> Vec<f64> {
    let mut sum = vec![0.0; width];
    let mut count = 0.0_f64;
    for row in rows {
        count += 1.0;
        sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
    }
    sum.iter().map(|sum| sum / count.max(1.0)).collect()
}

/// The sum of `(row − centre) · (row − centre)ᵀ / count`.
pub fn outer_products<'a>(
    rows: impl Iterator<Item = &'a Vec<f64>>,
    centre: &[f64],
    count: f64,
) -> Matrix {
    let mut matrix = vec![vec![0.0; centre.len()]; centre.len()];
    add_outer_products(&mut matrix, rows, centre, count);
    matrix
}

/// Adds [`outer_products`] to `matrix`.
pub fn add_outer_products<'a>(
    matrix: &mut Matrix,
    rows: impl Iterator<Item = &'a Vec<f64>>,
    centre: &[f64],
    count: f64,
) {
    for row in rows {
        for (i, line) in matrix.iter_mut().enumerate() {
            for (j, value) in line.iter_mut().enumerate() {
                *value += (row[i] - centre[i]) * (row[j] - centre[j]) / count;
            }
        }
    }
}

/// L⁻¹ for the lower triangular L with `matrix` = L · Lᵀ; `matrix` is positive definite.
#[allow(
    clippy::needless_range_loop,
    reason = "the formulas are written in indices"
)]
pub fn inverse_of_cholesky_factor(matrix: &Matrix) -> Matrix {
    let width = matrix.len();
    let mut factor = vec![vec![0.0; width]; width];
    for i in 0..width {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest = matrix[i][j] - known;
            factor[i][j] = if i == j {
                rest.sqrt()
            } else {
                rest / factor[j][j]
            };
        }
    }
    let mut inverse = vec![vec![0.0; width]; width];
    for column in 0..width {
        for i in column..width {
            let known: f64 = (column..i).map(|k| factor[i][k] * inverse[k][column]).sum();
            let unit = if i == column { 1.0 } else { 0.0 };
            inverse[i][column] = (unit - known) / factor[i][i];
        }
    }
    inverse
}

/// The columns of a square matrix as rows.
pub fn transposed(matrix: &Matrix) -> Matrix {
    let width = matrix.len();
    (0..width)
        .map(|j| (0..width).map(|i| matrix[i][j]).collect())
        .collect()
}

/// The product of two square matrices.
pub fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    let columns = transposed(b);
    let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum();
    (a.iter())
        .map(|row| columns.iter().map(|column| dot(row, column)).collect())
        .collect()
}
