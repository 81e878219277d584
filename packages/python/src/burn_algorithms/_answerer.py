"""A library that is always ready: it takes the instance that a trap has stopped out of use."""

from __future__ import annotations

import json
import re
import threading
from typing import Any, Optional

from ._engine import compile_library
from ._library import ANSWERED, BAD_MODEL, Library
from .errors import BadModel, InputError, OutOfMemory

#: A batch is given to the library in parts of about so many bytes, so that its memory stays small.
PART = 1 << 20

_ITEM = re.compile(r"^item \d+: ")


class Answerer:
    """Answers bytes with bytes, one call at a time.

    Args:
        content: the bytes of the library.
        digest: their SHA-256, in hexadecimal digits.
        max_memory: the most bytes of memory that the library may use; ``None`` for no limit.
    """

    def __init__(self, content: bytes, digest: str, max_memory: Optional[int]) -> None:
        self.compiled = compile_library(content, digest)
        self._max_memory = max_memory
        self._lock = threading.Lock()
        self._library: Optional[Library] = Library(self.compiled, max_memory)

    def describe(self) -> dict[str, Any]:
        """The description of the model."""
        with self._lock:
            status, text = self._ready().describe()
        if status != ANSWERED:
            raise _refusal(status, text)
        description: dict[str, Any] = parse(text)
        return description

    def counts(self) -> tuple[int, int]:
        """How many floats one input is, 0 if an input is more than numbers, and how many answer it."""
        with self._lock:
            return self._ready().counts()

    def answer(self, text: bytes, options: int) -> bytes:
        """The answer to JSON text.

        Raises:
            InputError: if an input cannot be answered.
            BadModel: if the model cannot be used.
            OutOfMemory: if the library got no more memory, or stopped.
        """
        with self._lock:
            library = self._library or self._ready()
            try:
                status, answer = library.predict(text, options)
            except OutOfMemory:
                self._library = None
                raise
        if status != ANSWERED:
            raise _refusal(status, answer)
        return answer

    def floats(self, content: memoryview, each: int) -> bytearray:
        """The answers to inputs of ``each`` 32-bit floats, as 32-bit floats.

        Raises:
            InputError: if the bytes are not whole inputs, or an input cannot be answered.
            BadModel: if the model cannot be used.
            OutOfMemory: if the library got no more memory, or stopped.
        """
        size = 4 * each
        if content.nbytes % size:
            raise InputError(
                f"{content.nbytes // 4} numbers are not whole inputs: expected {each} for each"
            )
        step = max(PART // size, 1) * size
        answers = bytearray()
        for start in range(0, content.nbytes, step):
            status, answer = self._numbers(content[start : start + step])
            if status != ANSWERED:
                raise _refusal(status, bytes(answer), before=start // size)
            answers += answer
        return answers

    def _numbers(self, content: memoryview) -> tuple[int, bytearray]:
        with self._lock:
            library = self._library or self._ready()
            try:
                address = library.write_numbers(content)
                return library.predict_numbers(address, content.nbytes // 4)
            except OutOfMemory:
                self._library = None
                raise

    def _ready(self) -> Library:
        """The instance; a new one if the last one was stopped."""
        if self._library is None:
            self._library = Library(self.compiled, self._max_memory)
        return self._library


def parse(text: bytes) -> Any:
    """JSON that the library wrote.

    Raises:
        BadModel: if it is not JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadModel(f"the library answered something that is not JSON: {error}") from error


def _refusal(status: int, text: bytes, before: int = 0) -> Exception:
    """The error of a status; ``before`` is how many inputs came before those of the call."""
    details = parse(text)
    message = str(details.get("error", "the library gave no reason"))
    if status == BAD_MODEL:
        return BadModel(message)
    item = details.get("item")
    if item is not None and before:
        item += before
        message = _ITEM.sub(f"item {item}: ", message)
    return InputError(message, item, details.get("field"))
