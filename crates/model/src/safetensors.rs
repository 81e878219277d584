//! The tensors of a safetensors file, borrowed from its bytes
//! (<https://github.com/huggingface/safetensors#format>).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use bytemuck::{AnyBitPattern, try_cast_slice};

use crate::error::ModelError;
use crate::json;

/// Bytes before the header: its length, as a little-endian `u64`.
const PREFIX: usize = 8;
/// More tensors than any model of this size has; more would take long to look through.
const MOST_TENSORS: usize = 4096;
/// Dimensions of a tensor, at most.
pub const DIMENSIONS: usize = 4;

/// The type of a tensor's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dtype {
    /// 32-bit floats.
    F32,
    /// Signed numbers of 16 bits.
    I16,
    /// Signed bytes.
    I8,
    /// Bytes.
    U8,
    /// 32-bit whole numbers from 0.
    U32,
}

impl Dtype {
    /// Bytes of a number.
    const fn size(self) -> usize {
        match self {
            Self::F32 | Self::U32 => 4,
            Self::I16 => 2,
            Self::I8 | Self::U8 => 1,
        }
    }

    #[inline(never)]
    fn read(name: &str) -> Option<Self> {
        match name {
            "\"F32\"" => Some(Self::F32),
            "\"I16\"" => Some(Self::I16),
            "\"I8\"" => Some(Self::I8),
            "\"U8\"" => Some(Self::U8),
            "\"U32\"" => Some(Self::U32),
            _ => None,
        }
    }
}

/// A number that a tensor can consist of.
pub trait Number: AnyBitPattern {
    /// Its type in the file.
    const DTYPE: Dtype;
}

impl Number for f32 {
    const DTYPE: Dtype = Dtype::F32;
}

impl Number for i16 {
    const DTYPE: Dtype = Dtype::I16;
}

impl Number for i8 {
    const DTYPE: Dtype = Dtype::I8;
}

impl Number for u8 {
    const DTYPE: Dtype = Dtype::U8;
}

impl Number for u32 {
    const DTYPE: Dtype = Dtype::U32;
}

/// A tensor.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tensor<'a> {
    /// As it is written in the header.
    name: &'a str,
    dtype: Dtype,
    shape: Counts,
    bytes: &'a [u8],
}

/// All tensors of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tensors<'a> {
    tensors: Vec<Tensor<'a>>,
    metadata: Option<&'a str>,
}

fn bad(problem: &'static str) -> ModelError {
    ModelError::Safetensors(problem)
}

impl<'a> Tensors<'a> {
    /// Reads the header of a file, and checks that every tensor lies within `bytes`.
    ///
    /// # Errors
    ///
    /// If the file is cut off, its header is no JSON of the right form, a name is there twice, or a
    /// tensor is not where it should be.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let (length, rest) = bytes
            .split_first_chunk::<PREFIX>()
            .ok_or(bad("it is too short"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let (header, data) = rest
            .split_at_checked(length)
            .ok_or(bad("its header is cut off"))?;
        let header = str::from_utf8(header).map_err(|_| bad("its header is not UTF-8"))?;
        let header = json::value(header).map_err(|_| bad("its header is not JSON"))?;
        if !header.starts_with('{') {
            return Err(bad("its header is not an object"));
        }
        let (mut tensors, mut metadata) = (Vec::new(), None);
        for (name, value) in json::members(header) {
            if name == "__metadata__" {
                metadata = Some(value);
                continue;
            }
            if tensors.len() == MOST_TENSORS {
                return Err(bad("it has too many tensors"));
            }
            if tensors
                .iter()
                .any(|before: &Tensor<'_>| before.name == name)
            {
                return Err(bad("a name is there twice"));
            }
            tensors.push(tensor(name, value, data)?);
        }
        Ok(Self { tensors, metadata })
    }

    /// The entry `key` of the metadata.
    #[must_use]
    #[inline(never)]
    pub fn metadata(&self, key: &str) -> Option<Cow<'a, str>> {
        let metadata = self.metadata.filter(|json| json.starts_with('{'))?;
        let (_, value) = json::members(metadata).find(|(name, _)| *name == key)?;
        json::string(value)
    }

    /// The numbers and the shape of the tensor `name`; `None` if there is none of this type and
    /// number of dimensions. Numbers of two or four bytes have to be aligned as such in memory.
    #[must_use]
    pub fn get<T: Number, const D: usize>(&self, name: &str) -> Option<(&'a [T], [usize; D])> {
        let tensor = self.find(name, T::DTYPE)?;
        let shape = <[usize; D]>::try_from(tensor.shape.as_slice()).ok()?;
        Some((try_cast_slice(tensor.bytes).ok()?, shape))
    }

    #[inline(never)]
    fn find(&self, name: &str, dtype: Dtype) -> Option<&Tensor<'a>> {
        let mut tensors = self.tensors.iter();
        tensors.find(|tensor| tensor.name == name && tensor.dtype == dtype)
    }

    /// How many numbers all tensors have together.
    #[must_use]
    pub fn numbers(&self) -> usize {
        let of = |tensor: &Tensor<'_>| tensor.bytes.len() / tensor.dtype.size();
        self.tensors.iter().map(of).sum()
    }

    /// Whether every float is finite.
    #[must_use]
    pub fn are_finite(&self) -> bool {
        let floats = self.tensors.iter().filter(|t| t.dtype == Dtype::F32);
        floats.into_iter().all(|tensor| {
            let (floats, _) = tensor.bytes.as_chunks::<4>();
            (floats.iter()).all(|bytes| f32::from_le_bytes(*bytes).is_finite())
        })
    }
}

/// Reads an entry of the header.
#[inline(never)]
fn tensor<'a>(name: &'a str, entry: &'a str, data: &'a [u8]) -> Result<Tensor<'a>, ModelError> {
    let (mut dtype, mut shape, mut offsets) = (None, None, None);
    if entry.starts_with('{') {
        for (key, value) in json::members(entry) {
            match key {
                "dtype" => dtype = Dtype::read(value),
                "shape" => shape = counts(value),
                "data_offsets" => offsets = counts(value),
                _ => {}
            }
        }
    }
    let dtype = dtype.ok_or(bad("a tensor has an unknown type"))?;
    let shape = shape.ok_or(bad("a tensor has no usable shape"))?;
    let Some([start, end]) = offsets.as_ref().map(Counts::as_slice) else {
        return Err(bad("a tensor has no usable offsets"));
    };
    let size =
        (shape.as_slice().iter()).try_fold(dtype.size(), |size, side| size.checked_mul(*side));
    let bytes = data.get(*start..*end).filter(|b| Some(b.len()) == size);
    Ok(Tensor {
        name,
        dtype,
        shape,
        bytes: bytes.ok_or(bad("a tensor is not where its offsets say"))?,
    })
}

/// A few whole numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    counts: [usize; DIMENSIONS],
    length: usize,
}

impl Counts {
    fn as_slice(&self) -> &[usize] {
        self.counts.get(..self.length).unwrap_or_default()
    }
}

/// Reads a list of a few whole numbers.
#[inline(never)]
fn counts(json: &str) -> Option<Counts> {
    if !json.starts_with('[') {
        return None;
    }
    let mut counts = Counts::default();
    for item in json::items(json) {
        *counts.counts.get_mut(counts.length)? = json::count(item)?;
        counts.length += 1;
    }
    Some(counts)
}
