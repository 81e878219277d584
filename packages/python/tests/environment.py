"""The environment of programs that the tests start."""

from __future__ import annotations

import os
from pathlib import Path

import burn_algorithms


def python_path() -> str:
    """A PYTHONPATH by which other programs, in any folder, import the package and what this one imports."""
    package = str(Path(burn_algorithms.__file__).resolve().parents[1])
    others = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return os.pathsep.join([package, *(os.path.abspath(other) for other in others if other)])
