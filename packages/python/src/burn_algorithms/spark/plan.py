"""What a worker has to know to score rows. It travels with each task, so it is small and plain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

#: The columns that are added for a model that gives classes, in order.
CLASS_COLUMNS = ("prediction", "probability", "probabilities", "error")
#: The columns that are added for a model that gives a number, in order.
NUMBER_COLUMNS = ("prediction", "low", "high", "error")


@dataclass(frozen=True)
class Plan:
    """How to score.

    Attributes:
        file: the name of the library among the files of the session.
        sha256: its SHA-256, in hexadecimal digits.
        fields: the names of the model's inputs; empty if an input is the value of one column.
        columns: the columns with these inputs, or that one column.
        key: the columns that are carried through.
        key_names: their names in the result.
        batch_rows: how many rows are given to the library at once, at most.
        strict: whether rows that are unlike those of training are refused.
        max_memory: the most bytes of memory of the library.
    """

    file: str
    sha256: str
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    key: tuple[str, ...]
    key_names: tuple[str, ...]
    batch_rows: int
    strict: bool
    max_memory: Optional[int]
