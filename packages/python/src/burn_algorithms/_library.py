"""One instance of a library: bytes in, bytes out, by the contract in ``docs/library.md``."""

from __future__ import annotations

import struct
from typing import Optional, Union

from wasmtime import Func, Instance, Memory, Module, Store, Trap, WasmtimeError

from ._call import STOPPED, Bound, bind
from ._engine import engine
from .errors import BadModel, NotAModule, OutOfMemory, WrongVersion

#: The version of the contract that this package knows.
VERSION = 1

ANSWERED = 0
BAD_MODEL = 1
BAD_INPUT = 2

EXPLAIN = 1
STRICT = 2
LINES = 4

#: Bytes of an input: anything that a ``memoryview`` can be made of.
Buffer = Union[bytes, bytearray, memoryview]

_OUTCOME = struct.Struct("<III")
_LEAST_BUFFER = 4096


class Library:
    """An instance with its memory. It serves one call at a time.

    Args:
        module: the compiled library.
        max_memory: the most bytes that its memory may grow to; ``None`` for no limit.

    Raises:
        OutOfMemory: if the library needs more memory than that to start.
        WrongVersion: if it keeps to another version of the contract.
        NotAModule: if an export is not what the contract says.
    """

    def __init__(self, module: Module, max_memory: Optional[int]) -> None:
        self._store = Store(engine())
        if max_memory is not None:
            self._store.set_limits(memory_size=max_memory)
        try:
            instance = Instance(self._store, module, [])
        except (Trap, WasmtimeError) as error:
            raise OutOfMemory(f"the library cannot start: {_reason(error)}") from error
        self._exports = instance.exports(self._store)
        memory = self._exports["memory"]
        if not isinstance(memory, Memory):
            raise NotAModule("the export `memory` of the module is not a memory")
        self._memory = memory
        self._size = -1
        self._view = memoryview(b"")
        version = self._bind("library_version", 0)()
        if version != VERSION:
            raise WrongVersion(
                f"the library has version {version} of the contract, and this package knows "
                f"version {VERSION}: use the package of the same release",
                version,
                VERSION,
            )
        self._alloc = self._bind("alloc", 1)
        self._free = self._bind("free", 1)
        self._predict = self._bind("predict", 3)
        self._predict_numbers = self._bind("predict_numbers", 2)
        self._describe = self._bind("describe", 0)
        self._buffer = 0
        self._capacity = 0

    def predict(self, text: Buffer, options: int) -> tuple[int, bytes]:
        """The status and the text of the answer to ``text``, which is JSON in UTF-8."""
        try:
            address = self._write(text)
            status, start, end = self._outcome(self._predict(address, len(text), options))
        except STOPPED as error:
            raise _stopped(error) from error
        return status, bytes(self._view[start:end])

    def write_numbers(self, numbers: Buffer) -> int:
        """Copies 32-bit floats into the library's memory, and returns their address there."""
        try:
            return self._write(numbers)
        except STOPPED as error:
            raise _stopped(error) from error

    def predict_numbers(self, address: int, count: int) -> tuple[int, bytearray]:
        """The status and the bytes of the answers to ``count`` floats at ``address``."""
        try:
            status, start, end = self._outcome(self._predict_numbers(address, count))
        except STOPPED as error:
            raise _stopped(error) from error
        return status, bytearray(self._view[start:end])

    def describe(self) -> tuple[int, bytes]:
        """The status and the JSON text that describes the model."""
        try:
            status, start, end = self._outcome(self._describe())
        except STOPPED as error:
            raise _stopped(error) from error
        return status, bytes(self._view[start:end])

    def counts(self) -> tuple[int, int]:
        """How many floats one input is, 0 if an input is more than numbers, and how many answer it."""
        try:
            return self._bind("input_numbers", 0)(), self._bind("output_numbers", 0)()
        except STOPPED as error:
            raise _stopped(error) from error

    def _bind(self, name: str, count: int) -> Bound:
        function = self._exports[name]
        if not isinstance(function, Func):
            raise NotAModule(f"the export `{name}` of the module is not a function")
        kind = function.type(self._store)
        results = 0 if name == "free" else 1
        types = [str(each) for each in [*kind.params, *kind.results]]
        if types != ["i32"] * (count + results) or len(kind.params) != count:
            raise NotAModule(f"the export `{name}` of the module has another type than expected")
        return bind(self._store, function, count)

    def _write(self, content: Buffer) -> int:
        """Copies ``content`` to a buffer in the library that is kept from call to call."""
        size = len(content)
        if size > self._capacity:
            self._free(self._buffer)
            self._buffer = self._capacity = 0
            wanted = max(size, _LEAST_BUFFER)
            self._buffer = self._alloc(wanted)
            if self._buffer == 0:
                raise OutOfMemory(f"the library has no memory for an input of {size} bytes")
            self._capacity = wanted
        self._refresh()
        if self._buffer + size > self._size:
            raise BadModel("the library gave memory that it does not have")
        self._view[self._buffer : self._buffer + size] = content
        return self._buffer

    def _outcome(self, address: int) -> tuple[int, int, int]:
        """The status, and where the bytes of an outcome begin and end."""
        self._refresh()
        if address + _OUTCOME.size <= self._size:
            status, start, length = _OUTCOME.unpack_from(self._view, address)
            if start + length <= self._size:
                return status, start, start + length
        raise BadModel("the library answered outside of its memory")

    def _refresh(self) -> None:
        """Finds the memory again if it has grown, since it may have moved then."""
        size = self._memory.data_len(self._store)
        if size != self._size:
            self._view = memoryview(self._memory.get_buffer_ptr(self._store)).cast("B")
            self._size = size


def _stopped(error: Exception) -> OutOfMemory:
    return OutOfMemory(
        f"the library stopped, most likely because memory ran out: {_reason(error)}"
    )


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
