"""Run and train small machine-learning models that are WebAssembly libraries.

>>> from burn_algorithms import Model
>>> model = Model("iris-inference.lib.wasm")
>>> model.predict({"sepal_length": 7.0, "sepal_width": 3.2, "petal_length": 4.7, "petal_width": 1.4})["class"]
'Iris-versicolor'

A library is a WebAssembly module without imports: it can read no file, no clock and no network.
:func:`train` makes one of data of your own, in a sandbox.
:mod:`burn_algorithms.spark` scores the rows of a Spark data frame.
"""

from .errors import (
    BadModel,
    InputError,
    ModelError,
    NotAModule,
    OutOfMemory,
    TrainerMissing,
    TrainingError,
    UnsupportedLayer,
    WrongVersion,
)
from .estimator import Estimator
from .model import Model
from .pytorch import to_torch
from .training import Training, train, train_images, train_texts

__version__ = "0.1.0"

__all__ = [
    "BadModel",
    "Estimator",
    "InputError",
    "Model",
    "ModelError",
    "NotAModule",
    "OutOfMemory",
    "TrainerMissing",
    "Training",
    "TrainingError",
    "UnsupportedLayer",
    "WrongVersion",
    "__version__",
    "to_torch",
    "train",
    "train_images",
    "train_texts",
]
