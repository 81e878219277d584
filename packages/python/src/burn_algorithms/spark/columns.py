"""The answers as columns of Arrow."""

from __future__ import annotations

from typing import Any

import numpy
import pyarrow

from ..model import Model
from .answers import Answers
from .plan import CLASS_COLUMNS, NUMBER_COLUMNS, Plan


def build(model: Model, plan: Plan, batch: Any, answers: Answers) -> Any:
    """A batch with the columns of the key and those of the answers."""
    bad = numpy.array([error is not None for error in answers.errors], dtype=bool)
    if model.is_classifier:
        names, added = CLASS_COLUMNS, _classes(model, answers, bad)
    else:
        names, added = NUMBER_COLUMNS, _numbers(answers, bad)
    arrays = [batch.column(name) for name in plan.key] + added
    arrays.append(pyarrow.array(answers.errors, type=pyarrow.string()))
    return pyarrow.RecordBatch.from_arrays(arrays, names=[*plan.key_names, *names])


def _numbers(answers: Answers, bad: Any) -> list[Any]:
    """Number, low and high."""
    return [
        pyarrow.array(answers.outputs[:, place], type=pyarrow.float64(), mask=bad)
        for place in range(3)
    ]


def _classes(model: Model, answers: Answers, bad: Any) -> list[Any]:
    """Class, its probability, and all probabilities."""
    count, width = answers.outputs.shape
    classes = pyarrow.array(model.classes, type=pyarrow.string())
    prediction = classes.take(pyarrow.array(answers.index, mask=bad))
    own = answers.outputs[numpy.arange(count), answers.index]
    probability = pyarrow.array(own, type=pyarrow.float64(), mask=bad)
    # A null among the offsets is a null map; the entries of its row are left out.
    good = ~bad
    ends = numpy.concatenate([[0], numpy.cumsum(good * width)]).astype(numpy.int32)
    offsets = pyarrow.array(ends, type=pyarrow.int32(), mask=numpy.append(bad, False))
    places = numpy.tile(numpy.arange(width), int(good.sum()))
    probabilities = pyarrow.MapArray.from_arrays(
        offsets,
        classes.take(pyarrow.array(places)),
        pyarrow.array(answers.outputs[good].ravel(), type=pyarrow.float64()),
    )
    return [prediction, probability, probabilities]
