"""A model that answers inputs."""

from __future__ import annotations

import array
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _rows
from ._answerer import PART, Answerer, parse
from ._engine import sha256
from ._json import encode
from ._library import EXPLAIN, LINES, STRICT
from ._schema import read_schema
from .errors import BadModel, InputError

if TYPE_CHECKING:
    import torch

#: A path, or the bytes of a file.
Source = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview]


def read_source(source: Source) -> bytes:
    """The bytes of a file, given by its path or as they are."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    with open(source, "rb") as file:
        return file.read()


class Model:
    """A model in a WebAssembly library.

    Args:
        module: the path or the bytes of a file that ``pack --library`` has made.
        max_memory: the most bytes of memory that the library may use; ``None`` for no limit but the
            4 GiB of WebAssembly.

    Raises:
        NotAModule: if it is not a library.
        WrongVersion: if it keeps to another version of the contract.
        BadModel: if the model in it cannot be used.
        OutOfMemory: if it cannot start with ``max_memory``.
        OSError: if the file cannot be read.

    A model can be used from several threads. A lock lets one call in at a time; for calls that run at
    the same time make a model for each thread, which share the compiled code. Models can be pickled
    and copied.
    """

    def __init__(self, module: Source, *, max_memory: Optional[int] = None) -> None:
        self._bytes = read_source(module)
        self._max_memory = max_memory
        self._sha256 = sha256(self._bytes)
        self._answerer = Answerer(self._bytes, self._sha256, max_memory)
        self._description = self._answerer.describe()
        self._schema = read_schema(self._description)
        self._inputs, self._outputs = self._answerer.counts()

    def __reduce__(self) -> Any:
        return _unpickle, (self._bytes, self._max_memory)

    def __repr__(self) -> str:
        return f"<Model {self.name!r}, SHA-256 {self._sha256[:12]}…>"

    # What it is

    @property
    def name(self) -> str:
        """The name of the model, such as ``iris``."""
        return str(self._description.get("name", ""))

    @property
    def sha256(self) -> str:
        """The SHA-256 of the library, in hexadecimal digits."""
        return self._sha256

    def describe(self) -> dict[str, Any]:
        """The model's inputs, output, layers, metrics and settings of training, as ``--describe`` prints them.

        The dictionary is the same object at each call; do not change it.
        """
        return self._description

    @property
    def content(self) -> bytes:
        """The bytes of the library."""
        return self._bytes

    @property
    def kind(self) -> str:
        """What an input is: ``table`` or ``columns`` (of any table), ``image`` or ``text``."""
        return self._schema.kind

    @property
    def is_classifier(self) -> bool:
        """Whether the model gives classes, rather than a number."""
        return bool(self._schema.classes)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in order; empty if the model gives a number."""
        return self._schema.classes

    @property
    def number(self) -> str:
        """The name of the number that the model gives; empty if it gives classes."""
        return self._schema.number

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the inputs in order: fields of a table, or parts of a text; empty for images."""
        return self._schema.fields

    @property
    def numeric(self) -> bool:
        """Whether the model takes a table in which every field is a number."""
        return self._schema.numeric

    @property
    def classes_(self) -> Any:
        """The classes in the order of :meth:`predict_proba`, as an array of strings.

        Raises:
            AttributeError: if the model gives a number.
        """
        if not self._schema.classes:
            raise AttributeError(f"the model `{self.name}` gives a number and has no classes")
        return _numpy().array(self._schema.classes, dtype=str)

    @property
    def feature_names_in_(self) -> Any:
        """The names of the inputs in order, as an array of strings.

        Raises:
            AttributeError: if the model takes an image.
        """
        if not self._schema.fields:
            raise AttributeError(f"the inputs of the model `{self.name}` have no names")
        return _numpy().array(self._schema.fields, dtype=object)

    @property
    def n_features_in_(self) -> int:
        """How many inputs there are: fields, parts of a text, or pixels times channels."""
        return self._schema.pixels or len(self._schema.fields)

    @property
    def input_numbers(self) -> int:
        """How many floats one input is for :meth:`predict_numbers`; 0 if the model takes words or dates."""
        return self._inputs

    @property
    def output_numbers(self) -> int:
        """How many floats :meth:`predict_numbers` answers to each input."""
        return self._outputs

    # Answers

    def predict(self, value: Any, explain: bool = False, strict: bool = False) -> Any:
        """Answers one input with a dictionary, or rows of them with an array.

        *One input* is a dictionary of fields, a string for a model of texts, or the pixels of one image:
        a list or array of the shape ``(pixels,)``, ``(height, width)``, ``(height, width, channels)`` or
        ``(height, width * channels)``. The answer is a dictionary, as the command prints it with
        ``--json``: ``class`` and ``probabilities``, or the number and its ``interval``.

        *Rows* are everything else: a data frame, an array of shape ``(n, n_features_in_)``, or a list of
        dictionaries, strings, lists or images. The answer is, as in scikit-learn, an array of shape
        ``(n,)``: the classes as strings, or the numbers as 64-bit floats. In a frame the model's columns
        are found by name, and others are left alone. In an array a category is its position, from 0.

        Args:
            value: one input, or rows.
            explain: also tell what weighed most, if the model can be explained. For one input only.
            strict: refuse an input that is unlike those of training.

        Raises:
            InputError: if an input cannot be answered; ``item`` tells which row, from 1.
            OutOfMemory: if the library gets no more memory.
        """
        if _rows.is_one(self._schema, value):
            value = _rows.as_item(self._schema, value)
            answer: dict[str, Any] = parse(self._answer(encode(value), explain, strict))
            return answer
        if explain:
            raise ValueError("an array of predictions has no place for explanations: use predict_batch")
        numpy = _numpy()
        numbers = None if strict else _rows.as_numbers(self._schema, self._inputs, value)
        if numbers is not None:
            outputs = self._numbers_of(numbers)
            if not self._schema.classes:
                return outputs[:, 0].astype(numpy.float64)
            return self.classes_[outputs.argmax(axis=1)]
        answers = self._rows_or_raise(value, strict)
        if self._schema.classes:
            return numpy.array([answer["class"] for answer in answers], dtype=str)
        return numpy.array([answer[self._schema.number] for answer in answers], dtype=numpy.float64)

    def predict_proba(self, rows: Any) -> Any:
        """The probabilities of the classes: an array of shape ``(n, classes)``, in the order of ``classes_``.

        Rows of numbers are answered as 32-bit floats. Rows with words go through JSON, which has six
        decimal places.

        Args:
            rows: what :meth:`predict` takes as rows; one input is taken as one row.

        Raises:
            AttributeError: if the model gives a number.
            InputError: if a row cannot be answered.
        """
        numpy = _numpy()
        self.classes_  # noqa: B018 - raises for a model that gives a number
        if _rows.is_one(self._schema, rows):
            rows = [rows]
        numbers = _rows.as_numbers(self._schema, self._inputs, rows)
        if numbers is not None:
            return self._numbers_of(numbers)
        answers = self._rows_or_raise(rows, strict=False)
        table = [[answer["probabilities"][name] for name in self._schema.classes] for answer in answers]
        return numpy.array(table, dtype=numpy.float64).reshape(len(table), len(self._schema.classes))

    def predict_batch(
        self, rows: Any, explain: bool = False, strict: bool = False
    ) -> list[dict[str, Any]]:
        """Answers rows with one dictionary each, in order.

        A row that cannot be answered gets ``{"error": "…"}`` in its place, and costs no other row its
        answer.

        Args:
            rows: what :meth:`predict` takes as rows.
            explain: also tell what weighed most, if the model can be explained.
            strict: refuse rows that are unlike those of training.

        Raises:
            InputError: if ``rows`` is not rows, or is a frame without a column of the model.
            OutOfMemory: if the library gets no more memory.
        """
        if isinstance(rows, (str, Mapping)):
            raise InputError("this is one input: expected rows; use `predict`")
        options = LINES | _options(explain, strict)
        answers: list[dict[str, Any]] = []
        for part in _parts(_rows.as_items(self._schema, rows)):
            # An input that has no form in JSON takes an empty line to the library.
            lines = [b"" if isinstance(line, InputError) else line for line in part]
            text = self._answerer.answer(b"\n".join(lines) + b"\n", options)
            answered = parse(b"[" + text.rstrip(b"\n").replace(b"\n", b",") + b"]")
            if len(answered) != len(part):
                raise BadModel(f"the library gave {len(answered)} answers to {len(part)} rows")
            for index, line in enumerate(part):
                if isinstance(line, InputError):
                    answered[index] = {"error": str(line)}
            answers += answered
        return answers

    def predict_numbers(self, values: Any) -> Any:
        """Answers inputs that are plain numbers, the fastest way for many of them.

        Args:
            values: a NumPy array of shape ``(n, input_numbers)``, a data frame of numbers, or lists of
                numbers. A missing value is NaN and a category its position, from 0. Also
                ``array.array`` of floats and the bytes of 32-bit floats, one input after the other,
                which need no NumPy.

        Returns:
            An array of 32-bit floats of shape ``(n, output_numbers)``: the probabilities, or the number
            and both ends of its interval. For ``array.array`` and bytes an ``array.array`` of them.

        Raises:
            InputError: if the model does not take plain numbers, or a row cannot be answered.
            OutOfMemory: if the library gets no more memory.
        """
        if not self._inputs:
            raise InputError(
                f"the model `{self.name}` takes more than plain numbers: use `predict_batch`"
            )
        if isinstance(values, (bytes, bytearray, memoryview, array.array)):
            result = array.array("f")
            result.frombytes(bytes(self._answerer.floats(_as_floats(values), self._inputs)))
            return result
        if _rows.is_frame(values) and not self._schema.numeric and self._schema.kind != "image":
            raise InputError("a frame has categories as words: use `predict_batch`")
        numpy = _numpy()
        numbers = _rows.as_numbers(self._schema, self._inputs, values)
        if numbers is None:
            try:
                numbers = numpy.asarray(values, dtype=numpy.float32)
            except (TypeError, ValueError) as error:
                raise InputError(f"the rows are not plain numbers: {error}") from error
            numbers = _rows.as_numbers(self._schema, self._inputs, numbers)
        return self._numbers_of(numbers)

    def predict_text(
        self, text: Union[str, bytes], explain: bool = False, strict: bool = False
    ) -> str:
        """Exactly what the library answers to a JSON text: a line for each input.

        Args:
            text: one JSON value, or an array of them.
            explain: also tell what weighed most, if the model can be explained.
            strict: refuse an input that is unlike those of training.

        Raises:
            InputError: if an input cannot be answered.
            OutOfMemory: if the library gets no more memory.
        """
        return self._answer(_content(text), explain, strict).decode("utf-8")

    def predict_lines(
        self, text: Union[str, bytes], explain: bool = False, strict: bool = False
    ) -> str:
        """Exactly one line for each line of ``text``: an answer, or ``{"error": "…"}``.

        Args:
            text: one JSON value a line. The line feed of the last line may be left out.
            explain: also tell what weighed most, if the model can be explained.
            strict: refuse inputs that are unlike those of training.

        Raises:
            OutOfMemory: if the library gets no more memory.
        """
        options = LINES | _options(explain, strict)
        return self._answerer.answer(_content(text), options).decode("utf-8")

    def to_torch(self) -> "torch.nn.Module":
        """The same network in PyTorch: see :func:`burn_algorithms.to_torch`."""
        from .pytorch import to_torch

        return to_torch(self._bytes)

    # The library

    def _answer(self, content: bytes, explain: bool, strict: bool) -> bytes:
        return self._answerer.answer(content, _options(explain, strict))

    def _numbers_of(self, numbers: Any) -> Any:
        """The answers to an array of 32-bit floats of shape ``(n, input_numbers)``."""
        numpy = _numpy()
        if not numbers.size:
            return numpy.zeros((0, self._outputs), dtype=numpy.float32)
        content = memoryview(numbers).cast("B")
        answers = self._answerer.floats(content, self._inputs)
        return numpy.frombuffer(answers, dtype="<f4").reshape(-1, self._outputs)

    def _rows_or_raise(self, rows: Any, strict: bool) -> list[dict[str, Any]]:
        items = _rows.as_items(self._schema, rows)
        answers = self.predict_batch(items, strict=strict)
        for index, answer in enumerate(answers):
            if "error" in answer:
                self._raise_for(items[index], index + 1, strict)
        return answers

    def _raise_for(self, item: Any, number: int, strict: bool) -> None:
        """Raises what is wrong with an item, with its field, which the answer to a batch does not tell."""
        try:
            self._answer(encode(item), False, strict)
        except InputError as error:
            raise InputError(f"item {number}: {error}", number, error.field) from None
        raise BadModel("the library answered the same input in two ways")


def _options(explain: bool, strict: bool) -> int:
    """The options of a call of the library."""
    return (EXPLAIN if explain else 0) | (STRICT if strict else 0)


def _content(text: Union[str, bytes]) -> bytes:
    """A text as the library takes it, which says what is wrong with half of a surrogate pair."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


def _unpickle(content: bytes, max_memory: Optional[int]) -> Model:
    return Model(content, max_memory=max_memory)


def _parts(items: Sequence[Any]) -> Iterator[list[Union[bytes, InputError]]]:
    """The items as lines of JSON, in parts of a limited size; an error in place of one that has none."""
    part: list[Union[bytes, InputError]] = []
    size = 0
    for item in items:
        try:
            line: Union[bytes, InputError] = encode(item)
        except InputError as error:
            line = error
        part.append(line)
        size += len(line) if isinstance(line, bytes) else 1
        if size >= PART:
            yield part
            part, size = [], 0
    if part:
        yield part


def _as_floats(values: Any) -> memoryview:
    """The bytes of 32-bit floats."""
    if isinstance(values, array.array) and values.typecode != "f":
        values = array.array("f", values)
    return memoryview(values).cast("B")


def _numpy() -> Any:
    try:
        import numpy
    except ImportError as error:
        raise ImportError(
            "this needs NumPy: `pip install burn-algorithms[numpy]`; `predict` of one input, "
            "`predict_batch` and `predict_text` do without it"
        ) from error
    return numpy
