"""Training in the sandbox."""

from __future__ import annotations

import _thread
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from environment import python_path

from burn_algorithms import Training, TrainingError, _trainer, train, train_images, train_texts
from burn_algorithms._sandbox import Folder, model_name, sandbox
from burn_algorithms._trainer import VARIABLE, trainer_path
from burn_algorithms.errors import TrainerMissing
from burn_algorithms.training import arguments

QUICK: dict[str, Any] = {"target": "disease", "models": "linear", "quiet": True}


@pytest.fixture(scope="module", autouse=True)
def trainers() -> Path:
    """The folder with the trainers."""
    folder = Path(os.environ.get(VARIABLE) or Path(_trainer.__file__).with_name("trainers"))
    if not (folder / "tabular-flex.wasm").is_file():
        pytest.fail(
            f"the environment variable {VARIABLE} is missing: expected a folder with tabular-flex.wasm, "
            "texts-flex.wasm and images-flex.wasm, made by `cargo xtask packages`",
            pytrace=False,
        )
    return folder


@pytest.fixture(autouse=True)
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small table in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "heart.csv"
    draw = random.Random(1)
    lines = ["age,pressure,sex,ward,disease"]
    for _ in range(60):
        age, pressure, sex = draw.randint(30, 80), draw.randint(100, 180), draw.choice("fm")
        disease = "yes" if age + pressure / 4 + draw.gauss(0, 8) > 92 else "no"
        lines.append(f"{age},{pressure},{sex},A,{disease}")
    path.write_text("\n".join(lines) + "\n")
    return path


def command(*given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "burn_algorithms", *given],
        env={**os.environ, "PYTHONPATH": python_path()}, capture_output=True, text=True,
    )


def test_a_table() -> None:
    training = train("heart.csv", **QUICK)
    assert training.folder == Path("artifacts/heart") and training.name == "heart"
    assert training.module.is_file() and training.library.is_file() and training.report_page.is_file()
    assert training.report["target"]["name"] == "disease"
    assert "artifacts/heart has the module heart-inference.wasm" in training.summary
    answer = training.model.predict({"age": 80, "pressure": 180, "sex": "f"})
    assert answer["class"] == "yes" and training.model is training.model
    assert training.model.describe()["training"]["data_sha256"] == training.report["data"]["sha256"]
    assert repr(training).startswith("<Training 'heart' in")
    again = Training("artifacts/heart")
    assert again.sha256 == training.sha256 and again.summary == ""


def test_the_command_line_gives_the_same_bytes(tmp_path: Path) -> None:
    ours = train("heart.csv", artifacts=tmp_path / "ours", **QUICK)
    done = command("train", "heart.csv", "--target", "disease", "--models", "linear", "--artifacts", "b/c")
    assert done.returncode == 0
    assert "\n  wasmtime b/c/heart-inference.wasm " in done.stdout
    assert done.stderr.startswith("note: ")
    assert Training("b/c").sha256 == ours.sha256
    wasmtime = shutil.which("wasmtime")
    if wasmtime is None:
        assert "CI" not in os.environ, "wasmtime is missing"
        pytest.skip("wasmtime is missing")
    (tmp_path / "theirs").mkdir()
    given = ["--data", "data/heart.csv", "--target", "disease", "--models", "linear", "--artifacts", "artifacts"]
    folders = ["--dir", f"{tmp_path}::data", "--dir", f"{tmp_path / 'theirs'}::artifacts"]
    subprocess.run([wasmtime, *folders, str(trainer_path("tabular")), *given], check=True, capture_output=True)
    for file in ("model.safetensors", "heart-inference.wasm"):
        assert (tmp_path / "theirs" / file).read_bytes() == (tmp_path / "ours" / file).read_bytes()


def test_what_the_trainer_refuses() -> None:
    with pytest.raises(TrainingError, match="^there is no column `nope`, which --target names") as caught:
        train("heart.csv", target="nope", quiet=True)
    assert (caught.value.kind, caught.value.code) == ("usage", 2)
    assert not Path("artifacts").exists()
    with pytest.raises(TrainingError, match="^unexpected argument '--no-such' found$"):
        train("heart.csv", no_such=3, **QUICK)
    Path("few.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TrainingError) as caught:
        train("few.csv", target="b", quiet=True)
    assert caught.value.kind == "usage"
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.kind, copy.code) == (str(caught.value), "usage", 2)


def test_what_is_refused_before() -> None:
    for name in ("cross_validate", "evaluate", "predict", "stdout"):
        with pytest.raises(TrainingError, match=f"`{name}` makes no model"):
            train("heart.csv", target="disease", **{name: 5})
    with pytest.raises(FileNotFoundError, match="none.csv"):
        train("none.csv", target="disease")
    with pytest.raises(TrainingError, match="no comma"):
        train("heart.csv", target="disease", drop=["a,b"])
    with pytest.raises(TrainingError, match="standard input"):
        train("-", target="disease")


