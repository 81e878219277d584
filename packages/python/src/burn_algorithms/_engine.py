"""Compiles libraries, once for each process and content."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from typing import Optional

from wasmtime import Config, Engine, Module, WasmtimeError

from .errors import NotAModule

# Compiled modules that are kept although no model uses them, so that unpickling a model again and
# again does not compile it each time.
_KEPT = 8

#: The exports of a library, by the contract.
EXPORTS = (
    "memory",
    "library_version",
    "alloc",
    "free",
    "predict",
    "predict_numbers",
    "describe",
    "input_numbers",
    "output_numbers",
)


class _Cache:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.engine: Optional[Engine] = None
        self.modules: OrderedDict[str, Module] = OrderedDict()


_cache = _Cache()


def _forget() -> None:
    global _cache
    _cache = _Cache()


# Another thread may have held the lock when the process was forked.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def sha256(content: bytes) -> str:
    """The SHA-256 of ``content`` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def engine() -> Engine:
    """The engine of this process."""
    with _cache.lock:
        return _engine(_cache)


def compile_library(content: bytes, digest: str) -> Module:
    """Compiles a library, whose SHA-256 is ``digest``.

    Raises:
        NotAModule: if ``content`` is not a library.
    """
    cache = _cache
    with cache.lock:
        module = cache.modules.get(digest)
        if module is None:
            module = _compile(_engine(cache), content)
            cache.modules[digest] = module
            while len(cache.modules) > _KEPT:
                cache.modules.popitem(last=False)
        cache.modules.move_to_end(digest)
        return module


def _engine(cache: _Cache) -> Engine:
    if cache.engine is None:
        config = Config()
        # The threads that compile in parallel are lost in a forked process, which would wait for
        # them forever.
        config.parallel_compilation = False
        cache.engine = Engine(config)
    return cache.engine


def _compile(engine: Engine, content: bytes) -> Module:
    # wasmtime would also take the text format of WebAssembly.
    if content[:4] != b"\0asm":
        raise NotAModule("this is not a WebAssembly module")
    if content[4:8] == b"\x0d\0\x01\0":
        raise NotAModule(
            "this is a WebAssembly component: `pack --library` makes the form that is expected"
        )
    try:
        module = Module(engine, content)
    except WasmtimeError as error:
        raise NotAModule(f"this is not a sound WebAssembly module: {_first_line(error)}") from error
    if module.imports:
        first = module.imports[0]
        name = f"{first.module}.{first.name}"
        raise NotAModule(
            f"the module imports `{name}`, as the form for the command line does: "
            "`pack --library` makes the form that is expected"
        )
    exports = {export.name for export in module.exports}
    missing = [name for name in EXPORTS if name not in exports]
    if missing:
        raise NotAModule(
            f"the module does not export `{missing[0]}`: "
            "`pack --library` makes the form that is expected"
        )
    return module


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    # The last line has the cause, the first ones what was tried.
    return lines[-1] if lines else type(error).__name__
