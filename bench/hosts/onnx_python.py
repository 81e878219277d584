"""A model in Python, in this project's package and in ONNX Runtime, one thread each.

`python onnx_python.py LIBRARY.wasm MODEL.onnx` prints a line for each: its name, the bytes to load (program and
model), milliseconds to load it in a new process, microseconds for one call, and for a row of a batch of 1,000. Both
get 32-bit floats in NumPy arrays and give probabilities. Needs numpy, onnxruntime and wasmtime.
"""

import importlib.metadata
import importlib.util
import statistics
import subprocess
import sys
import time
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "packages/python/src"
sys.path.insert(0, str(PACKAGE))

import numpy

BATCH = 1000
SECONDS = 1.0
OURS = "from burn_algorithms import Model; model = Model({path!r})"
ONNX = (
    "import onnxruntime; options = onnxruntime.SessionOptions(); options.intra_op_num_threads = 1; "
    "options.inter_op_num_threads = 1; session = onnxruntime.InferenceSession({path!r}, options)"
)


def median(function) -> float:
    """The median time of a call in seconds."""
    function()
    times = []
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def load(code: str) -> float:
    """The median time of `code` in a new process, without Python's start and NumPy's."""
    program = f"import time, numpy; start = time.perf_counter(); {code}; print(time.perf_counter() - start)"
    path = f"import sys; sys.path.insert(0, {str(PACKAGE)!r}); "
    command = [sys.executable, "-c", path + program]
    return statistics.median(float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(5))


def size(*places: str) -> int:
    """The bytes of files, and of packages without their tests and sources of other languages."""
    total = 0
    for place in places:
        path = Path(place)
        if not path.exists():
            path = Path(importlib.util.find_spec(place).origin).parent
        files = path.rglob("*") if path.is_dir() else [path]
        total += sum(file.stat().st_size for file in files if file.suffix in {".py", ".so", ".wasm", ".onnx"})
    return total


def show(name: str, bytes_: int, code: str, one, batch) -> None:
    times = [1e3 * load(code), 1e6 * median(one), 1e6 * median(batch) / BATCH]
    print(name, bytes_, *(f"{time:.2f}" for time in times), sep="\t", flush=True)


def main() -> None:
    library, onnx = sys.argv[1:]
    names = {}
    exec(OURS.format(path=library), names)
    model = names["model"]
    exec(ONNX.format(path=onnx), names)
    session = names["session"]
    row = numpy.full((1, model.input_numbers), 1.5, dtype=numpy.float32)
    if model.kind == "image":
        row[:] = 0
        row[0, 300:500] = 200
    rows = numpy.repeat(row, BATCH, axis=0)
    difference = abs(model.predict_numbers(row) - session.run(None, {"input": row})[0]).max()
    # Pictures: rounding to fixed-point numbers, which ONNX does not do.
    if difference > (1e-2 if model.kind == "image" else 1e-4):
        sys.exit(f"the answers differ by {difference}")
    show(
        f"ours, wasmtime {importlib.metadata.version('wasmtime')}",
        size(library, "wasmtime", str(PACKAGE / "burn_algorithms")),
        OURS.format(path=library),
        lambda: model.predict_numbers(row),
        lambda: model.predict_numbers(rows),
    )
    show(
        f"ONNX Runtime {importlib.metadata.version('onnxruntime')}",
        size(onnx, "onnxruntime"),
        ONNX.format(path=onnx),
        lambda: session.run(None, {"input": row}),
        lambda: session.run(None, {"input": rows}),
    )


main()