def test_options() -> None:
    given = {"drop": ["a", "b"], "no_header": True, "seed": 7, "keep": [], "id": None, "balanced": False, "size": "-1"}
    assert arguments(given) == ["--drop=a,b", "--no-header", "--seed=7", "--size=-1"]
    training = train("heart.csv", drop=["ward", "sex"], name="two", seed=7, **QUICK)
    assert training.folder == Path("artifacts/two") and training.model.fields == ("age", "pressure")


def test_progress(capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    train("heart.csv", progress=lines.append, **{**QUICK, "quiet": False})
    assert any(line.startswith("note: ") and "ward" in line for line in lines)
    assert capfd.readouterr() == ("", "")
    train("heart.csv", **{**QUICK, "quiet": False})
    assert capfd.readouterr() == ("", "".join(f"{line}\n" for line in lines if line.startswith("note: ")))

    lines.clear()
    with pytest.raises(TrainingError):
        train("heart.csv", target="nope", progress=lines.append)
    assert lines == []

    def fail(line: str) -> None:
        raise ValueError(line)

    with pytest.raises(ValueError, match="note: "):
        train("heart.csv", progress=fail, **{**QUICK, "quiet": False})


def test_an_interrupted_training_goes_on(tmp_path: Path) -> None:
    options: dict[str, Any] = {"target": "disease", "quiet": True}
    whole = train("heart.csv", artifacts="whole", **options)
    journal = tmp_path / "artifacts/heart/checkpoint.journal"

    def interrupt() -> None:
        while not journal.exists():
            time.sleep(0.005)
        _thread.interrupt_main()

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt, match="resume=True"):
        train("heart.csv", **options)
    assert journal.exists()
    training = train("heart.csv", resume=True, **options)
    assert training.sha256 == whole.sha256 and not journal.exists()


def test_an_interrupted_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "burn_algorithms", "train", "heart.csv", "--target", "disease"]
    environment = {**os.environ, "PYTHONPATH": python_path()}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while not (tmp_path / "artifacts/heart/checkpoint.journal").exists():
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert "error: the training was interrupted" in errors and "--resume" in errors and "Traceback" not in errors


def test_limits() -> None:
    with pytest.raises(TrainingError, match="longer than 0.01 seconds") as caught:
        train("heart.csv", target="disease", quiet=True, timeout=0.01)
    assert (caught.value.kind, caught.value.code) == ("timeout", None)
    with pytest.raises(TrainingError) as caught:
        train("heart.csv", memory=1 << 16, **QUICK)
    assert caught.value.kind == "internal"
    Path("large.csv").write_text("a,b\n" + "".join(f"{row},{row % 7}\n" for row in range(200_000)))
    with pytest.raises(TrainingError, match="bytes of memory left") as caught:
        train("large.csv", memory=4 << 20, target="b", quiet=True)
    assert caught.value.kind == "internal"


def test_paths(tmp_path: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = train("heart.csv", **QUICK)
    folder = tmp_path / "Maße & more"
    folder.mkdir()
    odd = folder / "heart disease ♥.v2.csv"
    shutil.copy(table, odd)
    training = train(odd, artifacts=folder, schema=plain.folder / "schema.toml", test=table, **QUICK)
    assert training.name == "heart-disease--"
    assert training.library.parent == folder and training.model.classes == ("no", "yes")
    (tmp_path / "links").mkdir()
    link = tmp_path / "links/heart.csv"
    link.symlink_to(odd)
    monkeypatch.chdir(folder)
    training = train("../links/heart.csv", artifacts="../links", **QUICK)
    assert (training.name, training.sha256) == ("heart", plain.sha256)


def test_the_sandbox_has_the_folders_of_what_is_named_and_no_others(tmp_path: Path, table: Path) -> None:
    here = os.path.realpath(tmp_path)
    box = sandbox("tabular", ["--data=heart.csv", "--target", "disease"])
    assert box.folders == [
        Folder(here, "data"),
        Folder(os.path.join(here, "artifacts", "heart"), "artifacts/heart", writable=True),
    ]
    assert box.arguments == ["--data=data/heart.csv", "--target", "disease", "--artifacts=artifacts/heart"]
    assert not Path("artifacts").exists()

    (tmp_path / "a/emoji.v2").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    shutil.copy(table, tmp_path / "b/later.csv")
    box = sandbox("images", ["--data", "a/emoji.v2", "--test", "b/later.csv", "--artifacts", "a"])
    assert box.folders == [
        Folder(os.path.join(here, "a", "emoji.v2"), "data/emoji.v2"),
        Folder(os.path.join(here, "b"), "test"),
        Folder(os.path.join(here, "a"), "artifacts/a", writable=True),
    ]
    assert box.translate("data/emoji.v2/x.png is broken") == "a/emoji.v2/x.png is broken"

    box = sandbox("tabular", ["--data=-", "--target=x", "--name", "a b", "--stdout"])
    assert (box.folders, box.reads_standard_input, box.writes_standard_output) == ([], True, True)
    assert sandbox("tabular", ["--help"]).folders == []
    assert sandbox("tabular", ["--data"]).arguments == ["--data"]
    assert sandbox("tabular", ["--data=-"]).artifacts == Path("artifacts/table")


def test_names() -> None:
    for data, name, trainer, expected in [
        ("a/heart disease.v2.csv.gz", None, "tabular", "heart-disease"),
        ("reviews/", None, "texts", "reviews"),
        ("/.hidden.csv", None, "tabular", "hidden"),
        ("/emoji.v2", None, "images", "emoji-v2"),
        (None, None, "tabular", "table"),
        ("a.csv", "Maße_1 b/c-d", "tabular", "Maße_1-b-c-d"),
    ]:
        assert model_name(data, name, trainer) == expected


def test_a_missing_trainer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_trainer, "__file__", str(tmp_path / "_trainer.py"))
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(TrainerMissing, match="cargo xtask packages"):
        trainer_path("tabular")


