"""The model file: its description and its tensors, also out of a library."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

from .errors import BadModel, NotAModule

_MAGIC = b"model goes here\0"
_SLOT = struct.Struct("<III")
_SLOT_VERSION = 1
_TYPES = {"F32": "<f4", "I16": "<i2", "I8": "i1", "U32": "<u4"}


@dataclass(frozen=True)
class ModelFile:
    """A model file.

    Attributes:
        description: what the model takes, gives and consists of.
        tensors: the tensors by name, such as ``layers.1.weight``, as NumPy arrays that cannot be written.
    """

    description: dict[str, Any]
    tensors: dict[str, Any]


def read_model_file(content: bytes) -> ModelFile:
    """Reads the bytes of a model file, or of a WebAssembly module that has one in it.

    Raises:
        BadModel: if it is no sound model file.
        NotAModule: if it is a WebAssembly module without a model.
    """
    if content[:4] == b"\0asm":
        content = extract(content)
    try:
        return _read(content)
    except (struct.error, ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise BadModel(f"this is not a model file: {error}") from error


def _read(content: bytes) -> ModelFile:
    import numpy

    header, start_of_data = _header(content)
    description = json.loads(header.pop("__metadata__")["model"])
    data = memoryview(content)[start_of_data:]
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        array = numpy.frombuffer(data[start:end], dtype=_TYPES[entry["dtype"]])
        tensors[name] = array.reshape(entry["shape"])
    return ModelFile(description, tensors)


def _header(content: bytes) -> tuple[dict[str, Any], int]:
    """The header of a model file, and where the tensors begin."""
    (length,) = struct.unpack_from("<Q", content)
    if length > len(content) - 8:
        raise ValueError("its header is cut off")
    return json.loads(content[8 : 8 + length]), 8 + length


def read_name(content: bytes) -> str:
    """The name of the model in the bytes of a model file, without NumPy.

    Raises:
        BadModel: if it is no model file.
    """
    try:
        header, _ = _header(content)
        return str(json.loads(header["__metadata__"]["model"])["name"])
    except (struct.error, ValueError, KeyError, TypeError) as error:
        raise BadModel(f"this is not a model file: {error}") from error


def extract(module: bytes) -> bytes:
    """The model file in a WebAssembly module.

    Raises:
        NotAModule: if there is none, or the module is not sound.
    """
    try:
        segments = _segments(module)
    except (IndexError, struct.error, ValueError) as error:
        raise NotAModule("the WebAssembly module is cut off") from error
    for _, data in segments:
        place = data.find(_MAGIC)
        if place < 0 or place + len(_MAGIC) + _SLOT.size > len(data):
            continue
        version, address, length = _SLOT.unpack_from(data, place + len(_MAGIC))
        if version != _SLOT_VERSION:
            raise NotAModule(f"the place of the model has the unknown version {version}")
        for start, content in segments:
            offset = address - start
            if length and start >= 0 and 0 <= offset and offset + length <= len(content):
                return content[offset : offset + length]
    raise NotAModule("the WebAssembly module has no model in it")


def _segments(module: bytes) -> list[tuple[int, bytes]]:
    """The active data segments of a module: address and bytes.

    The format: https://webassembly.github.io/spec/core/binary/modules.html#data-section
    """
    if module[:8] != b"\0asm\x01\0\0\0":
        raise NotAModule("this is not a WebAssembly module")
    place, segments = 8, []
    while place < len(module):
        section = module[place]
        size, place = _unsigned(module, place + 1)
        end = place + size
        if end > len(module):
            raise ValueError("a section is cut off")
        if section == 11:
            count, place = _unsigned(module, place)
            for _ in range(count):
                start, data, place = _segment(module, place)
                segments.append((start, data))
        place = end
    return segments


def _segment(module: bytes, place: int) -> tuple[int, bytes, int]:
    mode, place = _unsigned(module, place)
    # A passive segment has no address.
    start = -1
    if mode == 2:
        _, place = _unsigned(module, place)
    if mode in (0, 2):
        # `i32.const address`, `end`: a linker writes no other expression.
        if module[place] != 0x41:
            raise ValueError("a segment is at a computed address")
        start, place = _signed(module, place + 1)
        if module[place] != 0x0B:
            raise ValueError("a segment is at a computed address")
        start, place = start & 0xFFFF_FFFF, place + 1
    size, place = _unsigned(module, place)
    return start, module[place : place + size], place + size


def _unsigned(module: bytes, place: int) -> tuple[int, int]:
    """A number in LEB128, and the place behind it."""
    number = shift = 0
    while True:
        byte = module[place]
        place += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return number, place


def _signed(module: bytes, place: int) -> tuple[int, int]:
    first = place
    number, place = _unsigned(module, place)
    if module[place - 1] & 0x40:
        number -= 1 << 7 * (place - first)
    return number, place
