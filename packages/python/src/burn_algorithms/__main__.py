"""The command ``python -m burn_algorithms``."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from typing import Optional

from ._sandbox import sandbox
from ._trainer import run
from .errors import ModelError
from .model import Model

_FAILURE = 2
#: What a shell reports for a program that Ctrl-C ended.
_INTERRUPTED = 130
#: The commands that train, with the name of the trainer.
_TRAINERS = {"train": "tabular", "train-texts": "texts", "train-images": "images"}


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command, and returns its exit code.

    It is 0, or 2 for bad usage, a bad module or a bad input; and that of the trainer for a training.
    """
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments and arguments[0] in _TRAINERS:
        return _train(_TRAINERS[arguments[0]], arguments[1:])
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
        description="Answers inputs with a model in a WebAssembly library, and trains models in a sandbox.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    predict = commands.add_parser("predict", help="answer an input")
    predict.add_argument("module", help="a file that `pack --library` has made")
    predict.add_argument("input", help="JSON, or `-` for lines of it on standard input")
    predict.add_argument("--explain", action="store_true", help="tell what weighed most")
    predict.add_argument("--strict", action="store_true", help="refuse unusual inputs")
    describe = commands.add_parser("describe", help="print the model's inputs and metrics as JSON")
    describe.add_argument("module", help="a file that `pack --library` has made")
    # For the help alone: their options are those of the trainers.
    commands.add_parser("train", help="train a model on a table: `train DATA --target COLUMN`, `train --help`")
    commands.add_parser("train-texts", help="train a classifier of texts")
    commands.add_parser("train-images", help="train a classifier of pictures")
    return parser


def _train(trainer: str, arguments: Sequence[str]) -> int:
    """Trains, and returns the exit code of the trainer."""
    if arguments and (arguments[0] == "-" or not arguments[0].startswith("-")):
        arguments = [f"--data={arguments[0]}", *arguments[1:]]
    try:
        done = run(trainer, sandbox(trainer, arguments), on_error=_print_error, on_output=_print)
        return done.code
    except KeyboardInterrupt as error:
        print(f"error: {error}", file=sys.stderr)
        return _INTERRUPTED
    except (ModelError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _FAILURE


def _print(line: str) -> None:
    try:
        print(line, flush=True)
    except BrokenPipeError:
        # A reader that went away, as `head` does, is no reason to lose a model.
        sys.stdout = open(os.devnull, "w")


def _print_error(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


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
