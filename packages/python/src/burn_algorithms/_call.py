"""Calls exported functions of 32-bit integers.

``wasmtime.Func`` asks for the type of a function at each call, which takes several times as long as a
prediction. The same C function can be called with memory that is made once. Its name is not public in
the Python package, so :func:`bind` falls back to ``Func`` where it is not found.
"""

from __future__ import annotations

import ctypes
from typing import Any, Callable

from wasmtime import Func, Store, Trap, WasmtimeError

try:
    from wasmtime import _ffi as ffi
    from wasmtime._func import enter_wasm

    _FAST = (
        hasattr(ffi, "wasmtime_func_call")
        and hasattr(ffi, "wasmtime_val_t")
        and hasattr(ffi, "WASMTIME_I32")
        and hasattr(ffi, "wasm_trap_t")
    )
except ImportError:  # pragma: no cover
    _FAST = False

_MASK = 0xFFFF_FFFF

#: What a call raises when the library stops.
STOPPED = (Trap, WasmtimeError)

Bound = Callable[..., int]


def bind(store: Store, func: Func, count: int) -> Bound:
    """A function that calls ``func`` with ``count`` numbers and returns a number from 0 to 2³²−1.

    The function ``free`` returns nothing; 0 is returned for it.
    """
    if _FAST and isinstance(getattr(func, "_func", None), ffi.wasmtime_func_t):
        return _fast(store, func, count)
    return _slow(store, func)


def _slow(store: Store, func: Func) -> Bound:
    def call(*arguments: int) -> int:
        signed = [number - (1 << 32) if number >> 31 else number for number in arguments]
        result = func(store, *signed)
        return 0 if result is None else int(result) & _MASK

    return call


def _fast(store: Store, func: Func, count: int) -> Bound:
    raw_call = ffi.wasmtime_func_call
    context = store._context()
    results_count = len(func.type(store).results)
    arguments = (ffi.wasmtime_val_t * max(count, 1))()
    results = (ffi.wasmtime_val_t * max(results_count, 1))()
    for value in arguments:
        value.kind = ffi.WASMTIME_I32
    # Reading an item of an array of structures makes a new Python object: make them once.
    places: list[Any] = [arguments[index].of for index in range(count)]
    result = results[0].of
    reference = ctypes.byref(func._func)

    def call(*numbers: int) -> int:
        for place, number in zip(places, numbers):
            place.i32 = number
        # It raises what the library stopped with, and frees it.
        with enter_wasm(store) as trap:
            error = raw_call(
                context, reference, arguments, count, results, results_count, trap
            )
            if error:
                raise WasmtimeError._from_ptr(error)
        return int(result.i32) & _MASK if results_count else 0

    return call
