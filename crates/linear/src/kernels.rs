//! The inner loops: four rows at a time, so that what is read of weights and gradients is used four times, and
//! columns in which the four rows are 0 cost next to nothing.

use crate::design::Table;

/// Rows of a block.
pub const ROWS: usize = 4;

/// The entries of four rows, without the columns in which all four are 0.
pub struct Block {
    entries: Vec<(u32, [f64; ROWS])>,
    used: usize,
    /// The rows; the last one is repeated in a block that is not full.
    pub rows: [u32; ROWS],
    /// Their weights; 0 where a row is repeated.
    pub weights: [f64; ROWS],
}

impl Block {
    pub fn new(columns: usize) -> Self {
        Self {
            entries: vec![(0, [0.0; ROWS]); columns],
            used: 0,
            rows: [0; ROWS],
            weights: [0.0; ROWS],
        }
    }

    /// Loads the first four of `rows`, of which there is at least one.
    pub fn load(&mut self, table: &Table, rows: &[u32]) {
        let last = rows.len() - 1;
        self.rows = std::array::from_fn(|t| rows[t.min(last)]);
        self.weights = std::array::from_fn(|t| rows.get(t).map_or(0.0, |row| table.weight(*row)));
        let [a, b, c, d] = self.rows.map(|row| table.features(row));
        self.used = 0;
        for (column, (((a, b), c), d)) in a.iter().zip(b).zip(c).zip(d).enumerate() {
            let values = [f64::from(*a), f64::from(*b), f64::from(*c), f64::from(*d)];
            self.entries[self.used] = (column as u32, values);
            // Not a branch, because the processor could not predict it.
            let bits = a.to_bits() | b.to_bits() | c.to_bits() | d.to_bits();
            self.used += usize::from(bits << 1 != 0);
        }
    }

    /// The columns and the values of the four rows in them.
    pub fn entries(&self) -> &[(u32, [f64; ROWS])] {
        &self.entries[..self.used]
    }

    /// The scores of the four rows: `offset + x · weights`, where `weights` is *columns × stride* and `scores` is
    /// *4 × stride*. The stride is 1 or a multiple of 4.
    pub fn forward(&self, weights: &[f64], offset: &[f64], scores: &mut [f64]) {
        if offset.len() == 1 {
            self.forward_lanes::<1>(weights, offset, scores);
        } else {
            self.forward_lanes::<4>(weights, offset, scores);
        }
    }

    fn forward_lanes<const LANES: usize>(
        &self,
        weights: &[f64],
        offset: &[f64],
        scores: &mut [f64],
    ) {
        let stride = offset.len();
        for (first, offset) in (0..stride).step_by(LANES).zip(offset.chunks_exact(LANES)) {
            let mut sums = [[0.0; LANES]; ROWS];
            for sums in &mut sums {
                sums.copy_from_slice(offset);
            }
            for (column, values) in self.entries() {
                let weights = &weights[*column as usize * stride + first..][..LANES];
                for row in 0..ROWS {
                    for lane in 0..LANES {
                        sums[row][lane] += values[row] * weights[lane];
                    }
                }
            }
            for (row, sums) in sums.iter().enumerate() {
                scores[row * stride + first..][..LANES].copy_from_slice(sums);
            }
        }
    }

    /// Adds `xᵀ · residuals` of the four rows to `gradient`, *columns × stride*; `residuals` is *4 × stride*.
    pub fn backward(&self, residuals: &[f64], gradient: &mut [f64]) {
        if let [a, b, c, d] = residuals {
            for (column, x) in self.entries() {
                gradient[*column as usize] += (x[0] * a + x[1] * b) + (x[2] * c + x[3] * d);
            }
            return;
        }
        let stride = residuals.len() / ROWS;
        for (column, x) in self.entries() {
            add_four(
                &mut gradient[*column as usize * stride..][..stride],
                x,
                residuals,
                stride,
            );
        }
    }
}

/// `sums[i] += Σ factors[t] · lines[t · stride + i]`, for four lines.
pub fn add_four(sums: &mut [f64], factors: &[f64; ROWS], lines: &[f64], stride: usize) {
    let count = sums.len();
    let [a, b, c, d] = std::array::from_fn(|t| &lines[t * stride..][..count]);
    for (i, sum) in sums.iter_mut().enumerate() {
        *sum += (factors[0] * a[i] + factors[1] * b[i]) + (factors[2] * c[i] + factors[3] * d[i]);
    }
}
