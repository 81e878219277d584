//! From a runner and a model to a module.

use std::borrow::Cow;
use std::ops::Range;

use model::{AlignedBytes, Model, ModelError};
use wasm_encoder::{
    ConstExpr, DataSection, DataSegment, DataSegmentMode, MemorySection, MemoryType, Module,
    RawSection,
};
use wasmparser::{DataKind, Operator, Parser, Payload};

use crate::form::Form;
use crate::runners::{COCOS_RUNNERS, LIBRARY_RUNNERS, RUNNERS, Runner};
use crate::{PAGE, PackError, component};

/// Where the address and the length of the model stand in the slot, after its first byte. The layout is
/// that of `module::slot::Slot`.
const ADDRESS: Range<usize> = 20..24;
const LENGTH: Range<usize> = 24..28;
/// What a slot begins with, and its version: see `module::slot`.
const SLOT_START: &[u8; 20] = b"model goes here\0\x01\0\0\0";

/// Makes a module of `model`, the bytes of a model file, and the runner for its kind of input. The same model
/// gives the same bytes.
///
/// # Errors
///
/// If the model cannot be used.
pub fn pack(model: &[u8]) -> Result<Vec<u8>, PackError> {
    pack_with(&RUNNERS, model)
}

/// The same in another form.
///
/// # Errors
///
/// If the model cannot be used.
pub fn pack_as(form: Form, model: &[u8]) -> Result<Vec<u8>, PackError> {
    match form {
        Form::Command => pack(model),
        Form::Cocos => pack_with(&COCOS_RUNNERS, model),
        Form::Library => pack_with(&LIBRARY_RUNNERS, model),
        Form::Component => component::wrap(&pack_with(&LIBRARY_RUNNERS, model)?),
    }
}

fn pack_with(runners: &[Runner], model: &[u8]) -> Result<Vec<u8>, PackError> {
    let aligned = AlignedBytes::new(model);
    let read = Model::read(&aligned)?;
    let runner = Runner::among(runners, &read.input).ok_or(ModelError::Kind)?;
    runner.pack_read(read, model)
}

/// Appends `model` to the memory of `runner`, a program with a `module::slot`, and enters it there. The model is
/// not looked at.
///
/// # Errors
///
/// If the runner is none, or the model is too large.
pub fn pack_into(runner: &[u8], model: &[u8]) -> Result<Vec<u8>, PackError> {
    let too_large = PackError::TooLarge(model.len());
    let Ok(length) = u32::try_from(model.len()) else {
        return Err(too_large);
    };
    let mut module = Module::new();
    let (mut address, mut entered) = (None, false);
    for payload in Parser::new(0).parse_all(runner) {
        let payload = payload?;
        match &payload {
            Payload::MemorySection(memories) => {
                let mut section = MemorySection::new();
                for memory in memories.clone() {
                    let memory = memory?;
                    let end = memory.initial * PAGE;
                    address = u32::try_from(end).ok();
                    let minimum = (end + u64::from(length)).div_ceil(PAGE);
                    if minimum > u64::from(u32::MAX) / PAGE {
                        return Err(too_large);
                    }
                    section.memory(MemoryType {
                        minimum,
                        maximum: memory.maximum,
                        memory64: memory.memory64,
                        shared: memory.shared,
                        page_size_log2: memory.page_size_log2,
                    });
                }
                module.section(&section);
            }
            Payload::DataCountSection { .. } => {
                return Err(PackError::Layout("it has a data count section"));
            }
            Payload::DataSection(segments) => {
                let address = address.ok_or(PackError::Layout("it has no memory"))?;
                let mut section = DataSection::new();
                for segment in segments.clone() {
                    let segment = segment?;
                    let DataKind::Active {
                        memory_index,
                        offset_expr,
                    } = segment.kind
                    else {
                        return Err(PackError::Layout("it has a passive segment"));
                    };
                    let Ok(Operator::I32Const { value }) =
                        offset_expr.get_operators_reader().read()
                    else {
                        return Err(PackError::Layout("a segment has no fixed place"));
                    };
                    let mut data = Cow::Borrowed(segment.data);
                    if let Some(slot) = slot(segment.data) {
                        let data = data.to_mut();
                        data[slot..][ADDRESS].copy_from_slice(&address.to_le_bytes());
                        data[slot..][LENGTH].copy_from_slice(&length.to_le_bytes());
                        entered = true;
                    }
                    section.active(
                        memory_index,
                        &ConstExpr::i32_const(value),
                        data.iter().copied(),
                    );
                }
                section.segment(DataSegment {
                    mode: DataSegmentMode::Active {
                        memory_index: 0,
                        offset: &ConstExpr::i32_const(address.cast_signed()),
                    },
                    data: model.iter().copied(),
                });
                module.section(&section);
            }
            Payload::CustomSection(_) => {}
            other => {
                if let Some((id, range)) = other.as_section() {
                    let data = &runner[range];
                    module.section(&RawSection { id, data });
                }
            }
        }
    }
    match entered {
        true => Ok(module.finish()),
        false => Err(PackError::Layout("it has no slot for a model")),
    }
}

/// The place of the slot in `data`, if it is there, whole.
pub fn slot(data: &[u8]) -> Option<usize> {
    let mut places = data.windows(LENGTH.end);
    places.position(|place| place.starts_with(SLOT_START))
}

/// The address and the length of the model in the slot at the start of `data`.
pub fn entry(data: &[u8]) -> Option<[u32; 2]> {
    let number =
        |range: Range<usize>| Some(u32::from_le_bytes(*data.get(range)?.first_chunk::<4>()?));
    Some([number(ADDRESS)?, number(LENGTH)?])
}
