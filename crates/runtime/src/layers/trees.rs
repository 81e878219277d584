use alloc::boxed::Box;

use kernels::forest::{Forest, Scorer};
use model::ModelError;

use super::{Layer, LayerKind};

/// Decision trees whose answers add up, on the values of columns as they are: see [`Forest`].
#[derive(Debug, Clone)]
pub struct Trees<'a>(Scorer<'a>);

impl<'a> Trees<'a> {
    /// How the file calls it.
    pub const KIND: LayerKind = LayerKind {
        name: "trees",
        read: |layer, inputs| Ok(Box::new(Trees::read(layer, inputs)?)),
    };

    fn read(layer: &model::Layer<'_, 'a>, inputs: usize) -> Result<Self, ModelError> {
        let forest = Forest {
            start: layer.tensor::<f32, 1>("start")?.0,
            roots: layer.tensor::<u32, 1>("roots")?.0,
            nodes: layer.tensor::<u32, 1>("nodes")?.0,
            edge_starts: layer.vector("edge_starts", inputs + 1)?,
            edges: layer.tensor::<f32, 1>("edges")?.0,
            bin_starts: layer.vector("bin_starts", inputs + 1)?,
            bins: layer.tensor::<u32, 1>("bins")?.0,
        };
        let scorer = Scorer::new(forest);
        Ok(Self(scorer.ok_or_else(|| {
            layer.problem("has nodes that do not fit the columns")
        })?))
    }
}

impl Layer for Trees<'_> {
    fn outputs(&self) -> usize {
        self.0.scores()
    }

    fn forward(&self, input: &[f32], output: &mut [f32]) {
        self.0.add(input, output);
    }
}
