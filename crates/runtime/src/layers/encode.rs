use alloc::boxed::Box;

use model::{ModelError, UNSEEN};

use super::{Layer, LayerKind, MOST_OUTPUTS};

/// Turns the values of columns into features for a linear layer.
///
/// A number `x`, or the typical one where it is missing, is cut to the range of training and becomes `s = z / √(1 + (z/3)²)` with
/// `z = (x − mean) / std_dev`, which keeps outliers near (`RealMLP`; D. Holzmüller et al., arXiv:2407.04491). After it come,
/// for each two neighbours of the column's edges, how far `x` has come from one to the next, from 0 to 1 (piecewise-linear
/// encoding; Y. Gorishniy et al., arXiv:2203.05556), and, if training had missing values, 1 where it is missing and 0 elsewhere.
///
/// A category becomes 1 at its place and 0 at the others. Categories that are too rare share a place, a missing value
/// has a place of its own if training had some, and a word that training has not seen has none.
#[derive(Debug, Clone, Copy)]
pub struct Encode<'a> {
    /// Shape `[columns, 3]`: 0 for a number and 1 for a category; how many edges or categories; how many features.
    pub columns: &'a [u32],
    /// Shape `[columns of numbers, 5]`: the typical value, the range of training, its mean and its standard deviation.
    pub numbers: &'a [f32],
    /// The edges of all columns of numbers, rising in each.
    pub edges: &'a [f32],
    /// Of all columns of categories the place of each category and, last, of a missing value: its feature, or what is at least
    /// the number of features for none.
    pub places: &'a [u32],
    /// How many features there are.
    pub outputs: usize,
}

/// A column of numbers.
pub const NUMBER: u32 = 0;
/// A column of categories.
pub const CATEGORY: u32 = 1;
/// Numbers of [`Encode::numbers`] for a column.
pub const STATISTICS: usize = 5;

impl<'a> Encode<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "encode",
        read: |layer, inputs| Ok(Box::new(Encode::read(layer, inputs)?)),
    };

    fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let (columns, [count, 3]) = layer.tensor::<u32, 2>("columns")? else {
            return Err(layer.problem("has columns of another form"));
        };
        let (numbers, [_, STATISTICS]) = layer.tensor::<f32, 2>("numbers")? else {
            return Err(layer.problem("has numbers of another form"));
        };
        let (edges, [_]) = layer.tensor::<f32, 1>("edges")?;
        let (places, [_]) = layer.tensor::<u32, 1>("places")?;
        let outputs = columns.chunks_exact(3).map(|column| match column {
            [_, _, features] => *features as usize,
            _ => 0,
        });
        let outputs = outputs.fold(0, usize::saturating_add);
        let encode = Self {
            columns,
            numbers,
            edges,
            places,
            outputs,
        };
        match count == inputs && (1..=MOST_OUTPUTS).contains(&outputs) && encode.fits() {
            true => Ok(encode),
            false => Err(layer.problem("does not fit the columns")),
        }
    }

    /// Whether there are as many numbers, edges and places as the columns say.
    fn fits(&self) -> bool {
        let (mut numbers, mut edges, mut places) = (0_usize, 0_usize, 0_usize);
        for column in self.columns.chunks_exact(3) {
            let [kind, count, features] = column else {
                return false;
            };
            let count = *count as usize;
            if *kind == NUMBER {
                numbers += 1;
                edges = edges.saturating_add(count);
                let scale = count.saturating_sub(1) + 1;
                if !(scale..=scale + 1).contains(&(*features as usize)) {
                    return false;
                }
            } else {
                places = places.saturating_add(count).saturating_add(1);
            }
        }
        let scaled = (self.numbers.chunks_exact(STATISTICS)).all(
            |column| matches!(column, [_, low, high, _, std_dev] if low <= high && *std_dev > 0.0),
        );
        scaled
            && numbers == self.numbers.len() / STATISTICS
            && edges == self.edges.len()
            && places == self.places.len()
    }
}

