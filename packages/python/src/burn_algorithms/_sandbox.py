"""What a trainer in the sandbox can see: its arguments, and the folders that are opened for it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

#: Options that name a file or a folder to be read.
_READ = ("data", "test", "schema", "evaluate", "predict", "sign", "program")
#: Options with which a trainer writes no folder.
_WITHOUT_FOLDER = ("--evaluate", "--predict", "--stdout", "--help", "-h", "--version", "-V")
#: Options with which standard output is a table or an archive.
_WITH_OUTPUT = ("--predict", "--stdout")
#: What the data is in place of a file that has no name.
_NAMELESS = {"tabular": "table", "texts": "texts", "images": "images"}


@dataclass(frozen=True)
class Folder:
    """A folder that is opened.

    Attributes:
        host: where it is.
        guest: what it is called in the sandbox.
        writable: whether files in it can be written.
    """

    host: str
    guest: str
    writable: bool = False


@dataclass
class Sandbox:
    """What a trainer gets.

    Attributes:
        arguments: the arguments, with the names in the sandbox.
        folders: the folders that are opened, and no others.
        shown: the user's path of each path in the sandbox, for messages.
        artifacts: the folder that is written, if there is one.
        reads_standard_input: whether the data is standard input.
        writes_standard_output: whether standard output is data, and no text for people.
    """

    arguments: list[str] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    artifacts: Optional[Path] = None
    reads_standard_input: bool = False
    writes_standard_output: bool = False

    def translate(self, text: str) -> str:
        """``text`` with the user's paths in place of those in the sandbox."""
        if not self.shown:
            return text
        longest_first = sorted(self.shown, key=len, reverse=True)
        pattern = "|".join(re.escape(guest) for guest in longest_first)
        return re.sub(pattern, lambda match: self.shown[match.group()], text)


def sandbox(trainer: str, arguments: Sequence[str]) -> Sandbox:
    """What the trainer gets for a user's arguments.

    Paths in the sandbox do not depend on the current folder, so that ``--resume`` works from another one.

    Args:
        trainer: ``tabular``, ``texts`` or ``images``.
        arguments: as the trainer's ``--help`` has them, with paths of this system.

    Raises:
        FileNotFoundError: if a file that is named does not exist.
    """
    result = Sandbox()
    data = name = artifacts = None
    for option, value in _options(arguments):
        if option in _READ and value is not None:
            if option == "data":
                data = value
            result.arguments.append(f"--{option}={_open(result, option, value)}")
        elif option == "artifacts" and value is not None:
            artifacts = value
        elif option is None:
            result.arguments.append(value or "")
        else:
            name = value if option == "name" else name
            result.arguments.append(f"--{option}" if value is None else f"--{option}={value}")
    given = {argument.split("=", 1)[0] for argument in result.arguments}
    result.writes_standard_output = bool(given.intersection(_WITH_OUTPUT))
    if data == "-":
        data, is_link = None, False
    else:
        is_link = data is not None and os.path.isfile(data) and Path(data).name != Path(os.path.realpath(data)).name
    if is_link and name is None:
        # The sandbox has the file that the link points to, under its own name.
        name = model_name(data, None, trainer)
        result.arguments.append(f"--name={name}")
    if not given.intersection(_WITHOUT_FOLDER):
        has_name = bool(data or name or result.reads_standard_input)
        if artifacts is None and has_name:
            artifacts = os.path.join("artifacts", model_name(data, name, trainer))
        if artifacts is not None:
            _open_artifacts(result, artifacts)
    elif artifacts is not None:
        # The trainer says what is wrong with it.
        result.arguments.append(f"--artifacts={artifacts}")
    return result


def model_name(data: Optional[str], name: Optional[str], trainer: str) -> str:
    """What a trainer calls the model of ``data``: ``name``, or else after the file or folder."""
    if name is None and data is not None:
        name = Path(os.path.abspath(data)).name
        if trainer != "images":
            name = next((part for part in name.split(".") if part), "")
    return re.sub(r"[^\w-]", "-", name or "") or _NAMELESS[trainer]


def _options(arguments: Sequence[str]) -> Iterator[tuple[Optional[str], Optional[str]]]:
    """Options with their values. What is no option that is known here comes without a name, as it is."""
    known = (*_READ, "artifacts", "name")
    rest = iter(arguments)
    for argument in rest:
        option, equals, value = argument.partition("=")
        if not option.startswith("--") or option[2:] not in known:
            yield None, argument
        elif equals:
            yield option[2:], value
        else:
            yield option[2:], next(rest, None)


def _open(result: Sandbox, option: str, path: str) -> str:
    """Opens a file or folder to be read, and returns its path in the sandbox."""
    if option == "data" and path == "-":
        result.reads_standard_input = True
        return path
    real = Path(os.path.realpath(path))
    if real.is_dir():
        # Classes and models are called after the folder.
        name = Path(os.path.abspath(path)).name
        guest = f"{option}/{name}" if name else option
        result.folders.append(Folder(str(real), guest))
    elif real.exists():
        guest = f"{option}/{real.name}"
        result.folders.append(Folder(str(real.parent), option))
    else:
        raise FileNotFoundError(f"{path}: there is no such file or folder")
    result.shown[guest] = path
    return guest


def _open_artifacts(result: Sandbox, path: str) -> None:
    real = Path(os.path.realpath(path))
    guest = f"artifacts/{real.name}" if real.name else "artifacts"
    result.folders.append(Folder(str(real), guest, writable=True))
    result.arguments.append(f"--artifacts={guest}")
    result.shown[guest] = path
    result.artifacts = Path(path)