def test_the_command() -> None:
    done = command("train", "heart.csv", "--target", "nope")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: there is no column `nope`")
    assert command("train", "none.csv").stderr == "error: none.csv: there is no such file or folder\n"
    for name in ("train", "train-texts", "train-images"):
        done = command(name, "--help")
        assert done.returncode == 0 and "--artifacts" in done.stdout
    assert command("train").returncode == 2
    assert "train-images" in command("--help").stdout
    train("heart.csv", **QUICK)
    done = command("train", "heart.csv", "--predict", "artifacts/heart")
    assert done.returncode == 0 and done.stdout.startswith("age,pressure,sex,ward,disease,prediction,")


def test_texts(tmp_path: Path) -> None:
    draw = random.Random(1)
    words = {"sport": ["goal", "match", "cup", "team"], "money": ["bank", "stock", "price", "market"]}
    rows = [
        {"text": " ".join(draw.choices(words[label], k=4)), "label": label, "number": number}
        for number in range(20) for label in words
    ]
    Path("news.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    training = train_texts("news.jsonl", text="text", target="label", quiet=True)
    assert training.model.predict("the cup goes to the team with one more goal")["class"] == "sport"
    assert training.folder == Path("artifacts/news") and training.report_page.is_file()


@pytest.mark.slow
def test_images(tmp_path: Path) -> None:
    write_pictures(tmp_path / "lines")
    training = train_images("lines", pixels=8, epochs=1, quiet=True)
    assert training.folder == Path("artifacts/lines") and training.report_page.is_file()
    assert set(training.model.classes) == {"top", "bottom"} and training.model.kind == "image"


def test_what_the_trainer_of_images_refuses(tmp_path: Path) -> None:
    write_pictures(tmp_path / "lines")
    lines: list[str] = []
    with pytest.raises(TrainingError, match="longer than 1 seconds"):
        train_images("lines", pixels=8, timeout=1, progress=lines.append)
    assert any("40 pictures of 2 classes" in line for line in lines)
    with pytest.raises(TrainingError, match="top") as caught:
        train_images("lines/top", quiet=True)
    assert caught.value.kind == "usage"


def write_pictures(folder: Path) -> None:
    """Pictures with a line at the top or at the bottom."""
    draw = random.Random(1)
    for label, row in (("top", 1), ("bottom", 6)):
        (folder / label).mkdir(parents=True)
        for number in range(20):
            pixels = [[draw.randint(0, 60) for _ in range(8)] for _ in range(8)]
            pixels[row] = [255] * 8
            (folder / label / f"{number}.bmp").write_bytes(bitmap(pixels))


def bitmap(pixels: list[list[int]]) -> bytes:
    """A grey picture of 24 bits for each pixel, as a BMP file. Its width is a multiple of 4."""
    height, width = len(pixels), len(pixels[0])
    content = b"".join(bytes([value] * 3) for row in reversed(pixels) for value in row)
    numbers = [54 + len(content), 0, 54, 40, width, height, 1 | 24 << 16, 0, len(content), 0, 0, 0, 0]
    return b"BM" + b"".join(number.to_bytes(4, "little") for number in numbers) + content
