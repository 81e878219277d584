//! Checkpoints: a [`State`] as a file, so that a run can be continued as if it had never stopped.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use burn::tensor::Device;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::adam::{Adam, AdamState};
use crate::algorithm::Learner;
use crate::averaging::Average;
use crate::epoch::Epoch;
use crate::error::TrainingError;
use crate::fit::{Best, Run, State};
use crate::parameters;
use crate::report::Identity;

/// Name of the file in the artifacts folder.
pub const NAME: &str = "checkpoint.safetensors";

/// The one key of the file's metadata.
const KEY: &str = "checkpoint";

/// The version of the form of checkpoints: one of another version is refused by name.
const FORMAT: u32 = 2;

/// What every version of a checkpoint says.
#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    format: u32,
}

#[derive(Serialize, Deserialize)]
struct Metadata {
    format: u32,
    identity: Identity,
    history: Vec<Epoch>,
    adam_steps: u64,
    best: Option<(usize, f64)>,
}

/// The groups of tensors in the file, each a list in the order of the model's fields.
#[derive(Default)]
struct Groups {
    model: Vec<Vec<f32>>,
    first: Vec<Vec<f32>>,
    second: Vec<Vec<f32>>,
    average: Vec<Vec<f32>>,
    best: Vec<Vec<f32>>,
}

impl Groups {
    const NAMES: [&str; 5] = ["model", "adam.first", "adam.second", "average", "best"];

    fn each(&mut self) -> [&mut Vec<Vec<f32>>; 5] {
        [
            &mut self.model,
            &mut self.first,
            &mut self.second,
            &mut self.average,
            &mut self.best,
        ]
    }
}

fn tensor_name(group: &str, index: usize) -> String {
    format!("{group}.{index:03}")
}

/// The bytes of the checkpoint of the run `identity`.
///
/// # Errors
///
/// If they cannot be put together, which is a defect of ours.
pub fn to_bytes(identity: &Identity, state: &State) -> Result<Vec<u8>, TrainingError> {
    let adam = state.adam.state();
    let mut groups = Groups {
        model: parameters::read(&state.model),
        first: adam.first,
        second: adam.second,
        average: state.average.state(),
        best: state
            .best
            .as_ref()
            .map(|best| parameters::read(&best.model))
            .unwrap_or_default(),
    };
    let mut tensors = Vec::new();
    for (name, group) in Groups::NAMES.iter().zip(groups.each()) {
        for (index, values) in group.iter().enumerate() {
            let bytes = bytemuck::cast_slice::<f32, u8>(values).to_vec();
            tensors.push((tensor_name(name, index), values.len(), bytes));
        }
    }
    let metadata = serde_json::to_string(&Metadata {
        format: FORMAT,
        identity: identity.clone(),
        history: state.history.clone(),
        adam_steps: adam.steps,
        best: (state.best.as_ref()).map(|best| (best.epoch, best.objective)),
    })?;
    let views = (tensors.iter())
        .map(|(name, length, bytes)| Ok((name, TensorView::new(Dtype::F32, vec![*length], bytes)?)))
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>();
    let metadata = HashMap::from([(KEY.to_owned(), metadata)]);
    Ok(safetensors::serialize(views?, Some(metadata))?)
}

/// A checkpoint that has been read.
pub struct Checkpoint {
    /// The run that it belongs to.
    pub identity: Identity,
    metadata: Metadata,
    groups: Groups,
}

impl Checkpoint {
    /// Reads the file `path`.
    ///
    /// # Errors
    ///
    /// If there is none, or it is no checkpoint of this version.
    pub fn open(path: &Path) -> Result<Self, TrainingError> {
        let bad = |problem: String| TrainingError::BadCheckpoint {
            path: path.into(),
            problem,
        };
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => TrainingError::NoCheckpoint { path: path.into() },
            _ => bad(error.to_string()),
        })?;
        let tensors = SafeTensors::deserialize(&bytes).map_err(|error| bad(error.to_string()))?;
        let (_, header) =
            SafeTensors::read_metadata(&bytes).map_err(|error| bad(error.to_string()))?;
        let metadata = (header.metadata().as_ref())
            .and_then(|map| map.get(KEY))
            .ok_or_else(|| bad("it is not a checkpoint".into()))?;
        let version: Version =
            serde_json::from_str(metadata).map_err(|error| bad(error.to_string()))?;
        if version.format != FORMAT {
            return Err(bad(format!(
                "it is of another version of this program (checkpoint format {}, this one has {FORMAT})",
                version.format
            )));
        }
        let metadata: Metadata =
            serde_json::from_str(metadata).map_err(|error| bad(error.to_string()))?;

        let mut groups = Groups::default();
        for (name, group) in Groups::NAMES.iter().zip(groups.each()) {
            while let Ok(view) = tensors.tensor(&tensor_name(name, group.len())) {
                let (values, _) = view.data().as_chunks::<4>();
                let values: Vec<f32> = values.iter().map(|v| f32::from_le_bytes(*v)).collect();
                if view.dtype() != Dtype::F32 || !values.iter().all(|value| value.is_finite()) {
                    return Err(bad(format!("its {name} is not finite f32 numbers")));
                }
                group.push(values);
            }
        }
        Ok(Self {
            identity: metadata.identity.clone(),
            metadata,
            groups,
        })
    }

    /// Puts the state back into `run`, or returns `None` if it does not fit: another network, or
    /// numbers that contradict each other.
    #[must_use]
    pub fn restore<A: Learner>(self, run: &Run<'_, A>) -> Option<State> {
        let fresh = run.start().model;
        let sizes = |group: &[Vec<f32>]| group.iter().map(Vec::len).collect::<Vec<_>>();
        let trained = parameters::trained_sizes(&fresh);
        let averaged = match run.settings.averaging > 0.0 {
            true => trained.clone(),
            false => Vec::new(),
        };
        let epochs = self.metadata.history.len();
        let fits = sizes(&self.groups.first) == trained
            && sizes(&self.groups.second) == trained
            && sizes(&self.groups.average) == averaged
            && run.settings.are_sound()
            && matches!(self.metadata.best, Some((epoch, _)) if (1..=epochs).contains(&epoch));
        if !fits {
            return None;
        }
        let device: Device = run.device.clone();
        let best = match self.metadata.best {
            None => None,
            Some((epoch, objective)) => Some(Best {
                epoch,
                objective,
                model: parameters::write(burn::module::Module::valid(&fresh), &self.groups.best)?,
            }),
        };
        let state = AdamState {
            steps: self.metadata.adam_steps,
            first: self.groups.first,
            second: self.groups.second,
        };
        Some(State {
            model: parameters::write(fresh, &self.groups.model)?,
            average: Average::from_state(
                run.settings.averaging,
                self.metadata.adam_steps,
                self.groups.average,
                &device,
            ),
            adam: Adam::from_state(state, &device),
            best,
            history: self.metadata.history,
        })
    }
}
