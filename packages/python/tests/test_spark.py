"""Rows of Spark data frames."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inputs import FIELDS, TEXT, flowers, pictures, wines
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from burn_algorithms import Model, NotAModule
from burn_algorithms.spark import frame as frame_module
from burn_algorithms.spark import score
from burn_algorithms.spark.plan import Plan
from burn_algorithms.spark.worker import load, score_batches

ROWS = 10_000


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def flower_frame(spark: SparkSession) -> Any:
    """Flowers with a bad one and one without a value in each hundred."""
    rows = [(number, *map(float, row)) for number, row in enumerate(flowers(ROWS))]
    frame = spark.createDataFrame(rows, ["id", *FIELDS])
    width = (
        F.when(F.col("id") % 100 == 7, F.lit(99.0))
        .when(F.col("id") % 100 == 8, F.lit(None))
        .otherwise(F.col("petal_width"))
    )
    return frame.withColumn("petal_width", width).repartition(3).cache()


def test_each_row_is_answered_once(flower_frame: Any, libraries: Path, iris: Model) -> None:
    scored = score(flower_frame, libraries / "iris-inference.lib.wasm", key="id", batch_rows=1000)
    assert scored.columns == ["id", "prediction", "probability", "probabilities", "error"]
    rows = {row.id: row for row in scored.collect()}
    assert sorted(rows) == list(range(ROWS))
    outputs = iris.predict_numbers(flowers(ROWS))
    for number, row in rows.items():
        if number % 100 in (7, 8):
            value = "99" if number % 100 == 7 else "null"
            assert row.error.startswith(f"`petal_width` is {value}: expected a number")
            assert (row.prediction, row.probability, row.probabilities) == (None, None, None)
        else:
            assert row.error is None
            found = [row.probabilities[name] for name in iris.classes]
            assert found == pytest.approx(outputs[number].tolist())
            assert row.probability == row.probabilities[row.prediction] == max(outputs[number])


def test_columns_key_and_strict(flower_frame: Any, iris: Model) -> None:
    renamed = flower_frame.limit(50).withColumnsRenamed({name: f"x.{name}" for name in FIELDS})
    columns = [f"x.{name}" for name in FIELDS]
    by_list = score(renamed, iris, columns=columns, key=["id"]).orderBy("id").collect()
    by_name = dict(zip(FIELDS, columns))
    assert score(renamed, iris, columns=by_name, key="id").orderBy("id").collect() == by_list
    everything = score(flower_frame, iris)
    assert everything.columns[:5] == ["id", *FIELDS]
    assert score(flower_frame, iris, key=[]).columns[0] == "prediction"
    huge = flower_frame.withColumn("petal_width", F.lit(9.0)).limit(3)
    assert all("strict" in row.error for row in score(huge, iris, strict=True).collect())
    assert all(row.error is None for row in score(huge, iris).collect())
    partial = {name: name for name in FIELDS[:3]}
    assert all("missing" in row.error for row in score(huge, iris, columns=partial).collect())
    words = huge.withColumn("petal_width", F.lit("wide"))
    assert all('the string "wide"' in row.error for row in score(words, iris).collect())
    whole = huge.withColumn("petal_width", F.lit(2)).withColumn("petal_length", F.lit("5").cast("decimal(3,1)"))
    row = score(whole, iris).first()
    assert row.prediction == iris.predict({name: float(row[name]) for name in FIELDS})["class"]


def test_numbers(spark: SparkSession, wine: Model) -> None:
    rows = wines(200)
    frame = spark.createDataFrame([tuple(map(float, row)) for row in rows], list(wine.fields))
    scored = score(frame, wine).collect()
    expected = wine.predict_numbers(rows)
    found = [(row.prediction, row.low, row.high) for row in scored]
    assert np.array(found) == pytest.approx(expected)
    bad = frame.withColumn("pH", F.lit(20.0)).limit(2)
    assert [(r.prediction, r.low, r.high) for r in score(bad, wine, key="pH").collect()] == [(None,) * 3] * 2


def test_texts(spark: SparkSession, agnews: Model) -> None:
    texts = [(TEXT, ""), (None, TEXT), ("", ""), ("Shares of the bank fell", "Profits\nfell, \u2028 too")]
    frame = spark.createDataFrame(texts, ["title", "description"])
    rows = score(frame, agnews).collect()
    assert [row.prediction for row in rows] == ["Sports", None, None, "Business"]
    assert rows[1].error.startswith("`title` is null") and "no word" in rows[2].error
    rows = score(frame, agnews, columns="description").collect()
    assert [row.prediction for row in rows] == [None, "Sports", None, "Business"]


def test_a_row_that_takes_too_much_memory(spark: SparkSession, agnews: Model) -> None:
    frame = spark.createDataFrame([(number,) for number in range(20)], ["id"]).coalesce(1)
    long = F.expr("repeat('word ', 4000000)")
    frame = frame.withColumn("text", F.when(F.col("id") == 11, long).otherwise(F.lit(TEXT)))
    rows = score(frame, agnews, columns="text", key="id", max_memory=16 << 20).collect()
    assert [row.id for row in rows if row.error] == [11]
    assert "memory" in next(row.error for row in rows if row.error)
    assert sorted(row.id for row in rows) == list(range(20))


def test_pictures(spark: SparkSession, mnist: Model) -> None:
    images = pictures(12).reshape(12, -1)
    rows = [(number, image.tolist()) for number, image in enumerate(images)]
    rows += [(12, [0] * 784), (13, [1, 2, 3])]
    frame = spark.createDataFrame(rows, "id int, pixels array<int>")
    expected = list(mnist.predict(images))
    scored = score(frame, mnist, columns="pixels", key="id").orderBy("id").collect()
    assert [row.prediction for row in scored[:12]] == expected
    assert "every pixel is 0" in scored[12].error and "3 pixels" in scored[13].error
    same = score(frame.filter("id < 12"), mnist, columns="pixels", key="id").orderBy("id").collect()
    assert [row.prediction for row in same] == expected


def test_workers_open_a_library_once(flower_frame: Any, iris: Model, spark: SparkSession) -> None:
    scored = score(flower_frame, iris, key="id")
    scored.count()

    def opened(_: Any) -> Any:
        import pyarrow

        from burn_algorithms._engine import _cache
        from burn_algorithms.spark.worker import _models

        counts = [len(_models), len(_cache.modules)]
        yield pyarrow.RecordBatch.from_arrays([pyarrow.array([count]) for count in counts], ["models", "modules"])

    rows = spark.range(2).repartition(2).mapInArrow(opened, "models long, modules long").collect()
    assert all(row.models <= 6 and row.modules <= 6 for row in rows)


def test_what_is_refused_on_the_driver(flower_frame: Any, iris: Model, mnist: Model) -> None:
    with pytest.raises(NotAModule):
        score(flower_frame, b"text")
    for arguments, message in [
        ({"key": "name"}, "no column `name`"),
        ({"columns": FIELDS[:2]}, "expected 4"),
        ({"columns": {"width": "id"}}, "no input `width`"),
        ({"batch_rows": 0}, "at least 1"),
    ]:
        with pytest.raises(ValueError, match=message):
            score(flower_frame, iris, **arguments)
    with pytest.raises(ValueError, match="no column `sepal_width`"):
        score(flower_frame.drop("sepal_width"), iris)
    with pytest.raises(ValueError, match="`error` would be there twice"):
        score(flower_frame.withColumn("error", F.lit("")), iris)
    with pytest.raises(ValueError, match="which column has the pixels"):
        score(flower_frame, mnist)


def test_another_file_than_the_one_sent(
    flower_frame: Any, iris: Model, wine: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    from burn_algorithms.spark.ship import ship

    name = ship(flower_frame.sparkSession, wine)
    monkeypatch.setattr(frame_module, "ship", lambda session, model: name)
    # A limit of its own, so that no worker has opened the library before.
    scored = score(flower_frame, iris, max_memory=99 << 20)
    with pytest.raises(Exception, match=f"SHA-256 {wine.sha256}: expected {iris.sha256}"):
        scored.collect()


def test_batches_without_spark(iris: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyarrow

    plan = Plan("iris", iris.sha256, iris.fields, iris.fields, ("sepal_width",), ("width",), 3, False, None)
    monkeypatch.setattr("burn_algorithms.spark.worker._models", {(iris.sha256, None): iris})
    rows = flowers(10)
    batch = pyarrow.RecordBatch.from_arrays([pyarrow.array(column) for column in rows.T], FIELDS)
    parts = list(score_batches(plan, iter([batch, batch.slice(0, 0)])))
    assert [part.num_rows for part in parts] == [3, 3, 3, 1]
    assert parts[0].schema.names == ["width", "prediction", "probability", "probabilities", "error"]
    assert [value for part in parts for value in part.column(1).to_pylist()] == list(iris.predict(rows))
    assert load(plan) is iris
