"""The same through Spark Connect, in a process of its own: a session is of one kind in a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from environment import python_path

pytest.importorskip("grpc", reason="Spark Connect needs grpcio")

PROGRAM = """
import sys
from pyspark.sql import SparkSession
from burn_algorithms.spark import score

spark = SparkSession.builder.remote("local[2]").getOrCreate()
columns = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
frame = spark.createDataFrame([(7.0, 3.2, 4.7, 1.4), (7.0, 3.2, 4.7, 99.0)], columns)
print(type(frame).__module__)
for row in score(frame, sys.argv[1], key=[]).collect() + score(frame, sys.argv[1], key=[]).collect():
    print(row.prediction, row.error)
"""


@pytest.mark.slow
def test_connect(libraries: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": python_path(),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = [sys.executable, "-c", PROGRAM, str(libraries / "iris-inference.lib.wasm")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    lines = done.stdout.splitlines()
    assert lines[-5:] == [
        "pyspark.sql.connect.dataframe",
        *["Iris-versicolor None", "None `petal_width` is 99: expected a number from 0.1 to 20 (cm)"] * 2,
    ], done.stderr[-2000:]
