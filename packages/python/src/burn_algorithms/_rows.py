"""Tells one input from many, and brings many into one of two forms: JSON values or plain floats."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from ._schema import Schema
from .errors import InputError


def is_frame(value: Any) -> bool:
    """Whether ``value`` is a pandas data frame, without an import of pandas."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def is_array(value: Any) -> bool:
    """Whether ``value`` is a NumPy array, without an import of NumPy."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of an array or of nested lists, by the first item of each."""
    if hasattr(value, "shape"):
        return tuple(value.shape)
    shape = []
    while isinstance(value, (list, tuple)):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    # The rows may be arrays.
    return tuple(shape) + (tuple(value.shape) if hasattr(value, "shape") else ())


def is_one(schema: Schema, value: Any) -> bool:
    """Whether ``value`` is one input, rather than rows of them."""
    if isinstance(value, (str, Mapping)):
        return True
    if schema.kind != "image" or is_frame(value):
        return False
    shape = shape_of(value)
    height, width, channels = schema.shape
    rows = (schema.pixels,), (height, width), (height, width, channels), (height, width * channels)
    if shape[1:] in rows[:1]:
        return False
    return len(shape) == 1 or shape in rows


def as_item(schema: Schema, value: Any) -> Any:
    """One input for JSON. The library takes the array of an image with one channel without its last axis."""
    return value.ravel() if schema.kind == "image" and is_array(value) else value


def as_numbers(schema: Schema, count: int, value: Any) -> Optional[Any]:
    """The rows of ``value`` as an array of 32-bit floats, shape ``(rows, count)``.

    ``None`` if they have to be written as JSON: because they have words or dates, or because ``value``
    is no array and no frame.
    """
    if count == 0:
        return None
    if is_frame(value):
        if schema.kind != "image":
            return _frame_as_numbers(schema, value)
        value = value.to_numpy()
    if not is_array(value):
        value = _lists_as_array(value)
        if value is None:
            return None
    if value.dtype.kind not in "fiu":
        return None
    return _rows_of(schema, count, value)


def _rows_of(schema: Schema, count: int, array: Any) -> Any:
    import numpy

    if array.ndim < 2:
        raise InputError(
            f"an array of shape {array.shape} is not rows: expected shape (rows, {count}); "
            "for one row use `reshape(1, -1)`, or a dict"
        )
    if array.ndim > 2 and schema.kind == "image":
        array = array.reshape(array.shape[0], -1)
    if array.ndim != 2 or array.shape[1] != count:
        raise InputError(
            f"the rows have shape {array.shape[1:]}: expected {count} numbers in each"
        )
    return numpy.ascontiguousarray(array, dtype=numpy.float32)


def _frame_as_numbers(schema: Schema, frame: Any) -> Optional[Any]:
    """A frame has categories as words and not as positions: then JSON is the form."""
    import numpy

    if not schema.numeric:
        return None
    frame = _own_columns(schema, frame)
    if any(getattr(dtype, "kind", "O") not in "fiu" for dtype in frame.dtypes):
        return None
    return numpy.ascontiguousarray(frame.to_numpy(dtype=numpy.float32, na_value=numpy.nan))


def _own_columns(schema: Schema, frame: Any) -> Any:
    for name in schema.fields:
        if name not in frame.columns:
            raise InputError(f"the frame has no column `{name}`", field=name)
    return frame[list(schema.fields)]


def _lists_as_array(value: Any) -> Optional[Any]:
    """A list of lists of numbers as an array; ``None`` if it is something else."""
    if not isinstance(value, (list, tuple)) or not value:
        return None
    first = value[0]
    while isinstance(first, (list, tuple)) and first:
        first = first[0]
    if isinstance(first, (bool, str)) or not (isinstance(first, (int, float)) or is_array(first)):
        return None
    import numpy

    try:
        array = numpy.asarray(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "fiu" else None


def as_items(schema: Schema, value: Any) -> Sequence[Any]:
    """The rows of ``value`` as one value for JSON each."""
    if is_frame(value):
        if schema.kind == "image":
            return list(value.to_numpy().tolist())
        frame = _own_columns(schema, value)
        return list(_with_whole_codes(schema, frame).to_dict("records"))
    if is_array(value) and value.ndim == 0:
        raise InputError("an array without dimensions is not rows")
    if isinstance(value, (bytes, bytearray)):
        raise InputError("bytes are not rows: use `predict_numbers` for floats")
    if not isinstance(value, Iterable):
        raise InputError(f"an object of the type {type(value).__name__} is not rows")
    if schema.kind == "image" and is_array(value):
        return [as_item(schema, item).tolist() for item in value]
    items: list[Any] = value.tolist() if hasattr(value, "tolist") else list(value)
    if schema.kind in ("table", "columns"):
        return [_named(schema, item) for item in items]
    return items


def _with_whole_codes(schema: Schema, frame: Any) -> Any:
    """A frame whose codes of categories are whole again: pandas makes 1.0 of 1 where a column lacks a value."""
    for name, words in zip(schema.fields, schema.categories):
        if words is not None and getattr(frame[name].dtype, "kind", "O") == "f":
            codes = [int(cell) if float(cell).is_integer() else cell for cell in frame[name]]
            frame = frame.assign(**{name: frame[name].astype(object)})
            frame[name] = type(frame[name])(codes, index=frame.index, dtype=object)
    return frame


def _named(schema: Schema, item: Any) -> Any:
    """A row without names gets them; a number in place of a category is its position."""
    if not isinstance(item, (list, tuple)) and not is_array(item):
        return item
    if len(item) != len(schema.fields):
        return list(item)
    row = {}
    for name, words, cell in zip(schema.fields, schema.categories, item):
        row[name] = cell
        if words is not None and isinstance(cell, (int, float)) and not isinstance(cell, bool):
            whole = int(cell) if cell == cell and abs(cell) < 1e9 else -1
            if cell == whole and 0 <= whole < len(words):
                row[name] = words[whole]
    return row
