"""Run small machine-learning models that are WebAssembly libraries.

>>> from burn_algorithms import Model
>>> model = Model("iris-inference.lib.wasm")
>>> model.predict({"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4})["class"]
'Iris-versicolor'

A library is a WebAssembly module without imports: it can read no file, no clock and no network.
:mod:`burn_algorithms.spark` scores the rows of a Spark data frame.
"""

from .errors import (
    BadModel,
    InputError,
    ModelError,
    NotAModule,
    OutOfMemory,
    UnsupportedLayer,
    WrongVersion,
)
from .estimator import Estimator
from .model import Model
from .pytorch import to_torch

__version__ = "0.1.0"

__all__ = [
    "BadModel",
    "Estimator",
    "InputError",
    "Model",
    "ModelError",
    "NotAModule",
    "OutOfMemory",
    "UnsupportedLayer",
    "WrongVersion",
    "__version__",
    "to_torch",
]
