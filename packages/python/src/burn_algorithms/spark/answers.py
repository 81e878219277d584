"""Answers the rows of one Arrow batch. A row that cannot be answered gets an error and costs no other its answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Optional

import numpy

from ..errors import InputError, OutOfMemory
from ..model import Model
from .plan import Plan

_ITEM = re.compile(r"^item \d+: ")

# After the first bad row the others are given in small parts: a part is computed again up to its bad row.
_SMALL = 64


@dataclass
class Answers:
    """The answers to n rows.

    Attributes:
        outputs: the probabilities, or number, low and high: shape ``(n, outputs)``.
        index: the position of the predicted class, shape ``(n,)``; 0 for a model that gives a number.
        errors: for each row what is wrong with it, or ``None``.
    """

    outputs: Any
    index: Any
    errors: list[Optional[str]]


def answer(model: Model, plan: Plan, batch: Any) -> Answers:
    """Answers all rows of ``batch``."""
    numbers = None if plan.strict else _numbers(model, plan, batch)
    if numbers is not None:
        try:
            return _by_numbers(model, plan, numbers)
        except OutOfMemory:
            pass
    return _by_text(model, _items(plan, batch), plan.strict)


def _items(plan: Plan, batch: Any) -> list[Any]:
    """The rows as values for JSON."""
    columns = [batch.column(name).to_pylist() for name in plan.columns]
    if not plan.fields:
        return list(columns[0])
    return [dict(zip(plan.fields, row)) for row in zip(*columns)]


def _by_text(model: Model, items: list[Any], strict: bool) -> Answers:
    count = len(items)
    outputs = numpy.zeros((count, model.output_numbers))
    index = numpy.zeros(count, dtype=numpy.int64)
    errors: list[Optional[str]] = [None] * count
    places = {name: place for place, name in enumerate(model.classes)}
    for row, found in enumerate(_batch(model, items, strict)):
        # A model may give a number with the name `error`.
        if isinstance(found.get("error"), str):
            errors[row] = found["error"]
        elif places:
            outputs[row] = [found["probabilities"][name] for name in model.classes]
            index[row] = places[found["class"]]
        else:
            interval = found["interval"]
            outputs[row] = found[model.number], interval["low"], interval["high"]
    return Answers(outputs, index, errors)


def _batch(model: Model, items: list[Any], strict: bool) -> list[dict[str, Any]]:
    """The answers to all items. Where memory runs out, halves are tried, down to the row that is to blame."""
    try:
        return model.predict_batch(items, strict=strict)
    except OutOfMemory as error:
        if len(items) == 1:
            return [{"error": str(error)}]
        middle = len(items) // 2
        return _batch(model, items[:middle], strict) + _batch(model, items[middle:], strict)


def _numbers(model: Model, plan: Plan, batch: Any) -> Optional[Any]:
    """The rows as 32-bit floats, shape ``(n, inputs)``; ``None`` if they are more than numbers."""
    import pyarrow

    count = model.input_numbers
    if plan.fields and plan.fields == model.fields and model.numeric:
        if not all(_is_number(batch.column(name).type) for name in plan.columns):
            return None
        rows = numpy.empty((batch.num_rows, count), dtype=numpy.float32)
        for place, name in enumerate(plan.columns):
            # Null becomes NaN.
            rows[:, place] = batch.column(name).to_numpy(zero_copy_only=False)
        return rows
    if plan.fields or model.fields or not count:
        return None
    column = batch.column(plan.columns[0])
    kinds = pyarrow.types
    is_list = kinds.is_list(column.type) or kinds.is_large_list(column.type)
    if not is_list or column.null_count or not _is_number(column.type.value_type):
        return None
    lengths = column.value_lengths().to_numpy(zero_copy_only=False)
    if not (lengths == count).all():
        return None
    pixels = column.flatten().to_numpy(zero_copy_only=False)
    return pixels.astype(numpy.float32).reshape(-1, count)


def _is_number(kind: Any) -> bool:
    import pyarrow

    return bool(pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind))


def _by_numbers(model: Model, plan: Plan, rows: Any) -> Answers:
    count = len(rows)
    outputs = numpy.zeros((count, model.output_numbers), dtype=numpy.float64)
    errors: list[Optional[str]] = [None] * count
    start, most = 0, max(count, 1)
    while start < count:
        end = min(start + most, count)
        try:
            outputs[start:end] = model.predict_numbers(rows[start:end])
            start = end
        except InputError as error:
            if error.item is None:
                raise
            bad = start + error.item - 1
            if bad > start:
                outputs[start:bad] = model.predict_numbers(rows[start:bad])
            errors[bad] = _reason(model, plan, rows[bad], error)
            start, most = bad + 1, _SMALL
    return Answers(outputs, outputs.argmax(axis=1), errors)


def _reason(model: Model, plan: Plan, row: Any, error: InputError) -> str:
    """What is wrong with a row, without its number in the batch. A null is called null, and not NaN."""
    if plan.fields and numpy.isnan(row).any():
        item = dict(zip(plan.fields, row.tolist()))
        found = _batch(model, [item], strict=False)[0]
        if isinstance(found.get("error"), str):
            return str(found["error"])
    return _ITEM.sub("", str(error))
