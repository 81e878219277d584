"""Measures a library: `python bench.py LIBRARY.wasm`. All figures are medians."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from burn_algorithms import Model

BATCH = 1000


def median(function: Callable[[], Any], seconds: float = 1.0) -> float:
    """The median time of a call, in seconds, of the calls in so many seconds; at least 5."""
    function()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def load_time(path: str) -> float:
    """The median time to make a model in a new process, which has compiled nothing, without Python's start."""
    program = (
        "import sys, time; from burn_algorithms import Model; start = time.perf_counter(); "
        "Model(sys.argv[1]); print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", program, path]
    runs = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(5)]
    return statistics.median(float(run.stdout) for run in runs)


def example(model: Model) -> Any:
    """An input for any model."""
    text = model.describe().get("example")
    if text:
        return json.loads(text)
    if model.kind == "image":
        # A bar, since a picture in one colour is refused.
        return [200 if 300 < place % 784 < 500 else 0 for place in range(model.input_numbers)]
    sys.exit(f"{model.name} has no example")


def main() -> None:
    path = sys.argv[1]
    model = Model(path)
    one = example(model)
    batch = [one] * BATCH
    rows = [
        ("size", Path(path).stat().st_size / 1024, "KiB"),
        ("load, compiled at once", load_time(path) * 1e3, "ms"),
        ("load, compiled before", median(lambda: Model(model.content)) * 1e3, "ms"),
        ("one prediction", median(lambda: model.predict(one)) * 1e6, "µs"),
        (f"batch of {BATCH}, a row", median(lambda: model.predict_batch(batch)) * 1e6 / BATCH, "µs"),
    ]
    if model.input_numbers:
        import numpy

        cells = list(one.values()) if isinstance(one, dict) else one
        if all(isinstance(cell, (int, float)) for cell in cells):
            numbers = numpy.tile(numpy.array(cells, dtype=numpy.float32), (BATCH, 1))
            seconds = median(lambda: model.predict_numbers(numbers))
            rows.append((f"numbers of {BATCH}, a row", seconds * 1e6 / BATCH, "µs"))
    print(f"{model.name}, SHA-256 {model.sha256[:16]}…")
    for name, value, unit in rows:
        print(f"{name:<28}{value:>10.2f} {unit}")


if __name__ == "__main__":
    main()
