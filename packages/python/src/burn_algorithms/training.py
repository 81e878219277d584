"""Trains models on data of one's own, in a sandbox.

>>> from burn_algorithms import train
>>> training = train("heart.csv", target="disease")
>>> training.model.predict({"age": 52, "pressure": 130})["class"]
'no'

A trainer is a WebAssembly program. It can read the folder of the data, write the folder of the artifacts, and do
nothing else: it has no network, no environment and no other folder.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Optional, Union

from ._engine import sha256
from ._sandbox import sandbox
from ._trainer import Done, run
from .errors import BadModel, TrainingError
from .model import Model
from .modelfile import read_name

#: The path of a file or folder.
PathLike = Union[str, "os.PathLike[str]"]
#: Gets each line of progress, without its end.
Progress = Callable[[str], None]

#: Options of the trainers that make no model, with what does the same.
_NO_TRAINING = {
    "cross_validate": "`python -m burn_algorithms train` with --cross-validate",
    "evaluate": "`python -m burn_algorithms train` with --evaluate",
    "predict": "`Model.predict`, or `python -m burn_algorithms train` with --predict",
    "stdout": "the option `artifacts`",
    "help": "`python -m burn_algorithms train --help`",
    "version": "`python -m burn_algorithms train --version`",
}


class Training:
    """A finished training, as the folder of its artifacts has it.

    Args:
        folder: the folder of the artifacts.
        summary: what the trainer printed at the end.

    Raises:
        TrainingError: if the folder has no model.
        OSError: if a file cannot be read.
    """

    def __init__(self, folder: PathLike, summary: str = "") -> None:
        self._folder = Path(folder)
        self._summary = summary
        content = (self._folder / "model.safetensors").read_bytes()
        self._sha256 = sha256(content)
        self._name = _name(content)
        self._report: dict[str, Any] = json.loads((self._folder / "report.json").read_bytes())

    def __repr__(self) -> str:
        return f"<Training {self._name!r} in {str(self._folder)!r}, SHA-256 {self._sha256[:12]}…>"

    @property
    def folder(self) -> Path:
        """The folder of the artifacts."""
        return self._folder

    @property
    def name(self) -> str:
        """The name of the model, such as ``heart``."""
        return self._name

    @property
    def summary(self) -> str:
        """What the trainer printed at the end: how good the model is, and what matters most."""
        return self._summary

    @property
    def report(self) -> dict[str, Any]:
        """The report, ``report.json``. The dictionary is the same object at each call."""
        return self._report

    @property
    def report_page(self) -> Path:
        """The page of the report, for a browser."""
        return self._folder / "report.html"

    @property
    def module(self) -> Path:
        """The module for the command line."""
        return self._folder / f"{self._name}-inference.wasm"

    @property
    def library(self) -> Path:
        """The module in the library form, which :class:`Model` loads."""
        return self._folder / f"{self._name}-inference.lib.wasm"

    @property
    def sha256(self) -> str:
        """The SHA-256 of ``model.safetensors``: with the same data, options and trainer the same on any computer."""
        return self._sha256

    @cached_property
    def model(self) -> Model:
        """The model, ready to answer.

        Raises:
            TrainingError: if the folder has no library.
        """
        if not self.library.exists():
            raise TrainingError(f"{self.library} is missing: the trainer is older than this package, or it was removed")
        return Model(self.library)


def train(
    data: PathLike,
    *,
    target: Optional[str] = None,
    artifacts: Optional[PathLike] = None,
    progress: Optional[Progress] = None,
    quiet: bool = False,
    memory: Optional[int] = None,
    timeout: Optional[float] = None,
    **options: Any,
) -> Training:
    """Trains a model on a table: linear models, boosted trees, a network, and a blend of what is best.

    Args:
        data: the table: CSV, JSON lines or a JSON array, gzipped or not.
        target: the column to be predicted.
        artifacts: the folder for the model, the modules and the report; by default ``artifacts/NAME``.
        progress: gets each line of progress; by default they go to ``sys.stderr``.
        quiet: shows no progress.
        memory: the most bytes of memory that the trainer may use; ``None`` for no limit but the 4 GiB of WebAssembly.
        timeout: the most seconds that the training may take.
        options: what ``python -m burn_algorithms train --help`` lists, with ``_`` for ``-``: ``drop=["a", "b"]`` is
            ``--drop a,b``, and ``balanced=True`` is ``--balanced``. ``resume=True`` goes on with an interrupted
            training.

    Raises:
        TrainingError: if the trainer refuses the data or an option, with its message, or takes longer than ``timeout``.
        TrainerMissing: if the package has no trainers.
        KeyboardInterrupt: at Ctrl-C. What is finished is kept for ``resume=True``.
        OSError: if there is no such file, or a folder cannot be made.
    """
    options.update(target=target)
    return _train("tabular", data, artifacts, progress, quiet, memory, timeout, options)


def train_texts(
    data: PathLike,
    *,
    text: Union[str, list[str], None] = None,
    target: Optional[str] = None,
    artifacts: Optional[PathLike] = None,
    progress: Optional[Progress] = None,
    quiet: bool = False,
    memory: Optional[int] = None,
    timeout: Optional[float] = None,
    **options: Any,
) -> Training:
    """Trains a classifier of texts.

    Args:
        data: CSV, JSON lines or a JSON array, lines of fastText, or a folder with a folder of texts for each class.
        text: the column with the text, or several.
        target: the column with the class.
        artifacts, progress, quiet, memory, timeout: see :func:`train`.
        options: what ``python -m burn_algorithms train-texts --help`` lists.

    It raises what :func:`train` raises.
    """
    options.update(text=text, target=target)
    return _train("texts", data, artifacts, progress, quiet, memory, timeout, options)


def train_images(
    data: PathLike,
    *,
    artifacts: Optional[PathLike] = None,
    progress: Optional[Progress] = None,
    quiet: bool = False,
    memory: Optional[int] = None,
    timeout: Optional[float] = None,
    **options: Any,
) -> Training:
    """Trains a classifier of pictures.

    Args:
        data: a folder with a folder of pictures for each class.
        artifacts, progress, quiet, memory, timeout: see :func:`train`.
        options: what ``python -m burn_algorithms train-images --help`` lists.

    It raises what :func:`train` raises.
    """
    return _train("images", data, artifacts, progress, quiet, memory, timeout, options)


def _train(
    trainer: str,
    data: PathLike,
    artifacts: Optional[PathLike],
    progress: Optional[Progress],
    quiet: bool,
    memory: Optional[int],
    timeout: Optional[float],
    options: dict[str, Any],
) -> Training:
    for name, other in _NO_TRAINING.items():
        if options.get(name):
            raise TrainingError(f"the option `{name}` makes no model: {other} does this", "usage")
    if os.fspath(data) == "-":
        raise TrainingError("expected the path of a file or folder as data, not standard input", "usage")
    options = {"data": data, **options, "artifacts": artifacts, "quiet": quiet}
    plan = sandbox(trainer, arguments(options))
    show = None if quiet else _without_error(progress or _show)
    done = run(trainer, plan, memory=memory, timeout=timeout, on_error=show)
    if done.code != 0:
        raise _refusal(done)
    assert plan.artifacts is not None
    return Training(plan.artifacts, done.output)


def arguments(options: dict[str, Any]) -> list[str]:
    """Options by their names as arguments of a command line.

    Raises:
        TrainingError: if an item of a list has a comma, which separates items.
    """
    result = []
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        if value is True:
            result.append(option)
        elif isinstance(value, (list, tuple)):
            items = [os.fspath(item) if isinstance(item, os.PathLike) else str(item) for item in value]
            for item in items:
                if "," in item:
                    raise TrainingError(f"`{name}` has the item `{item}`: an item may have no comma", "usage")
            if items:
                result.append(f"{option}={','.join(items)}")
        elif value is not None and value is not False:
            text = os.fspath(value) if isinstance(value, os.PathLike) else str(value)
            result.append(f"{option}={text}")
    return result


def _show(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _without_error(show: Progress) -> Progress:
    """Shows lines up to an error, which is raised."""
    is_error = False

    def show_progress(line: str) -> None:
        nonlocal is_error
        is_error = is_error or line.startswith("error: ")
        if not is_error:
            show(line)

    return show_progress


def _refusal(done: Done) -> TrainingError:
    """The error of a trainer that has ended with an exit code other than 0."""
    _, found, message = f"\n{done.errors}".rpartition("\nerror: ")
    if not found:
        message = done.errors or f"the trainer ended with exit code {done.code} and gave no reason"
    # What follows is about the command line.
    message = message.split("\n\nUsage:")[0].split("\n\nFor more information")[0]
    return TrainingError(message.strip(), "usage" if done.code == 2 else "internal", done.code)


def _name(content: bytes) -> str:
    """The name of the model in a model file."""
    try:
        return read_name(content)
    except BadModel as error:
        raise TrainingError(f"model.safetensors: {error}") from error
