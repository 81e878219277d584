"""Writes inputs as JSON, also those that hold values of NumPy, pandas and the standard library."""

from __future__ import annotations

import datetime
import decimal
import json
import math
from collections.abc import Mapping
from typing import Any

from .errors import InputError

# Made once: `json.dumps` makes an encoder for each call that has options.
_STRICT = json.JSONEncoder(allow_nan=False).encode
_LOOSE = json.JSONEncoder(check_circular=True).encode


def encode(value: Any) -> bytes:
    """``value`` as one line of JSON in ASCII. A missing value, such as NaN, becomes ``null``.

    Raises:
        InputError: if it holds something that has no form in JSON.
    """
    try:
        return _STRICT(value).encode("ascii")
    except (TypeError, ValueError):
        pass
    try:
        return _LOOSE(_plain(value)).encode("ascii")
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"the input cannot be written as JSON: {error}") from error


def _plain(value: Any) -> Any:
    """``value`` with plain objects of Python only."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, decimal.Decimal):
        return None if value.is_nan() else float(value)
    # NaT is a datetime that is not equal to itself.
    if isinstance(value, datetime.date):
        return value.isoformat() if value == value else None
    if isinstance(value, (bytes, bytearray)):
        return list(value)
    # NumPy's scalars and arrays, and pandas' series.
    if hasattr(value, "tolist"):
        listed = value.tolist()
        if listed is not value:
            return _plain(listed)
    if type(value).__name__ == "NAType":
        return None
    raise TypeError(f"an object of the type {type(value).__name__}")
