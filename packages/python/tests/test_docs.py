"""The examples of the documentation run as they are printed."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from environment import python_path

PACKAGE = Path(__file__).parents[1]
DOCS = PACKAGE.parents[1] / "docs"
PAGES = [PACKAGE / "README.md", DOCS / "python.md", DOCS / "spark.md"]


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.S | re.M)


def expected(block: str) -> list[str]:
    """What a block says that it prints: comments behind `print`, or whole lines of comments."""
    found = []
    for line in block.splitlines():
        _, mark, comment = line.partition("# ")
        if mark and ("print(" in line or line.startswith("# ")):
            found.append(comment)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python(page: Path, libraries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not page.exists():
        pytest.skip("the page is not in this copy of the package")
    for library in libraries.glob("*.lib.wasm"):
        (tmp_path / library.name).symlink_to(library)
    monkeypatch.setenv("PYTHONPATH", python_path())
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    code = blocks(page, "python")
    assert code
    for block in code:
        if "import torch" in block and find_spec("torch") is None:
            # PyTorch is 5 GB. test_torch.py and this block are for those who have it.
            continue
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(block, page.name, "exec"), names)
        wanted = expected(block)
        assert not wanted or output.getvalue().splitlines() == wanted
    if "spark" in names:
        names["spark"].stop()


def test_console(libraries: Path, tmp_path: Path) -> None:
    page = DOCS / "python.md"
    if not page.exists():
        pytest.skip("the page is not in this copy of the package")
    (block,) = blocks(page, "console")
    command, output = block.split("\n", 1)
    command = command.removeprefix("$ python ")
    done = subprocess.run(
        f"{sys.executable} {command}", shell=True, cwd=libraries, env={**os.environ, "PYTHONPATH": python_path()},
        capture_output=True, text=True,
    )
    assert (done.stdout, done.returncode) == (output, 0)
