"""Only wasmtime is needed: NumPy, pandas, scikit-learn, PyTorch and Spark are imported where they are used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from environment import python_path

PROGRAM = """
import sys

for name in ("numpy", "pandas", "sklearn", "torch", "pyspark", "pyarrow"):
    sys.modules[name] = None  # An import fails.

import array
import json
import pickle
from burn_algorithms import InputError, Model

model = Model(sys.argv[1])
flower = {"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4}
assert model.predict(flower)["class"] == "Iris-versicolor"
assert [answer["class"] for answer in model.predict_batch([flower] * 2)] == ["Iris-versicolor"] * 2
assert len(model.predict_numbers(array.array("f", [7.0, 3.2, 4.7, 1.4] * 3))) == 9
assert pickle.loads(pickle.dumps(model)).predict_text(json.dumps(flower))
for call in (lambda: model.predict([flower]), lambda: model.classes_, lambda: model.to_torch()):
    try:
        call()
    except ImportError as error:
        assert "pip install burn-algorithms[" in str(error)
    else:
        raise AssertionError("it did without")
print("done")
"""


def test_without_numpy(libraries: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(libraries / "iris-inference.lib.wasm")]
    environment = {**os.environ, "PYTHONPATH": python_path()}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.stdout == "done\n", done.stderr
