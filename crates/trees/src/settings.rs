//! How trees are grown.

/// How trees are grown.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Learning rate: the factor on the value of each leaf, above 0, at most 1.
    pub rate: f64,
    /// Largest number of leaves of a tree.
    pub leaves: usize,
    /// Share of the columns that a tree may use, from 0 to 1; at least one column is drawn.
    pub columns: f64,
    /// Share of the rows that the trees of a round are grown on, from 0 to 1.
    pub rows: f64,
    /// L2 regularisation of the leaf values: added to the sum of second derivatives of a leaf.
    pub l2: f64,
    /// Smallest number of rows of a leaf.
    pub leaf_rows: u32,
    /// Whether a split tries only one threshold of each column of numbers, drawn at random
    /// (P. Geurts et al., "Extremely randomized trees", Machine Learning 63, 2006).
    pub extra: bool,
    /// Largest number of rounds; each round grows one tree for each score.
    pub rounds: usize,
    /// Cross-validation stops after this many rounds without a lower mean loss.
    pub patience: usize,
    /// Seed of all random draws.
    pub seed: u64,
}
