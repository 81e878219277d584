use std::path::Path;

use wasmi::errors::HostError as Marker;
use wasmi::{Caller, Engine, Extern, Linker, Memory, Module, Store};

use crate::{HostError, Request, Response};

/// Error numbers of WASI snapshot preview 1.
mod errno {
    pub const SUCCESS: u32 = 0;
    /// Bad file descriptor.
    pub const BADF: u32 = 8;
    /// Bad address.
    pub const FAULT: u32 = 21;
    /// Not permitted.
    pub const NOTCAPABLE: u32 = 76;
}

/// A module in an interpreter whose host side is five functions: `args_get`, `args_sizes_get`,
/// `fd_read`, `fd_write`, `proc_exit`. A module that imports anything else does not load, unless it is opened for
/// Cocos: that adds `path_open`.
///
/// See <https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md>.
pub struct Embedded {
    module: Module,
    linker: Linker<Process>,
}

/// The state of one run.
struct Process {
    arguments: Vec<Vec<u8>>,
    input: Vec<u8>,
    /// How much of `input` has been read.
    position: usize,
    output: Vec<u8>,
    error: Vec<u8>,
    /// Whether there is a folder, which is descriptor 3.
    has_folder: bool,
    /// What is in the one file that may be opened, once it is open as descriptor 4.
    result: Option<Vec<u8>>,
}

/// The file that a module for Cocos opens.
const RESULT: &str = "result.txt";

/// How `proc_exit` leaves the module.
#[derive(Debug)]
struct Exit(i32);

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit with {}", self.0)
    }
}

impl Marker for Exit {}

impl Embedded {
    /// Loads the module in the file `path`.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is no module.
    pub fn open(path: &Path) -> Result<Self, HostError> {
        let wasm = crate::read(path)?;
        let engine = Engine::default();
        Ok(Self {
            module: Module::new(&engine, &wasm)?,
            linker: linker(&engine)?,
        })
    }

    /// The same for a module of the form for Cocos, which may open `result.txt` as well.
    ///
    /// # Errors
    ///
    /// If there is no such file, or it is no module.
    pub fn open_for_cocos(path: &Path) -> Result<Self, HostError> {
        let mut embedded = Self::open(path)?;
        link_path_open(&mut embedded.linker)?;
        Ok(embedded)
    }

    /// Runs the module once, in a memory of its own.
    ///
    /// # Errors
    ///
    /// If it imports more than it may, or traps.
    pub fn run(&self, request: Request<'_>) -> Result<Response, HostError> {
        self.run_in(None, request)
    }

    /// Runs the module once, with a folder or without one.
    ///
    /// # Errors
    ///
    /// If it imports more than it may, or traps, or its file cannot be written to the folder.
    pub fn run_in(
        &self,
        folder: Option<&Path>,
        request: Request<'_>,
    ) -> Result<Response, HostError> {
        let mut arguments = vec![b"module".to_vec()];
        arguments.extend(
            request
                .arguments
                .iter()
                .map(|text| text.as_bytes().to_vec()),
        );
        let process = Process {
            arguments,
            input: request.input.to_vec(),
            position: 0,
            output: Vec::new(),
            error: Vec::new(),
            has_folder: folder.is_some(),
            result: None,
        };
        let mut store = Store::new(self.module.engine(), process);
        let instance = self
            .linker
            .instantiate_and_start(&mut store, &self.module)?;
        let start = instance.get_typed_func::<(), ()>(&store, "_start")?;
        let code = match start.call(&mut store, ()) {
            Ok(()) => 0,
            Err(error) => match error.downcast_ref::<Exit>() {
                Some(exit) => exit.0,
                None => return Err(HostError::Trap(error)),
            },
        };
        let memory = instance.get_memory(&store, "memory");
        let memory = memory.map(|memory| memory.data_size(&store));
        let process = store.into_data();
        if let (Some(folder), Some(result)) = (folder, process.result) {
            std::fs::write(folder.join(RESULT), result)?;
        }
        Ok(Response {
            output: process.output,
            error: process.error,
            code,
            memory,
        })
    }
}

const WASI: &str = "wasi_snapshot_preview1";

/// Lets a module open [`RESULT`] to write it anew, and nothing else.
fn link_path_open(linker: &mut Linker<Process>) -> Result<(), wasmi::Error> {
    /// Make the file, and empty it.
    const CREATE_AND_TRUNCATE: u32 = 1 | 8;
    /// The right to write.
    const WRITE: u64 = 1 << 6;
    linker.func_wrap(
        WASI,
        "path_open",
        |caller: Caller<'_, Process>,
         folder: u32,
         lookup: u32,
         path: u32,
         length: u32,
         how: u32,
         rights: u64,
         inherited: u64,
         flags: u32,
         file: u32|
         -> u32 {
            guarded(caller, |memory, process| {
                if folder != 3 || !process.has_folder {
                    return Some(errno::BADF);
                }
                let path = memory.get(path as usize..)?.get(..length as usize)?;
                let asked = (path, lookup, how, rights, inherited, flags);
                if asked != (RESULT.as_bytes(), 0, CREATE_AND_TRUNCATE, WRITE, 0, 0) {
                    return Some(errno::NOTCAPABLE);
                }
                process.result = Some(Vec::new());
                store(memory, file, &4_u32.to_le_bytes())?;
                Some(errno::SUCCESS)
            })
        },
    )?;
    Ok(())
}

