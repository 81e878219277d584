"""Rows of models that no shipped library has: those with categories."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from burn_algorithms._rows import as_items, as_numbers, is_one
from burn_algorithms._schema import Schema, read_schema

SCHEMA = Schema("columns", ("a", "b"), (("1", "2"), None), (0, 0, 0), ("x", "y"), "")
IMAGE = Schema("image", (), (), (2, 3, 2), ("x", "y"), "")


def test_a_frame_has_words_and_an_array_has_positions() -> None:
    frame = pd.DataFrame({"a": [1, None, 2], "b": [1.5, 2, 3]})
    assert as_numbers(SCHEMA, 2, frame) is None
    items = as_items(SCHEMA, frame)
    assert [item["b"] for item in items] == [1.5, 2, 3]
    assert items[0]["a"] == 1 and isinstance(items[0]["a"], int) and math.isnan(items[1]["a"])
    rows = np.array([[1, 1.5], [np.nan, 2], [7, 3]])
    assert as_numbers(SCHEMA, 2, rows).tolist()[0] == [1, 1.5]
    items = as_items(SCHEMA, rows)
    assert items[0] == {"a": "2", "b": 1.5}
    assert math.isnan(items[1]["a"]) and items[2]["a"] == 7


def test_one_picture_is_told_from_several() -> None:
    for shape in [(12,), (2, 3, 2), (2, 6)]:
        assert is_one(IMAGE, np.zeros(shape)) and is_one(IMAGE, np.zeros(shape).tolist())
    for shape in [(1, 12), (5, 12), (5, 2, 3, 2), (5, 2, 6)]:
        assert not is_one(IMAGE, np.zeros(shape)) and not is_one(IMAGE, np.zeros(shape).tolist())


def test_descriptions_of_all_kinds() -> None:
    number = {"number": {"name": "n"}}
    columns = [{"name": "a", "category": ["x"]}, {"name": "b", "number": {}}, {"name": "c", "date": True}]
    schema = read_schema({"input": {"columns": columns}, "output": number})
    assert (schema.fields, schema.categories) == (("a", "b", "c"), (("x",), None, None))
    assert (schema.number, schema.numeric) == ("n", False)
