"""Inputs for the tests."""

from __future__ import annotations

from typing import Any

import numpy as np

FIELDS = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
FLOWER = dict(zip(FIELDS, [7.0, 3.2, 4.7, 1.4]))
#: Its petals are wider than any of training.
UNUSUAL = {**FLOWER, "petal_width": 9.0}
#: Its petals are wider than any can be.
BAD = {**FLOWER, "petal_width": 99.0}

TEXT = "Late goal sends Ajax to the final"


def flowers(count: int, seed: int = 1) -> Any:
    """Made-up flowers as 64-bit floats of shape `(count, 4)`, within the range of training."""
    random = np.random.default_rng(seed)
    low, high = [4.3, 2.0, 1.0, 0.1], [7.7, 4.4, 6.7, 2.5]
    return random.uniform(low, high, (count, 4)).round(1)


def wines(count: int, seed: int = 2) -> Any:
    """Made-up wines as 64-bit floats of shape `(count, 11)`."""
    random = np.random.default_rng(seed)
    low = [5.0, 0.2, 0.0, 1.0, 0.05, 5.0, 10.0, 0.992, 3.0, 0.4, 9.0]
    high = [12.0, 1.2, 0.7, 9.0, 0.2, 40.0, 150.0, 1.002, 3.8, 1.2, 13.0]
    return random.uniform(low, high, (count, 11))


def pictures(count: int, seed: int = 3) -> Any:
    """Pictures of one thick line each, as bytes of shape `(count, 28, 28)`."""
    random = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), dtype=np.uint8)
    for image in images:
        start = int(random.integers(6, 18))
        image[4:24, start : start + 3] = random.integers(150, 256, (20, 3))
        if random.random() < 0.5:
            image[4:7, 6:22] = 230
    return images
