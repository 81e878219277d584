"""The command `python -m burn_algorithms`, and the driver of the contract."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from inputs import BAD, FLOWER, UNUSUAL

from burn_algorithms import Model


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "burn_algorithms", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True)


@pytest.fixture(scope="module")
def path(libraries: Path) -> str:
    return str(libraries / "iris-inference.lib.wasm")


def test_predict(path: str, iris: Model) -> None:
    done = run("predict", path, json.dumps(FLOWER))
    assert (done.returncode, done.stdout, done.stderr) == (0, iris.predict_text(json.dumps(FLOWER)), "")
    done = run("predict", path, json.dumps(BAD))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: `petal_width` is 99")
    assert run("predict", path, json.dumps(UNUSUAL), "--strict").returncode == 2


def test_lines(path: str, iris: Model) -> None:
    lines = [json.dumps(row) for row in (FLOWER, BAD, UNUSUAL)]
    done = run("predict", path, "-", text="\n".join(lines) + "\n")
    assert done.returncode == 2
    assert done.stdout == iris.predict_lines("\n".join(lines))
    assert done.stderr.startswith("error: line 2: `petal_width` is 99")
    assert run("predict", path, "-", text=lines[0]).returncode == 0
    assert run("predict", path, "-").stdout == ""


def test_describe(path: str, iris: Model) -> None:
    done = run("describe", path)
    assert (done.returncode, json.loads(done.stdout)) == (0, iris.describe())


def test_bad_usage(path: str, libraries: Path) -> None:
    for arguments in ([], ["predict"], ["predict", path], ["describe", "none.wasm"]):
        assert run(*arguments).returncode == 2
    done = run("predict", str(libraries / "iris-inference.wasm"), "{}")
    assert done.returncode == 2 and "pack --library" in done.stderr


def test_the_driver_of_the_contract(path: str, iris: Model) -> None:
    text = json.dumps(FLOWER)
    requests = [
        {"input": text, "explain": False, "strict": False},
        {"input": f"[{text}, {json.dumps(BAD)}]", "explain": True, "strict": False},
        {"input": json.dumps(UNUSUAL), "explain": False, "strict": True},
        {"input": "", "explain": False, "strict": False},
    ]
    driver = Path(__file__).parent / "contract.py"
    done = subprocess.run(
        [sys.executable, str(driver), path], input=json.dumps(requests), capture_output=True, text=True, check=True
    )
    answers = json.loads(done.stdout)
    assert answers[0] == {"status": 0, "text": iris.predict_text(text)}
    assert (answers[1]["status"], answers[1]["item"], answers[1]["field"]) == (2, 2, "petal_width")
    assert [set(answer) for answer in answers[2:]] == [{"status", "error", "field"}, {"status", "error"}]
