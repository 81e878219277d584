//! Products of matrices, of which one has few columns or few rows: small enough that the sums of a tile
//! stay in registers, and the rest in the nearest cache.

use core::borrow::Borrow;

use fearless_simd::{Simd, SimdBase};
use kernels::{LANES, Vector, load, multiply_add, splat, store};

/// Rows of a tile, and vectors in each of them, where a register holds a vector.
const WIDE: [usize; 2] = [3, 4];
/// The same where two registers hold a vector.
const NARROW: [usize; 2] = [6, 1];

/// The left matrix.
#[derive(Clone, Copy)]
pub enum Left<'a> {
    /// Row-major.
    Upright {
        numbers: &'a [f32],
        /// From one row to the next.
        row: usize,
    },
    /// Column-major.
    OnItsSide {
        numbers: &'a [f32],
        /// From one column to the next.
        column: usize,
    },
}

/// The sizes of a product. The right matrix and the result are row-major.
#[derive(Clone, Copy)]
pub struct Shape {
    pub rows: usize,
    /// Columns of the left matrix, rows of the right one.
    pub terms: usize,
    pub columns: usize,
    /// From one row of the right matrix to the next.
    pub right: usize,
    /// From one row of the result to the next.
    pub result: usize,
}

/// `result = left · right`.
#[inline(always)]
pub fn product<S: Simd>(simd: S, shape: Shape, left: Left<'_>, right: &[f32], result: &mut [f32]) {
    let mut column = 0;
    let is_wide = S::f32s::LEN >= LANES;
    while is_wide && column + WIDE[1] * LANES <= shape.columns {
        tiles::<S, { WIDE[0] }, { WIDE[1] }>(simd, shape, left, right, column, result);
        column += WIDE[1] * LANES;
    }
    while column + LANES <= shape.columns {
        vector(simd, shape, left, right, column, result);
        column += LANES;
    }
    if column < shape.columns {
        rest(simd, shape, left, right, column, result);
    }
}

/// All rows of the result, of as many columns as a vector has.
#[inline(always)]
fn vector<S: Simd>(
    simd: S,
    shape: Shape,
    left: Left<'_>,
    right: &[f32],
    column: usize,
    result: &mut [f32],
) {
    if S::f32s::LEN >= LANES {
        tiles::<S, { WIDE[0] }, 1>(simd, shape, left, right, column, result);
    } else {
        tiles::<S, { NARROW[0] }, { NARROW[1] }>(simd, shape, left, right, column, result);
    }
}

/// The last columns, from `column`, which are fewer than a vector has.
#[inline(always)]
fn rest<S: Simd>(
    simd: S,
    shape: Shape,
    left: Left<'_>,
    right: &[f32],
    column: usize,
    result: &mut [f32],
) {
    let width = shape.columns - column;
    let mut padded = vec![0.0; shape.terms * LANES];
    let rows = right[column..].chunks(shape.right);
    for (padded, row) in padded.chunks_exact_mut(LANES).zip(rows) {
        padded[..width].copy_from_slice(&row[..width]);
    }
    let mut sums = vec![0.0; shape.rows * LANES];
    let shape_of_padded = Shape {
        right: LANES,
        result: LANES,
        ..shape
    };
    vector(simd, shape_of_padded, left, &padded, 0, &mut sums);
    let rows = result[column..].chunks_mut(shape.result);
    for (row, sums) in rows.zip(sums.chunks_exact(LANES)) {
        row[..width].copy_from_slice(&sums[..width]);
    }
}

/// All rows of the result, of some columns.
#[inline(always)]
fn tiles<S: Simd, const ROWS: usize, const N: usize>(
    simd: S,
    shape: Shape,
    left: Left<'_>,
    right: &[f32],
    column: usize,
    result: &mut [f32],
) {
    let row = stripe::<S, ROWS, N>(simd, shape, left, right, [0, column], result);
    // Sums wait for each other less in two rows than in one.
    let row = stripe::<S, 2, N>(simd, shape, left, right, [row, column], result);
    stripe::<S, 1, N>(simd, shape, left, right, [row, column], result);
}

/// From a row on, as many tiles of `R` rows as there are. Returns the row behind them.
#[inline(always)]
fn stripe<S: Simd, const R: usize, const N: usize>(
    simd: S,
    shape: Shape,
    left: Left<'_>,
    right: &[f32],
    [mut row, column]: [usize; 2],
    result: &mut [f32],
) -> usize {
    while row + R <= shape.rows {
        let sums = tile::<S, R, N>(simd, shape, left, row, &right[column..]);
        put(
            sums,
            &mut result[row * shape.result + column..],
            shape.result,
        );
        row += R;
    }
    row
}

#[inline(always)]
fn tile<S: Simd, const R: usize, const N: usize>(
    simd: S,
    shape: Shape,
    left: Left<'_>,
    row: usize,
    right: &[f32],
) -> [[Vector<S>; N]; R] {
    // One check of bounds for all factors of a term, or for all terms of a row, is as fast as none.
    let terms = right.chunks(shape.right).take(shape.terms);
    match left {
        Left::Upright { numbers, row: step } => {
            let rows: [&[f32]; R] =
                std::array::from_fn(|r| &numbers[(row + r) * step..][..shape.terms]);
            let factors = (0..shape.terms).map(|term| rows.map(|row| row[term]));
            sum::<S, R, N>(simd, terms.zip(factors))
        }
        Left::OnItsSide { numbers, column } => {
            let columns = numbers[row..].chunks(column);
            let factors = columns.map_while(<[f32]>::first_chunk::<R>);
            sum::<S, R, N>(simd, terms.zip(factors))
        }
    }
}

/// The sums over terms, each of which is a row of the right matrix and the factors of the rows of a tile.
#[inline(always)]
fn sum<'a, S: Simd, const R: usize, const N: usize>(
    simd: S,
    terms: impl Iterator<Item = (&'a [f32], impl Borrow<[f32; R]>)>,
) -> [[Vector<S>; N]; R] {
    let mut sums = [[splat(simd, 0.0); N]; R];
    for (right, factors) in terms {
        let (vectors, _) = right.as_chunks::<LANES>();
        let Some(numbers) = vectors.first_chunk::<N>() else {
            break;
        };
        let mut vectors = [splat(simd, 0.0); N];
        for (vector, numbers) in vectors.iter_mut().zip(numbers) {
            *vector = load(simd, numbers);
        }
        for (sums, factor) in sums.iter_mut().zip(factors.borrow()) {
            let factor = splat(simd, *factor);
            for (sum, vector) in sums.iter_mut().zip(&vectors) {
                *sum = multiply_add::<_, true>(factor, *vector, *sum);
            }
        }
    }
    sums
}

/// Writes a tile.
#[inline(always)]
fn put<S: Simd, const R: usize, const N: usize>(
    sums: [[Vector<S>; N]; R],
    result: &mut [f32],
    stride: usize,
) {
    for (row, sums) in sums.into_iter().enumerate() {
        let (vectors, _) = result[row * stride..].as_chunks_mut::<LANES>();
        for (sum, numbers) in sums.into_iter().zip(vectors) {
            store(sum, numbers);
        }
    }
}
