"""Small modules in the text format of WebAssembly that behave in a way that a real one does not."""

from __future__ import annotations

import wasmtime

_DESCRIPTION = (
    '{\\"name\\": \\"fake\\", \\"input\\": {\\"table\\": [{\\"name\\": \\"x\\"}]}, '
    '\\"output\\": {\\"classes\\": [\\"a\\", \\"b\\"]}}'
)
_REFUSAL = '{\\"error\\": \\"no\\"}'


def fake(
    version: int = 1,
    status: int = 0,
    alloc: str = "i32.const 4096",
    predict: str = "i32.const 16",
    describe: str = "i32.const 0",
) -> bytes:
    """A library whose functions are these expressions."""
    return wasmtime.wat2wasm(
        f"""(module
        (memory (export "memory") 2)
        (data (i32.const 0) "\\00\\00\\00\\00\\00\\01\\00\\00\\58\\00\\00\\00")
        (data (i32.const 16) "\\{status:02x}\\00\\00\\00\\00\\03\\00\\00\\0f\\00\\00\\00")
        (data (i32.const 32) "\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\7f")
        (data (i32.const 256) "{_DESCRIPTION}")
        (data (i32.const 768) "{_REFUSAL}")
        (func (export "library_version") (result i32) i32.const {version})
        (func (export "alloc") (param i32) (result i32) {alloc})
        (func (export "free") (param i32))
        (func (export "predict") (param i32 i32 i32) (result i32) {predict})
        (func (export "predict_numbers") (param i32 i32) (result i32) i32.const 16)
        (func (export "describe") (result i32) {describe})
        (func (export "input_numbers") (result i32) i32.const 1)
        (func (export "output_numbers") (result i32) i32.const 2))"""
    )
