"""Runs a trainer, a WebAssembly program, in a sandbox."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional

import wasmtime
from wasmtime import Config, Engine, ExitTrap, Linker, Module, Store, Trap, WasiConfig, WasmtimeError

from ._sandbox import Sandbox
from .errors import TrainerMissing, TrainingError

VARIABLE = "BURN_ALGORITHMS_TRAINERS"

#: Seconds between two looks at what a trainer has printed.
_STEP = 0.05
#: Seconds of silence before the user is told that the trainer is compiled.
_PATIENCE = 1.0
#: Seconds that a trainer gets to stop.
_GRACE = 2.0
#: The exit code of a trainer whose fault it is.
_INTERNAL = 1

#: Gets a line without its end.
Lines = Callable[[str], None]


@dataclass(frozen=True)
class Done:
    """A trainer that has ended.

    Attributes:
        code: its exit code.
        output: what it printed to standard output, with the user's paths.
        errors: what it printed to standard error, with the user's paths.
    """

    code: int
    output: str
    errors: str


def trainer_path(trainer: str) -> Path:
    """The file of the trainer ``tabular``, ``texts`` or ``images``.

    Raises:
        TrainerMissing: if there is none.
    """
    name = f"{trainer}-flex.wasm"
    folders = [Path(__file__).with_name("trainers")]
    variable = os.environ.get(VARIABLE)
    if variable:
        folders.append(Path(variable))
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise TrainerMissing(
        f"the package has no {name}: `cargo xtask packages` makes it, or the environment variable "
        f"{VARIABLE} names a folder that has it"
    )


def run(
    trainer: str,
    sandbox: Sandbox,
    *,
    memory: Optional[int] = None,
    timeout: Optional[float] = None,
    on_error: Optional[Lines] = None,
    on_output: Optional[Lines] = None,
) -> Done:
    """Runs a trainer until it ends.

    Args:
        trainer: ``tabular``, ``texts`` or ``images``.
        sandbox: its arguments and folders.
        memory: the most bytes of memory that it may use.
        timeout: the most seconds that it may run.
        on_error: gets each line of standard error, in the thread of the caller.
        on_output: gets each line of standard output.

    Raises:
        TrainerMissing: if there is no such trainer.
        TrainingError: if it cannot start, takes longer than ``timeout`` or stops with a trap.
        KeyboardInterrupt: if the user interrupts it. The message says how to go on.
        OSError: if a folder cannot be made.
    """
    path = trainer_path(trainer)
    made = _make_folders(sandbox)
    scratch = Path(tempfile.mkdtemp(prefix="burn-algorithms-"))
    work = _Work(path, sandbox, memory, scratch)
    errors = _Tail(scratch / "errors", sandbox, on_error)
    output = _Tail(scratch / "output", sandbox, on_output)
    try:
        work.start()
        _wait(work, errors, output, timeout, on_error)
        return Done(work.code(), output.text, errors.text)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"the training was interrupted{_how_to_go_on(sandbox)}") from None
    finally:
        work.stop()
        shutil.rmtree(scratch, ignore_errors=True)
        for folder in made:
            _remove_if_empty(folder)


def _wait(
    work: "_Work", errors: "_Tail", output: "_Tail", timeout: Optional[float], on_error: Optional[Lines]
) -> None:
    """Waits for the end, and passes on what is printed."""
    compiling_since: Optional[float] = time.monotonic()
    while not work.done.wait(_STEP):
        now = time.monotonic()
        if compiling_since and not work.running_since and now - compiling_since > _PATIENCE:
            compiling_since = None
            if on_error:
                on_error("the trainer is compiled for this computer; the next run starts at once")
        errors.read()
        output.read()
        if timeout is not None and work.running_since and now - work.running_since > timeout:
            raise TrainingError(
                f"the training took longer than {timeout:g} seconds{_how_to_go_on(work.sandbox)}", "timeout"
            )
    errors.read(is_last=True)
    output.read(is_last=True)


class _Work:
    """The thread that runs the trainer, so that that of the caller can be interrupted."""

    def __init__(self, path: Path, sandbox: Sandbox, memory: Optional[int], scratch: Path) -> None:
        self.sandbox = sandbox
        self.done = threading.Event()
        self.running_since: Optional[float] = None
        self._path = path
        self._memory = memory
        self._scratch = scratch
        self._engine = _engine()
        self._lock = threading.Lock()
        self._is_stopped = False
        self._code = 0
        self._error: Optional[BaseException] = None

    def start(self) -> None:
        threading.Thread(target=self._run, name="trainer", daemon=True).start()

    def stop(self) -> None:
        """Ends a run; a module that is being compiled is left to itself, because that cannot be stopped."""
        with self._lock:
            self._is_stopped = True
            is_running = self.running_since is not None
        if is_running and not self.done.is_set():
            self._engine.increment_epoch()
            # It goes on only while it waits for standard input.
            self.done.wait(_GRACE)

    def code(self) -> int:
        if self._error is not None:
            raise self._error
        return self._code

    def _run(self) -> None:
        try:
            self._code = self._execute()
        except UnicodeEncodeError:
            self._error = TrainingError("a path or an option is not Unicode, which the sandbox needs", "usage")
        except Exception as error:
            self._error = error
        finally:
            self.done.set()

    def _execute(self) -> int:
        module = Module.from_file(self._engine, str(self._path))
        store = Store(self._engine)
        store.set_epoch_deadline(1)
        if self._memory is not None:
            store.set_limits(memory_size=self._memory)
        linker = Linker(self._engine)
        linker.define_wasi()
        with self._lock:
            if self._is_stopped:
                return _INTERNAL
            store.set_wasi(self._wasi())
            self.running_since = time.monotonic()
        try:
            exports = linker.instantiate(store, module).exports(store)
            start: Any = exports["_start"]
            start(store)
        except ExitTrap as error:
            return error.code
        except Trap as error:
            raise TrainingError(f"the trainer stopped: {error.message.splitlines()[-1]}", "internal") from error
        except WasmtimeError as error:
            raise TrainingError(f"the trainer cannot run: {str(error).splitlines()[-1]}", "internal") from error
        finally:
            # Closes the files, which Windows would not remove otherwise.
            store.close()
        return 0

    def _wasi(self) -> WasiConfig:
        """No environment, no network, and only the folders of the sandbox."""
        sandbox = self.sandbox
        wasi = WasiConfig()
        wasi.argv = [self._path.stem, *sandbox.arguments]
        for folder in sandbox.folders:
            wasi.preopen_dir(folder.host, folder.guest, *_permissions(folder.writable))
        if sandbox.reads_standard_input:
            wasi.inherit_stdin()
        if sandbox.writes_standard_output:
            wasi.inherit_stdout()
        else:
            wasi.stdout_file = str(self._scratch / "output")
        wasi.stderr_file = str(self._scratch / "errors")
        return wasi


class _Tail:
    """Reads a file that grows."""

    def __init__(self, path: Path, sandbox: Sandbox, on_line: Optional[Lines]) -> None:
        self.text = ""
        self._path = path
        self._sandbox = sandbox
        self._on_line = on_line
        self._place = 0
        self._rest = b""

    def read(self, is_last: bool = False) -> None:
        """Passes on the lines that are new; and one without an end if it ``is_last``."""
        try:
            with open(self._path, "rb") as file:
                file.seek(self._place)
                content = file.read()
        except FileNotFoundError:
            return
        self._place += len(content)
        *lines, self._rest = (self._rest + content).split(b"\n")
        if is_last and self._rest:
            lines.append(self._rest)
        for line in lines:
            text = self._sandbox.translate(line.decode("utf-8", "replace"))
            self.text += f"{text}\n"
            if self._on_line:
                self._on_line(text)


#: The process that has compiled in parallel.
_process: Optional[int] = None


def _engine() -> Engine:
    """An engine of its own for each run: an epoch ends all runs of an engine."""
    global _process
    config = Config()
    config.epoch_interruption = True
    # The threads that compile in parallel are lost in a forked process, which would wait for them forever.
    if _process not in (None, os.getpid()):
        config.parallel_compilation = False
    else:
        _process = os.getpid()
    try:
        # By digest, version and settings, in the user's own cache folder.
        config.cache = True
    except WasmtimeError:
        # Such as without a home folder. Each run compiles then.
        pass
    return Engine(config)


def _permissions(writable: bool) -> tuple[Any, ...]:
    """The arguments of ``preopen_dir``, which differ between versions."""
    folder: Any = getattr(wasmtime, "DirPerms", None)
    file: Any = getattr(wasmtime, "FilePerms", None)
    if folder is None:
        return (writable,)
    return (folder.READ_WRITE, file.READ_WRITE) if writable else (folder.READ_ONLY, file.READ_ONLY)


def _make_folders(sandbox: Sandbox) -> list[Path]:
    """Makes the folders that are written, and returns those that are new, the innermost first."""
    made = []
    for folder in sandbox.folders:
        path = Path(folder.host)
        if folder.writable:
            made += [parent for parent in (path, *path.parents) if not parent.exists()]
            path.mkdir(parents=True, exist_ok=True)
    return made


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        pass


def _how_to_go_on(sandbox: Sandbox) -> str:
    folder = sandbox.artifacts
    if folder is not None and (folder / "checkpoint.journal").exists():
        return f"; what is finished is in {folder}: the same call with `resume=True` (`--resume`) goes on from there"
    return ""
