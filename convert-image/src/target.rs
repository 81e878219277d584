//! What a model takes, for pictures of anything.

use std::fs;
use std::path::{Path, PathBuf};

use model::{AlignedBytes, Input, InputKind, Model, ModelError};
use pack::PackError;
use pictures::{DecodeError, grey, prepare};
use thiserror::Error;

/// Name of the models of digits, whose pictures are prepared as [`convert`](crate::convert()) does.
const DIGITS: &str = "mnist";
/// What a Wasm module starts with.
const WASM: &[u8] = b"\0asm";

/// A file from which it cannot be told what a model takes.
#[derive(Debug, Error)]
pub enum TargetError {
    /// A file that cannot be read.
    #[error("cannot read `{}`: {source}; give a module, or its model.safetensors", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A module without a model in it.
    #[error("`{}`: {source}; give its model.safetensors", path.display())]
    Module {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PackError,
    },
    /// A model that is not for pictures, or is no model.
    #[error("`{}`: {source}; expected a model of pictures", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// Why.
        source: ModelError,
    },
    /// A model of pictures with other pixels.
    #[error("`{}`: pixels of {channels} channels up to {maximum}; expected 1 or 3 up to 255", path.display())]
    Pixels {
        /// The file.
        path: PathBuf,
        /// Numbers of a pixel.
        channels: usize,
        /// Largest value of each.
        maximum: u32,
    },
}

/// The form of the pictures that a model takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Width, in pixels.
    pub width: usize,
    /// Height, in pixels.
    pub height: usize,
    /// 1 for grey, 3 for red, green and blue.
    pub channels: usize,
}

impl Target {
    /// Reads what the model in the file `path` takes: a packed module, or a `model.safetensors`. `None` is a model of digits.
    ///
    /// # Errors
    ///
    /// If there is no model of pictures in it.
    pub fn read(path: &Path) -> Result<Option<Self>, TargetError> {
        let mut bytes = fs::read(path).map_err(|source| TargetError::Read {
            path: path.into(),
            source,
        })?;
        if bytes.starts_with(WASM) {
            let wrong = |source| TargetError::Module {
                path: path.into(),
                source,
            };
            let found = pack::inspect(&bytes).map_err(wrong)?;
            bytes = found.model.ok_or_else(|| wrong(PackError::NotPacked))?;
        }
        let bytes = AlignedBytes::new(&bytes);
        let wrong = |source| TargetError::Model {
            path: path.into(),
            source,
        };
        let model = Model::read_as(&bytes, &[InputKind::IMAGE]).map_err(wrong)?;
        let Input::Image(image) = &model.input else {
            return Err(wrong(ModelError::Kind));
        };
        if model.name == DIGITS {
            return Ok(None);
        }
        if ![1, 3].contains(&image.channels) || image.maximum != u32::from(u8::MAX) {
            return Err(TargetError::Pixels {
                path: path.into(),
                channels: image.channels,
                maximum: image.maximum,
            });
        }
        Ok(Some(Self {
            width: image.width,
            height: image.height,
            channels: image.channels,
        }))
    }

    /// The picture in `bytes` as the model takes it: a JSON array of pixels.
    ///
    /// # Errors
    ///
    /// If there is no picture in them.
    pub fn json(self, bytes: &[u8]) -> Result<String, DecodeError> {
        let mut pixels = prepare(bytes, [self.width, self.height])?;
        if self.channels == 1 {
            pixels = grey(&pixels);
        }
        let pixels: Vec<_> = pixels.iter().map(u8::to_string).collect();
        Ok(format!("[{}]", pixels.join(", ")))
    }
}
