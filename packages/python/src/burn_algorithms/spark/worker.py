"""Scores batches of Arrow, in a Python worker of Spark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._engine import sha256
from ..errors import ModelError
from ..model import Model
from .answers import answer
from .columns import build
from .plan import Plan

# Spark uses a worker for many tasks. They share one engine and one compiled library.
_models: dict[tuple[str, object], Model] = {}
# More than that are not kept open.
_MOST = 8


def score_batches(plan: Plan, batches: Iterator[Any]) -> Iterator[Any]:
    """Gives a batch with as many rows for each batch of at most ``plan.batch_rows`` rows.

    Raises:
        ModelError: if the library that came is not the one that was sent.
    """
    model = load(plan)
    for batch in batches:
        for start in range(0, batch.num_rows, plan.batch_rows):
            part = batch.slice(start, plan.batch_rows)
            yield build(model, plan, part, answer(model, plan, part))


def load(plan: Plan) -> Model:
    """The model of a plan, once for each process."""
    model = _models.get((plan.sha256, plan.max_memory))
    if model is None:
        from pyspark import SparkFiles

        path = SparkFiles.get(plan.file)
        with open(path, "rb") as file:
            content = file.read()
        found = sha256(content)
        if found != plan.sha256:
            raise ModelError(
                f"the file {plan.file} on this worker has the SHA-256 {found}: "
                f"expected {plan.sha256}"
            )
        model = Model(content, max_memory=plan.max_memory)
        while len(_models) >= _MOST:
            del _models[next(iter(_models))]
        _models[plan.sha256, plan.max_memory] = model
    return model
