"""Scores the rows of a Spark data frame.

>>> from burn_algorithms.spark import score
>>> score(flowers, "iris-inference.lib.wasm", key="id").show()
"""

from .frame import score

__all__ = ["score"]
