"""The command ``python -m burn_algorithms``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Optional

from .errors import ModelError
from .model import Model

_FAILURE = 2


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command, and returns its exit code: 0, or 2 for bad usage, a bad module or a bad input."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        model = Model(options.module)
        if options.command == "describe":
            print(json.dumps(model.describe(), indent=1, ensure_ascii=False))
            return 0
        if options.input == "-":
            return _lines(model, options.explain, options.strict)
        sys.stdout.write(model.predict_text(options.input, options.explain, options.strict))
        return 0
    except (ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _FAILURE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m burn_algorithms",
        description="Answers inputs with a model in a WebAssembly library.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    predict = commands.add_parser("predict", help="answer an input")
    predict.add_argument("module", help="a file that `pack --library` has made")
    predict.add_argument("input", help="JSON, or `-` for lines of it on standard input")
    predict.add_argument("--explain", action="store_true", help="tell what weighed most")
    predict.add_argument("--strict", action="store_true", help="refuse unusual inputs")
    describe = commands.add_parser("describe", help="print the model's inputs and metrics as JSON")
    describe.add_argument("module", help="a file that `pack --library` has made")
    return parser


def _lines(model: Model, explain: bool, strict: bool) -> int:
    """Answers each line of standard input with a line, as soon as it comes."""
    result = 0
    for number, line in enumerate(sys.stdin.buffer, 1):
        answer = model.predict_lines(line, explain, strict)
        sys.stdout.write(answer)
        sys.stdout.flush()
        # A model may give a number with the name `error`.
        error = json.loads(answer).get("error")
        if isinstance(error, str):
            print(f"error: line {number}: {error}", file=sys.stderr)
            result = _FAILURE
    return result


if __name__ == "__main__":
    sys.exit(main())
