"""Each type of error."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import wasmtime
from inputs import BAD, FLOWER, TEXT
from modules import fake

import burn_algorithms
from burn_algorithms import (
    BadModel,
    InputError,
    Model,
    ModelError,
    NotAModule,
    OutOfMemory,
    UnsupportedLayer,
    WrongVersion,
)


def test_all_extend_one() -> None:
    for name in burn_algorithms.__all__:
        value = getattr(burn_algorithms, name)
        if isinstance(value, type) and issubclass(value, Exception):
            assert issubclass(value, ModelError)
    assert issubclass(InputError, ValueError) and issubclass(OutOfMemory, MemoryError)


def test_errors_can_be_pickled() -> None:
    for error in (
        InputError("a", 3, "x"),
        WrongVersion("b", 2, 1),
        UnsupportedLayer("c", "trees"),
        OutOfMemory("d"),
    ):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_not_a_module(libraries: Path, tmp_path: Path) -> None:
    whole = (libraries / "iris-inference.lib.wasm").read_bytes()
    for content in (b"", b"text", b"(module)", whole[: len(whole) // 2], whole[:-1]):
        with pytest.raises(NotAModule):
            Model(content)
    with pytest.raises(NotAModule, match="does not export `memory`"):
        Model(wasmtime.wat2wasm("(module)"))
    with pytest.raises(NotAModule, match="component"):
        Model(wasmtime.wat2wasm("(component)"))
    with pytest.raises(NotAModule, match="has another type"):
        Model(_with_other_type())
    with pytest.raises(FileNotFoundError):
        Model(tmp_path / "none.wasm")


def _with_other_type() -> bytes:
    names = ["library_version", "alloc", "free", "predict", "predict_numbers", "describe"]
    names += ["input_numbers", "output_numbers"]
    functions = "".join(f'(func (export "{name}") (result i64) i64.const 1)' for name in names)
    return wasmtime.wat2wasm(f'(module (memory (export "memory") 1) {functions})')


def test_a_command_is_told_from_a_library(libraries: Path) -> None:
    with pytest.raises(NotAModule, match="wasi_snapshot_preview1.*pack --library"):
        Model(libraries / "iris-inference.wasm")


def test_wrong_version() -> None:
    with pytest.raises(WrongVersion, match="version 2") as caught:
        Model(fake(version=2))
    assert (caught.value.found, caught.value.expected) == (2, 1)


def test_bad_model(libraries: Path) -> None:
    content = (libraries / "iris-inference.lib.wasm").read_bytes()
    assert content.count(b"layers.1.weight") == 1
    with pytest.raises(BadModel, match="cannot be used"):
        Model(content.replace(b"layers.1.weight", b"layers.9.weight"))
    model = Model(fake(status=1))
    with pytest.raises(BadModel, match="no"):
        model.predict({"x": 1})
    # An outcome at the end of the memory, and one whose bytes are not in it.
    for address in (131072 - 4, 32):
        with pytest.raises(BadModel, match="outside"):
            Model(fake(predict=f"i32.const {address}")).predict({"x": 1})
    with pytest.raises(BadModel, match="does not have"):
        Model(fake(alloc="i32.const -16")).predict({"x": 1})


def test_bad_input(iris: Model, agnews: Model) -> None:
    with pytest.raises(InputError, match="`petal_width` is 99") as caught:
        iris.predict(BAD)
    assert (caught.value.item, caught.value.field) == (None, "petal_width")
    with pytest.raises(InputError) as caught:
        iris.predict_text('[{"sepal_length": 7, "sepal_width": 3.2, "petal_length": 4.7}]')
    assert (caught.value.item, caught.value.field) == (1, "petal_width")
    with pytest.raises(InputError) as caught:
        agnews.predict("")
    assert (caught.value.item, caught.value.field) == (None, None)
    for text in ("", "{", b"\xff", '"\ud800"', "[]"):
        with pytest.raises(InputError):
            iris.predict_text(text)
    with pytest.raises(InputError, match="no"):
        Model(fake(status=2)).predict({"x": 1})


def test_a_limit_of_memory(libraries: Path) -> None:
    path = libraries / "agnews-inference.lib.wasm"
    with pytest.raises(OutOfMemory, match="cannot start"):
        Model(path, max_memory=1 << 20)
    model = Model(path, max_memory=16 << 20)
    answer = model.predict(TEXT)
    for text in (TEXT * 1_000_000, "a " * 3_000_000):
        with pytest.raises(OutOfMemory):
            model.predict(text)
        assert model.predict(TEXT) == answer


def test_a_trap_costs_the_instance_only() -> None:
    model = Model(fake(predict="unreachable"))
    for _ in range(3):
        with pytest.raises(OutOfMemory, match="stopped"):
            model.predict({"x": 1})
    # The instance after the trap counts from the start.
    text = (
        "i32.const 60 i32.const 60 i32.load8_u i32.const 1 i32.add i32.store8 "
        "i32.const 60 i32.load8_u i32.const 2 i32.eq if unreachable end i32.const 16"
    )
    model = Model(fake(status=2, predict=text))
    for _ in range(3):
        with pytest.raises(InputError):
            model.predict({"x": 1})
        with pytest.raises(OutOfMemory):
            model.predict({"x": 1})
    with pytest.raises(OutOfMemory, match="no memory"):
        Model(fake(alloc="i32.const 0")).predict({"x": 1})


def test_without_the_fast_call(libraries: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("burn_algorithms._call._FAST", False)
    model = Model(libraries / "iris-inference.lib.wasm")
    assert model.predict(FLOWER)["class"] == "Iris-versicolor"
    with pytest.raises(InputError):
        model.predict(BAD)
    with pytest.raises(OutOfMemory, match="stopped"):
        Model(fake(predict="unreachable")).predict({"x": 1})
