"""The errors of this package. All of them extend :class:`ModelError`."""

from __future__ import annotations

from typing import Any, Optional


class ModelError(Exception):
    """Any error of this package."""


class NotAModule(ModelError, ValueError):
    """The bytes are not a library: not WebAssembly, cut off, without the exports, or with imports."""


class WrongVersion(ModelError):
    """The library keeps to another version of the contract than this package.

    Attributes:
        found: the version of the library.
        expected: the version that this package knows.
    """

    def __init__(self, message: str, found: int = 0, expected: int = 1) -> None:
        super().__init__(message)
        self.found = found
        self.expected = expected

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.found, self.expected)


class BadModel(ModelError):
    """The model in the library, or the model file, cannot be used."""


class InputError(ModelError, ValueError):
    """An input cannot be answered.

    Attributes:
        item: which of several inputs it is, counted from 1; ``None`` if the input is one.
        field: the name of the field that is wrong; ``None`` if no single field is.
    """

    def __init__(
        self, message: str, item: Optional[int] = None, field: Optional[str] = None
    ) -> None:
        super().__init__(message)
        self.item = item
        self.field = field

    # Exceptions are pickled with their `args` alone, which has no item and no field.
    def __reduce__(self) -> Any:
        return type(self), (str(self), self.item, self.field)


class OutOfMemory(ModelError, MemoryError):
    """The library got no more memory, or stopped with a trap. The model can be used again."""


class UnsupportedLayer(ModelError):
    """The model has a layer or an input that :func:`burn_algorithms.to_torch` cannot convert.

    Attributes:
        kind: the name of the layer or input in the model file, such as ``text_features``.
    """

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.kind)


class TrainingError(ModelError):
    """A training did not end with a model.

    Attributes:
        kind: whose fault it is: ``usage`` for options or data that the trainer refuses, ``timeout`` or
            ``internal``.
        code: the exit code of the trainer; ``None`` if it did not end by itself.
    """

    def __init__(self, message: str, kind: str = "internal", code: Optional[int] = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.code = code

    def __reduce__(self) -> Any:
        return type(self), (str(self), self.kind, self.code)


class TrainerMissing(ModelError):
    """The package was made without its trainers, which are WebAssembly programs."""
