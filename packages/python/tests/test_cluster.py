"""A worker that is killed in the middle of a job, on a standalone cluster of two."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cluster import Cluster
from environment import python_path

ROWS = 400_000
# Workers run in a folder of their own, where a relative path does not lead to the package.

# A driver of its own, since a process has one Spark context.
PROGRAM = """
import sys, time
from pathlib import Path
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from burn_algorithms.spark import score

url, library, rows, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
spark = (
    SparkSession.builder.master(url)
    .config("spark.driver.host", "127.0.0.1")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.ui.enabled", "false")
    .config("spark.executor.memory", "512m")
    .getOrCreate()
)
frame = spark.range(0, rows, 1, 40).select(
    "id",
    (F.rand(1) * 3 + 4.5).alias("sepal_length"),
    (F.rand(2) * 2 + 2.2).alias("sepal_width"),
    (F.rand(3) * 5 + 1.2).alias("petal_length"),
    F.when(F.col("id") % 1000 == 5, 99.0).otherwise(F.rand(4) * 2 + 0.2).alias("petal_width"),
)


def slow(batches):
    # Long enough for the test to kill a worker between two tasks.
    for batch in batches:
        time.sleep(0.5)
        (folder / f"task-{time.time_ns()}").touch()
        yield batch


schema = frame.schema
scored = score(frame.mapInArrow(slow, schema), library, key="id")
scored.write.mode("overwrite").parquet(str(folder / "scored"))
answers = spark.read.parquet(str(folder / "scored"))
total, distinct, errors = answers.agg(
    F.count("id"), F.countDistinct("id"), F.count("error")
).first()
print("RESULT", total, distinct, errors, answers.filter("error is null and prediction is null").count())
"""


@pytest.mark.slow
def test_a_killed_worker_loses_no_row(libraries: Path, tmp_path: Path) -> None:
    with Cluster(tmp_path) as cluster:
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
        environment["PYTHONPATH"] = python_path()
        library = libraries / "iris-inference.lib.wasm"
        command = [sys.executable, "-c", PROGRAM, cluster.url, str(library), str(ROWS), str(tmp_path)]
        with open(tmp_path / "driver.log", "wb") as log:
            driver = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log)
        try:
            while driver.poll() is None and len(list(tmp_path.glob("task-*"))) < 10:
                try:
                    driver.wait(0.2)
                except subprocess.TimeoutExpired:
                    pass
            assert driver.poll() is None, (tmp_path / "driver.log").read_text()[-3000:]
            cluster.kill_worker(0)
            output = driver.communicate(timeout=300)[0].decode()
        finally:
            driver.kill()
        log_text = (tmp_path / "driver.log").read_text()
        assert f"RESULT {ROWS} {ROWS} {ROWS // 1000} 0" in output, output + log_text[-3000:]
        # The kill did hit: the driver lost an executor.
        assert "Lost executor" in log_text or "Lost task" in log_text
