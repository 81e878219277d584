"""A standalone cluster of Spark on this machine: a master and workers, each a process that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Optional

import pyspark
from environment import python_path

HOME = Path(pyspark.__file__).parent
HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


class Cluster:
    """A master and two workers of one core each.

    Args:
        folder: where logs and the workers' files go.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self.url = f"spark://{HOST}:{self._port}"
        self._master: Optional[subprocess.Popen[bytes]] = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Cluster":
        master = ["master.Master", "--host", HOST, "--port", str(self._port)]
        self._master = self._start("master", *master, "--webui-port", str(free_port()))
        self._wait_for("master", "New state: ALIVE")
        for number in range(2):
            name = f"worker{number}"
            worker = ["worker.Worker", "--host", HOST, "--cores", "1", "--memory", "1g"]
            worker += ["--work-dir", str(self._folder / name), "--webui-port", str(free_port())]
            self.workers.append(self._start(name, *worker, self.url))
            self._wait_for(name, "Successfully registered")
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        for process in [*self.workers, self._master]:
            if process is not None:
                self._kill(process)

    def kill_worker(self, number: int) -> None:
        """Kills a worker and its executors, as a power cut does."""
        self._kill(self.workers[number])

    def _start(self, name: str, kind: str, *arguments: str) -> "subprocess.Popen[bytes]":
        environment = {
            **os.environ,
            "SPARK_HOME": str(HOME),
            "SPARK_LOCAL_IP": HOST,
            "PYSPARK_PYTHON": sys.executable,
            "PYTHONPATH": python_path(),
            "SPARK_DAEMON_MEMORY": "256m",
        }
        command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", *arguments]
        with open(self._folder / f"{name}.log", "wb") as log:
            # A group of its own, which a signal reaches with the executors in it.
            return subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def _wait_for(self, name: str, text: str) -> None:
        end = time.monotonic() + 120
        log = self._folder / f"{name}.log"
        while text not in log.read_text(errors="replace"):
            if time.monotonic() > end:
                raise TimeoutError(f"{name} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.2)

    @staticmethod
    def _kill(process: "subprocess.Popen[bytes]") -> None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
