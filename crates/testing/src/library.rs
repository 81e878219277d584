//! The library form of a module in an interpreter that gives it nothing.

use serde_json::Value;
use wasmi::{Engine, Instance, Linker, Memory, Module, Store};

use crate::HostError;

const OUTSIDE: &str = "an address outside of its memory";

/// Bits of the options of [`Library::predict`], as `docs/library.md` has them.
pub mod option {
    /// With what weighed most.
    pub const EXPLAIN: u32 = 1;
    /// Refuse what is unusual.
    pub const STRICT: u32 = 2;
    /// Each line is an input of its own.
    pub const LINES: u32 = 4;
}

/// A library that is ready.
pub struct Library {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// 0 if there is an answer.
    pub status: u32,
    /// The answer, or an error in JSON.
    pub bytes: Vec<u8>,
}

impl Outcome {
    /// The bytes as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The bytes as floats.
    #[must_use]
    pub fn numbers(&self) -> Vec<f32> {
        let (numbers, _) = self.bytes.as_chunks::<4>();
        numbers.iter().map(|b| f32::from_le_bytes(*b)).collect()
    }

    /// The entry `name` of an error.
    #[must_use]
    pub fn entry(&self, name: &str) -> Value {
        let object: Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        object.get(name).cloned().unwrap_or_default()
    }
}

impl Library {
    /// Loads `wasm`.
    ///
    /// # Errors
    ///
    /// If it is no module, or imports anything.
    pub fn new(wasm: &[u8]) -> Result<Self, HostError> {
        let engine = Engine::default();
        let module = Module::new(&engine, wasm)?;
        let mut store = Store::new(&engine, ());
        let instance = Linker::new(&engine).instantiate_and_start(&mut store, &module)?;
        let memory = instance.get_memory(&store, "memory");
        let memory = memory.ok_or_else(|| wasmi::Error::new("it exports no memory"))?;
        Ok(Self {
            store,
            instance,
            memory,
        })
    }

    /// Answers JSON text.
    ///
    /// # Errors
    ///
    /// If it traps.
    pub fn predict(&mut self, input: &[u8], options: u32) -> Result<Outcome, HostError> {
        let (address, length) = self.put(input)?;
        let predict =
            (self.instance).get_typed_func::<(u32, u32, u32), u32>(&self.store, "predict")?;
        let outcome = predict.call(&mut self.store, (address, length, options))?;
        let outcome = self.outcome(outcome)?;
        self.free(address)?;
        Ok(outcome)
    }

    /// Answers plain numbers.
    ///
    /// # Errors
    ///
    /// If it traps.
    pub fn predict_numbers(&mut self, values: &[f32]) -> Result<Outcome, HostError> {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let (address, _) = self.put(&bytes)?;
        let outcome = self.predict_numbers_at(address, values.len() as u32)?;
        self.free(address)?;
        Ok(outcome)
    }

    /// Answers `count` plain numbers at an address that need not be one of `alloc`.
    ///
    /// # Errors
    ///
    /// If it traps.
    pub fn predict_numbers_at(&mut self, address: u32, count: u32) -> Result<Outcome, HostError> {
        let predict =
            (self.instance).get_typed_func::<(u32, u32), u32>(&self.store, "predict_numbers")?;
        let outcome = predict.call(&mut self.store, (address, count))?;
        self.outcome(outcome)
    }

    /// Answers a string as the component does; returns the first byte of the result: 0 of an answer, 1 of an error.
    ///
    /// # Errors
    ///
    /// If it traps.
    pub fn component_predict(&mut self, address: u32, length: u32) -> Result<[u8; 1], HostError> {
        let name = "cm32p2||predict";
        let predict = (self.instance).get_typed_func::<(u32, u32), u32>(&self.store, name)?;
        let result = predict.call(&mut self.store, (address, length))?;
        let mut tag = [0];
        let read = self.memory.read(&self.store, result as usize, &mut tag);
        read.map_err(|_| wasmi::Error::new(OUTSIDE))?;
        Ok(tag)
    }

    /// Memory for a string, as a component gets it.
    ///
    /// # Errors
    ///
    /// If it traps.
    pub fn reallocate(&mut self, address: u32, old: u32, size: u32) -> Result<u32, HostError> {
        let name = "cm32p2_realloc";
        let realloc =
            (self.instance).get_typed_func::<(u32, u32, u32, u32), u32>(&self.store, name)?;
        Ok(realloc.call(&mut self.store, (address, old, 1, size))?)
    }

    /// Writes `bytes` to its memory.
    ///
    /// # Errors
    ///
    /// If the address is outside of it.
    pub fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), HostError> {
        let written = self.memory.write(&mut self.store, address as usize, bytes);
        Ok(written.map_err(|_| wasmi::Error::new(OUTSIDE))?)
    }

    /// What the model is.
    ///
    /// # Errors
    ///
    /// If it traps.
    pub fn describe(&mut self) -> Result<Outcome, HostError> {
        let outcome = self.number("describe")?;
        self.outcome(outcome)
    }

    /// Calls the function `name`, which takes nothing and gives a number.
    ///
    /// # Errors
    ///
    /// If there is no such function, or it traps.
    pub fn number(&mut self, name: &str) -> Result<u32, HostError> {
        let function = self.instance.get_typed_func::<(), u32>(&self.store, name)?;
        Ok(function.call(&mut self.store, ())?)
    }

    /// Bytes of memory that it has.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// Puts `bytes` into its memory; returns their address and length.
    fn put(&mut self, bytes: &[u8]) -> Result<(u32, u32), HostError> {
        let length = bytes.len() as u32;
        let alloc = self
            .instance
            .get_typed_func::<u32, u32>(&self.store, "alloc")?;
        let address = alloc.call(&mut self.store, length)?;
        self.write(address, bytes)?;
        Ok((address, length))
    }

    fn free(&mut self, address: u32) -> Result<(), HostError> {
        let free = self
            .instance
            .get_typed_func::<u32, ()>(&self.store, "free")?;
        Ok(free.call(&mut self.store, address)?)
    }

    /// Reads the outcome at `address`.
    fn outcome(&self, address: u32) -> Result<Outcome, HostError> {
        let memory = self.memory.data(&self.store);
        let word = |place: u32| {
            let bytes = memory.get(place as usize..)?.first_chunk::<4>()?;
            Some(u32::from_le_bytes(*bytes))
        };
        let outcome = || {
            let (status, start, length) = (word(address)?, word(address + 4)?, word(address + 8)?);
            let bytes = memory
                .get(start as usize..)?
                .get(..length as usize)?
                .to_vec();
            Some(Outcome { status, bytes })
        };
        let outside = || wasmi::Error::new(OUTSIDE);
        Ok(outcome().ok_or_else(outside)?)
    }
}