impl Layer for Encode<'_> {
    fn outputs(&self) -> usize {
        self.outputs
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        let (mut numbers, mut edges, mut places) = (self.numbers, self.edges, self.places);
        let mut rest = output;
        for (x, column) in input.iter().zip(self.columns.chunks_exact(3)) {
            let [kind, count, features] = column else {
                continue;
            };
            let (count, features) = (*count as usize, *features as usize);
            let Some((own, after)) = core::mem::take(&mut rest).split_at_mut_checked(features)
            else {
                return;
            };
            rest = after;
            own.fill(0.0);
            if *kind == NUMBER {
                let (Some((statistics, after)), Some((knots, later))) = (
                    numbers.split_at_checked(STATISTICS),
                    edges.split_at_checked(count),
                ) else {
                    return;
                };
                (numbers, edges) = (after, later);
                number(*x, statistics, knots, own);
            } else {
                let Some((own_places, after)) = places.split_at_checked(count + 1) else {
                    return;
                };
                places = after;
                let code = match x {
                    x if x.is_nan() => count,
                    x if *x == UNSEEN => continue,
                    x => *x as usize,
                };
                let place = own_places
                    .get(code)
                    .and_then(|place| own.get_mut(*place as usize));
                if let Some(place) = place {
                    *place = 1.0;
                }
            }
        }
    }
}

/// The features of the number `x`.
fn number(x: f32, statistics: &[f32], edges: &[f32], output: &mut [f32]) {
    let ([typical, low, high, mean, std_dev], Some((scaled, rest))) =
        (statistics, output.split_first_mut())
    else {
        return;
    };
    let value = if x.is_nan() {
        *typical
    } else {
        x.clamp(*low, *high)
    };
    let z = (value - mean) / std_dev;
    *scaled = z / libm::sqrtf(1.0 + (z / 3.0) * (z / 3.0));
    for (pair, way) in edges.windows(2).zip(rest.iter_mut()) {
        if let [from, to] = pair {
            *way = ((value - from) / (to - from)).clamp(0.0, 1.0);
        }
    }
    let flag = rest.get_mut(edges.len().saturating_sub(1));
    if let Some(flag) = flag {
        *flag = if x.is_nan() { 1.0 } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::MISSING;

    const LAYER: Encode<'_> = Encode {
        columns: &[NUMBER, 3, 4, CATEGORY, 3, 2, NUMBER, 0, 1],
        numbers: &[5.0, 0.0, 8.0, 4.0, 2.0, 0.0, -1.0, 1.0, 0.0, 1.0],
        edges: &[0.0, 4.0, 8.0],
        // Of the categories, the last is too rare; a missing value shares its place.
        places: &[0, 7, 1, 1],
        outputs: 7,
    };

    fn forward(input: [f32; 3]) -> [f32; 7] {
        let mut output = [f32::NAN; 7];
        LAYER.forward(&input, &mut output);
        output
    }

    #[test]
    fn numbers_and_categories_become_features() {
        assert!(LAYER.fits());
        let squashed = |z: f32| z / (1.0 + z * z / 9.0).sqrt();
        assert_eq!(
            forward([6.0, 0.0, 0.5]),
            [squashed(1.0), 1.0, 0.5, 0.0, 1.0, 0.0, squashed(0.5)]
        );
        // Beyond the range of training nothing changes.
        assert_eq!(forward([8.0, 2.0, 0.5]), forward([80.0, 2.0, 0.5]));
        assert_eq!(forward([0.0, 1.0, 0.0])[4..6], [0.0, 0.0]);
        assert_eq!(forward([0.0, 2.0, 0.0])[4..6], [0.0, 1.0]);
    }

    #[test]
    fn missing_and_unseen_values_have_features_of_their_own() {
        let missing = forward([MISSING, MISSING, MISSING]);
        assert_eq!(
            missing[..4],
            [0.5 / (1.0 + 0.25 / 9.0_f32).sqrt(), 1.0, 0.25, 1.0]
        );
        assert_eq!(missing[4..6], [0.0, 1.0]);
        assert_eq!(missing[6], 0.0);
        assert_eq!(forward([0.0, UNSEEN, 0.0])[4..6], [0.0, 0.0]);
        assert_eq!(forward([0.0, 1e30, 0.0])[4..6], [0.0, 0.0]);
    }
}
