"""Answers a list of requests with a library, for tests in other languages.

    python3 packages/python/tests/contract.py LIBRARY.wasm < requests.json

Standard input is a JSON array of `{"input": "…", "explain": false, "strict": false}`. Standard output is a JSON
array of `{"status": 0, "text": "…"}` or `{"status": 2, "error": "…", "item": 3, "field": "…"}`, where `item` and
`field` are left out if the library does not tell them.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from burn_algorithms import InputError, Model


def answer(model: Model, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request."""
    try:
        text = model.predict_text(request["input"], request["explain"], request["strict"])
    except InputError as error:
        refusal = {"status": 2, "error": str(error), "item": error.item, "field": error.field}
        return {key: value for key, value in refusal.items() if value is not None}
    return {"status": 0, "text": text}


def main() -> None:
    model = Model(sys.argv[1])
    requests = json.loads(sys.stdin.buffer.read())
    print(json.dumps([answer(model, request) for request in requests]))


if __name__ == "__main__":
    main()
