use fearless_simd::{Level, Select, Simd, SimdBase, dispatch};
use kernels::{KERNEL_POSITIONS, WINDOW_WIDTHS};
use kernels::{LANES, Vector, load, multiply_add, splat};

use super::{Found, NOWHERE, Texts, Weights};
use crate::cpu::parallel::map_pieces;

/// Texts to a piece of work.
const TEXTS: usize = 4;
/// Words that are multiplied by the same weights at once: the sums of all roles stay in registers.
const WORDS: usize = 2;

/// Finds the strongest places. A text without words has none: its numbers are 0.
#[must_use]
pub fn forward(weights: Weights<'_>, texts: &Texts) -> Found {
    let width = weights.bias.len();
    let filters = weights.filters();
    let blocks = Block::all(weights);
    let texts: Vec<&[u32]> = texts.each().collect();
    let mut output = vec![0.0; texts.len() * width];
    let places = map_pieces(&mut output, TEXTS * width, |piece, output| {
        let mut places = vec![NOWHERE; output.len()];
        let rows = output
            .chunks_exact_mut(width)
            .zip(places.chunks_exact_mut(width));
        for (text, (output, places)) in texts[piece * TEXTS..].iter().zip(rows) {
            if text.is_empty() {
                continue;
            }
            for (index, block) in blocks.iter().enumerate() {
                let strongest = dispatch!(Level::new(), simd => {
                    block.strongest(simd, weights.word, text)
                });
                for (window, strongest) in strongest.iter().enumerate() {
                    let part = window * filters..(window + 1) * filters;
                    let output = output[part.clone()].iter_mut().skip(index * LANES);
                    let places = places[part].iter_mut().skip(index * LANES);
                    let lanes = strongest.strength.into_iter().zip(strongest.place);
                    for ((output, to), (strength, place)) in output.zip(places).zip(lanes) {
                        // Written so that a NaN is not hidden.
                        if strength <= 0.0 {
                            continue;
                        }
                        (*output, *to) = (strength, place as u32);
                    }
                }
            }
        }
        places
    });
    Found {
        output,
        places: places.concat(),
    }
}

/// How strong the strongest windows are for as many filters as a vector holds, and their last words.
#[derive(Clone, Copy)]
struct Strongest {
    strength: [f32; LANES],
    /// Exact in a float: texts are shorter than 2²⁴ words.
    place: [f32; LANES],
}

/// The weights of as many filters as a vector holds, filled up with zeros.
struct Block {
    /// For each number of a word.
    window: Vec<[[f32; LANES]; KERNEL_POSITIONS]>,
    bias: [[f32; LANES]; WINDOW_WIDTHS],
}

impl Block {
    fn all(weights: Weights<'_>) -> Vec<Self> {
        let filters = weights.filters();
        let of_block = |row: &[f32], first: usize| {
            let mut lanes = [0.0; LANES];
            lanes
                .iter_mut()
                .zip(&row[first..])
                .for_each(|(x, y)| *x = *y);
            lanes
        };
        let block = |first: usize| Self {
            window: (weights.window.chunks_exact(KERNEL_POSITIONS * filters))
                .map(|row| {
                    std::array::from_fn(|role| of_block(&row[role * filters..][..filters], first))
                })
                .collect(),
            bias: std::array::from_fn(|window| {
                of_block(&weights.bias[window * filters..][..filters], first)
            }),
        };
        (0..filters).step_by(LANES).map(block).collect()
    }

    /// The strongest windows of a text.
    #[inline(always)]
    fn strongest<S: Simd>(
        &self,
        simd: S,
        word: &[f32],
        text: &[u32],
    ) -> [Strongest; WINDOW_WIDTHS] {
        let size = self.window.len();
        let row = |word_of: &u32| &word[*word_of as usize * size..][..size];
        let mut search = Search::new(simd);
        let (groups, rest) = text.as_chunks::<WORDS>();
        for group in groups {
            for added in self.added::<S, WORDS>(simd, group.each_ref().map(row)) {
                search.next_word(simd, added);
            }
        }
        for word in rest {
            let [added] = self.added::<S, 1>(simd, [row(word)]);
            search.next_word(simd, added);
        }
        std::array::from_fn(|window| Strongest {
            strength: (search.strength[window] + load(simd, &self.bias[window])).into(),
            place: search.place[window].into(),
        })
    }

    /// What each of some words adds to windows in each of its roles.
    #[inline(always)]
    fn added<S: Simd, const N: usize>(
        &self,
        simd: S,
        words: [&[f32]; N],
    ) -> [[Vector<S>; KERNEL_POSITIONS]; N] {
        let mut sums = [[splat(simd, 0.0); KERNEL_POSITIONS]; N];
        for (index, weights) in self.window.iter().enumerate() {
            let mut vectors = [splat(simd, 0.0); KERNEL_POSITIONS];
            for (vector, weights) in vectors.iter_mut().zip(weights) {
                *vector = load(simd, weights);
            }
            for (word, sums) in words.iter().zip(&mut sums) {
                let x = splat(simd, word[index]);
                for (sum, vector) in sums.iter_mut().zip(&vectors) {
                    *sum = multiply_add::<_, true>(x, *vector, *sum);
                }
            }
        }
        sums
    }
}

/// A walk through a text, word by word.
struct Search<S: Simd> {
    strength: [Vector<S>; WINDOW_WIDTHS],
    place: [Vector<S>; WINDOW_WIDTHS],
    /// What the last word adds in each of its roles, and the one before.
    before: [[Vector<S>; KERNEL_POSITIONS]; 2],
    word: Vector<S>,
}

impl<S: Simd> Search<S> {
    #[inline(always)]
    fn new(simd: S) -> Self {
        Self {
            strength: [splat(simd, f32::NEG_INFINITY); WINDOW_WIDTHS],
            place: [splat(simd, 0.0); WINDOW_WIDTHS],
            before: [[splat(simd, 0.0); KERNEL_POSITIONS]; 2],
            word: splat(simd, 0.0),
        }
    }

    #[inline(always)]
    fn next_word(&mut self, simd: S, added: [Vector<S>; KERNEL_POSITIONS]) {
        let [last, one_before] = self.before;
        let windows = [
            added[0],
            added[1] + last[2],
            added[3] + last[4] + one_before[5],
        ];
        for ((window, strength), place) in
            (windows.into_iter().zip(&mut self.strength)).zip(&mut self.place)
        {
            // A NaN is not to be passed over: it has to stop the training.
            let stronger = window.simd_gt(*strength) | !window.simd_eq(window);
            *strength = stronger.select(window, *strength);
            *place = stronger.select(self.word, *place);
        }
        self.before = [added, last];
        self.word += splat(simd, 1.0);
    }
}