fn linker(engine: &Engine) -> Result<Linker<Process>, wasmi::Error> {
    let mut linker = Linker::new(engine);
    linker.func_wrap(
        WASI,
        "args_sizes_get",
        |caller: Caller<'_, Process>, count: u32, size: u32| -> u32 {
            guarded(caller, |memory, process| {
                let total: usize = process.arguments.iter().map(|text| text.len() + 1).sum();
                store(
                    memory,
                    count,
                    &(process.arguments.len() as u32).to_le_bytes(),
                )?;
                store(memory, size, &(total as u32).to_le_bytes())?;
                Some(errno::SUCCESS)
            })
        },
    )?;
    linker.func_wrap(
        WASI,
        "args_get",
        |caller: Caller<'_, Process>, pointers: u32, text: u32| -> u32 {
            guarded(caller, |memory, process| {
                let mut at = text;
                for (index, argument) in process.arguments.iter().enumerate() {
                    store(memory, pointers + 4 * index as u32, &at.to_le_bytes())?;
                    store(memory, at, argument)?;
                    at += argument.len() as u32;
                    store(memory, at, &[0])?;
                    at += 1;
                }
                Some(errno::SUCCESS)
            })
        },
    )?;
    linker.func_wrap(
        WASI,
        "fd_read",
        |caller: Caller<'_, Process>, fd: u32, buffers: u32, count: u32, read: u32| -> u32 {
            guarded(caller, |memory, process| {
                if fd != 0 {
                    return Some(errno::BADF);
                }
                let mut total = 0;
                for index in 0..count {
                    let (start, length) = buffer(memory, buffers, index)?;
                    let rest = &process.input[process.position..];
                    let part = &rest[..rest.len().min(length as usize)];
                    store(memory, start, part)?;
                    process.position += part.len();
                    total += part.len() as u32;
                }
                store(memory, read, &total.to_le_bytes())?;
                Some(errno::SUCCESS)
            })
        },
    )?;
    linker.func_wrap(
        WASI,
        "fd_write",
        |caller: Caller<'_, Process>, fd: u32, buffers: u32, count: u32, written: u32| -> u32 {
            guarded(caller, |memory, process| {
                let mut total = 0;
                for index in 0..count {
                    let (start, length) = buffer(memory, buffers, index)?;
                    let bytes = memory.get(start as usize..)?.get(..length as usize)?;
                    let target = match fd {
                        1 => &mut process.output,
                        2 => &mut process.error,
                        4 => match &mut process.result {
                            Some(result) => result,
                            None => return Some(errno::BADF),
                        },
                        _ => return Some(errno::BADF),
                    };
                    target.extend_from_slice(bytes);
                    total += length;
                }
                store(memory, written, &total.to_le_bytes())?;
                Some(errno::SUCCESS)
            })
        },
    )?;
    linker.func_wrap(WASI, "proc_exit", |code: i32| -> Result<(), wasmi::Error> {
        Err(wasmi::Error::host(Exit(code)))
    })?;
    Ok(linker)
}

/// Runs a call on the module's memory; `None` from it is an address outside.
fn guarded(
    mut caller: Caller<'_, Process>,
    call: impl FnOnce(&mut [u8], &mut Process) -> Option<u32>,
) -> u32 {
    let memory: Option<Memory> = caller.get_export("memory").and_then(Extern::into_memory);
    let Some(memory) = memory else {
        return errno::FAULT;
    };
    let (memory, process) = memory.data_and_store_mut(&mut caller);
    call(memory, process).unwrap_or(errno::FAULT)
}

fn store(memory: &mut [u8], address: u32, bytes: &[u8]) -> Option<()> {
    let target = memory.get_mut(address as usize..)?.get_mut(..bytes.len())?;
    target.copy_from_slice(bytes);
    Some(())
}

/// The buffer number `index` of a list of pairs of address and length.
fn buffer(memory: &[u8], list: u32, index: u32) -> Option<(u32, u32)> {
    let word = |address: u32| -> Option<u32> {
        let bytes = memory.get(address as usize..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*bytes))
    };
    Some((word(list + 8 * index)?, word(list + 8 * index + 4)?))
}
