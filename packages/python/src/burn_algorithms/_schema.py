"""What a model takes and gives, from its description."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .errors import BadModel


@dataclass(frozen=True)
class Schema:
    """The inputs and the output of a model.

    Attributes:
        kind: ``table``, ``columns``, ``image`` or ``text``.
        fields: the names of the fields of a table or of the parts of a text; empty for an image.
        categories: for each field its categories; ``None`` for a number, a date or a text.
        shape: height, width and channels of an image; ``(0, 0, 0)`` for other models.
        classes: the classes in order; empty if the model gives a number.
        number: the name of the number that the model gives; empty if it gives classes.
    """

    kind: str
    fields: tuple[str, ...]
    categories: tuple[Optional[tuple[str, ...]], ...]
    shape: tuple[int, int, int]
    classes: tuple[str, ...]
    number: str

    @property
    def pixels(self) -> int:
        """How many numbers an image has; 0 for other models."""
        height, width, channels = self.shape
        return height * width * channels

    @property
    def numeric(self) -> bool:
        """Whether every field is a number."""
        return self.kind in ("table", "columns") and not any(self.categories)


def read_schema(description: Mapping[str, Any]) -> Schema:
    """Reads the description of a model.

    Raises:
        BadModel: if it is not of the form that this package knows.
    """
    try:
        (kind, content), = description["input"].items()
        names, categories, shape = _READERS[kind](content)
        output = description["output"]
        return Schema(
            kind=kind,
            fields=tuple(names),
            categories=tuple(categories),
            shape=shape,
            classes=tuple(output.get("classes", ())),
            number=output["number"]["name"] if "number" in output else "",
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadModel(f"the description of the model has an unknown form: {error!r}") from error


_Read = tuple[list[str], list[Optional[tuple[str, ...]]], tuple[int, int, int]]


def _table(fields: Sequence[Mapping[str, Any]]) -> _Read:
    categories = [_words(field.get("categories")) for field in fields]
    return [field["name"] for field in fields], categories, (0, 0, 0)


def _columns(columns: Sequence[Mapping[str, Any]]) -> _Read:
    categories = [_words(column.get("category")) for column in columns]
    return [column["name"] for column in columns], categories, (0, 0, 0)


def _image(image: Mapping[str, int]) -> _Read:
    return [], [], (image["height"], image["width"], image["channels"])


def _text(text: Mapping[str, Any]) -> _Read:
    names = [part["name"] for part in text["parts"]]
    return names, [None] * len(names), (0, 0, 0)


def _words(words: Optional[Sequence[str]]) -> Optional[tuple[str, ...]]:
    return None if words is None else tuple(words)


_READERS: dict[str, Callable[[Any], _Read]] = {"table": _table, "columns": _columns, "image": _image, "text": _text}
