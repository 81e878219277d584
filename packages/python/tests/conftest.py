"""The libraries that the tests use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from burn_algorithms import Model

VARIABLE = "BURN_ALGORITHMS_LIBRARIES"


def folder() -> Path:
    """The folder with the libraries."""
    value = os.environ.get(VARIABLE)
    if not value:
        pytest.fail(
            f"the environment variable {VARIABLE} is missing: expected a folder with "
            "iris-inference.lib.wasm, made by `pack --library`, and the like",
            pytrace=False,
        )
    return Path(value)


def library(name: str) -> Path:
    """The library of the model `name`."""
    return folder() / f"{name}-inference.lib.wasm"


@pytest.fixture(scope="session")
def libraries() -> Path:
    return folder()


@pytest.fixture(scope="session")
def iris() -> Model:
    return Model(library("iris"))


@pytest.fixture(scope="session")
def wine() -> Model:
    return Model(library("wine-quality"))


@pytest.fixture(scope="session")
def mnist() -> Model:
    return Model(library("mnist"))


@pytest.fixture(scope="session")
def agnews() -> Model:
    return Model(library("agnews"))
