//! Seeded randomness.
//!
//! All draws are made on the host from a generator of fixed output, `ChaCha8`, never by a backend:
//! the same seed gives the same split, the same order and the same first weights on every backend.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// The random generator of this project.
pub type Random = ChaCha8Rng;

/// What randomness is wanted for. Each purpose has a stream of its own, so that more draws for one
/// do not change another.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    /// Setting the test rows aside.
    TestSplit,
    /// Setting the validation rows aside.
    ValidationSplit,
    /// The first weights.
    Weights,
    /// The order of the rows in this epoch.
    Epoch(usize),
    /// What disturbs the network while it learns, in this epoch.
    Noise(usize),
    /// What disturbs the rows while they are learnt, in this epoch.
    Augmentation(usize),
    /// The inputs that belong to no class, in this epoch.
    Outliers(usize),
    /// What disturbs the validation rows, the same in every epoch.
    AugmentedValidation,
    /// The folds of this repeat of a cross-validation.
    Folds(usize),
}

/// The generator for `purpose` of the run with `seed`.
#[must_use]
pub fn random(seed: u64, purpose: Purpose) -> Random {
    let stream = match purpose {
        Purpose::TestSplit => 0,
        Purpose::ValidationSplit => 1,
        Purpose::Weights => 2,
        Purpose::AugmentedValidation => 3,
        Purpose::Epoch(epoch) => (1 << 32) + epoch as u64,
        Purpose::Noise(epoch) => (3 << 32) + epoch as u64,
        Purpose::Augmentation(epoch) => (4 << 32) + epoch as u64,
        Purpose::Outliers(epoch) => (5 << 32) + epoch as u64,
        Purpose::Folds(repeat) => (2 << 32) + repeat as u64,
    };
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(stream);
    random
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_are_fixed_and_apart() {
        let draw = |seed, purpose| random(seed, purpose).next_u64();
        assert_eq!(draw(42, Purpose::Weights), draw(42, Purpose::Weights));
        let draws = [
            draw(42, Purpose::TestSplit),
            draw(42, Purpose::ValidationSplit),
            draw(42, Purpose::Weights),
            draw(43, Purpose::Weights),
            draw(42, Purpose::Epoch(0)),
            draw(42, Purpose::Epoch(1)),
            draw(42, Purpose::Noise(0)),
            draw(42, Purpose::Augmentation(0)),
            draw(42, Purpose::AugmentedValidation),
            draw(42, Purpose::Outliers(0)),
            draw(42, Purpose::Folds(0)),
        ];
        for (i, a) in draws.iter().enumerate() {
            assert!(draws[..i].iter().all(|b| a != b));
        }
    }
}
