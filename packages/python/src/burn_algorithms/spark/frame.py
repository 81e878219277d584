"""The function that users call, on the driver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from ..model import Model, Source
from .plan import CLASS_COLUMNS, NUMBER_COLUMNS, Plan
from .ship import ship
from .worker import score_batches

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_BATCH_ROWS = 4096

Columns = Union[str, Sequence[str], Mapping[str, str]]


def score(
    df: "DataFrame",
    module: Union[Model, Source],
    columns: Optional[Columns] = None,
    key: Union[str, Sequence[str], None] = None,
    batch_rows: int = _BATCH_ROWS,
    strict: bool = False,
    max_memory: Optional[int] = None,
) -> "DataFrame":
    """Answers each row of a data frame with exactly one row.

    Args:
        df: a data frame of a classic session or of Spark Connect.
        module: a library: its path or bytes, or a :class:`burn_algorithms.Model`.
        columns: where the inputs of the model are. ``None``: in columns with their names. A mapping: from
            the names of inputs to columns; an input that is not in it is missing. A list: the columns in
            the order of the model's inputs. A string: the one column that holds the whole input, which is a
            text or an array of pixels.
        key: the column or columns that are carried through; ``None`` for all of ``df``.
        batch_rows: how many rows are given to the library at once, at most.
        strict: refuse rows that are unlike those of training.
        max_memory: the most bytes of memory that the library may use in a worker; ``None`` for no limit.

    Returns:
        A data frame with the columns of ``key`` and, for a model that gives classes, ``prediction``
        (string), ``probability`` (double: that of the prediction), ``probabilities`` (map from class to
        double) and ``error`` (string). For a model that gives a number it has ``prediction``, ``low`` and
        ``high`` (double) and ``error``. ``error`` is null where the row was answered, and the others are
        null where it was not.

    Raises:
        ValueError: if a column is missing, or would be there twice.
        ModelError: if ``module`` cannot be used.
    """
    model = module if isinstance(module, Model) else Model(module)
    if batch_rows < 1:
        raise ValueError(f"batch_rows is {batch_rows}: expected at least 1")
    fields, inputs = _inputs(model, columns)
    carried = list(df.columns) if key is None else [key] if isinstance(key, str) else list(key)
    _check(df, [*inputs, *carried])
    added = CLASS_COLUMNS if model.is_classifier else NUMBER_COLUMNS
    for name in carried:
        if name.lower() in added:
            raise ValueError(
                f"the column `{name}` would be there twice: rename it, or leave it out of `key`"
            )
    # Spark's `mapInArrow` takes a dot in a name for a field of a structure: they get names of their own.
    needed = list(dict.fromkeys([*carried, *inputs]))
    own = {name: f"c{place}" for place, name in enumerate(needed)}
    plan = Plan(
        file=ship(df.sparkSession, model),
        sha256=model.sha256,
        fields=fields,
        columns=tuple(own[name] for name in inputs),
        key=tuple(own[name] for name in carried),
        key_names=tuple(carried),
        batch_rows=batch_rows,
        strict=strict,
        max_memory=max_memory,
    )

    def run(batches: Iterator[Any]) -> Iterator[Any]:
        return score_batches(plan, batches)

    selected = df.selectExpr(*[f"{_quoted(name)} as {alias}" for name, alias in own.items()])
    return selected.mapInArrow(run, _schema(df, carried, model.is_classifier))


def _inputs(model: Model, columns: Optional[Columns]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the model's inputs, empty for a whole input, and the columns that they are in."""
    names = model.fields
    if isinstance(columns, str):
        if model.kind in ("text", "image"):
            return (), (columns,)
        columns = [columns]
    if columns is None:
        if not names:
            raise ValueError("the model takes images: say which column has the pixels with `columns`")
        return names, names
    if isinstance(columns, Mapping):
        for name in columns:
            if name not in names:
                raise ValueError(f"the model has no input `{name}`: expected {', '.join(names)}")
        return tuple(columns.keys()), tuple(columns.values())
    if len(columns) != len(names):
        raise ValueError(
            f"`columns` has {len(columns)} names: expected {len(names)}, for {', '.join(names)}"
        )
    return names, tuple(columns)


def _check(df: "DataFrame", names: Sequence[str]) -> None:
    for name in names:
        count = df.columns.count(name)
        if count != 1:
            problem = "has no column" if count == 0 else "has several columns"
            raise ValueError(f"the data frame {problem} `{name}`")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _schema(df: "DataFrame", carried: Sequence[str], classifier: bool) -> Any:
    from pyspark.sql.types import DoubleType, MapType, StringType, StructField, StructType

    types = {
        "prediction": StringType() if classifier else DoubleType(),
        "probability": DoubleType(),
        "probabilities": MapType(StringType(), DoubleType()),
        "low": DoubleType(),
        "high": DoubleType(),
        "error": StringType(),
    }
    added = CLASS_COLUMNS if classifier else NUMBER_COLUMNS
    own = [df.schema[name] for name in carried]
    return StructType(own + [StructField(name, types[name], True) for name in added])
