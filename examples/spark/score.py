"""Scores a million made-up flowers and a Parquet file of news with Spark.

    python score.py iris-inference.lib.wasm agnews-inference.lib.wasm news.parquet [--master local[2]]

The file of news has the columns `title` and `description`; `--news-csv` makes it of the CSV file of AG News.
"""

from __future__ import annotations

import argparse
import time
from typing import Optional

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from burn_algorithms.spark import score

#: The range of each measurement in training, in cm.
RANGES = {
    "sepal_length": (4.3, 7.7),
    "sepal_width": (2.0, 4.4),
    "petal_length": (1.0, 6.7),
    "petal_width": (0.1, 2.5),
}


def made_up_flowers(spark: SparkSession, rows: int, partitions: int) -> DataFrame:
    """So many flowers, of which one in a thousand is bad."""
    columns = [
        (F.rand(seed) * (high - low) + low).alias(name)
        for seed, (name, (low, high)) in enumerate(RANGES.items())
    ]
    flowers = spark.range(0, rows, 1, partitions).select("id", *columns)
    width = F.when(F.col("id") % 1000 == 7, 99.0).otherwise(F.col("petal_width"))
    return flowers.withColumn("petal_width", width)


def write_news(spark: SparkSession, csv: str, parquet: str, partitions: int) -> None:
    """Makes a Parquet file of the CSV file of AG News: class, title, description, without a header."""
    news = spark.read.csv(csv, schema="class int, title string, description string", escape='"')
    news = news.fillna("", ["title", "description"]).withColumn("id", F.monotonically_increasing_id())
    news.repartition(partitions).write.mode("overwrite").parquet(parquet)


def run(name: str, scored: DataFrame) -> None:
    """Computes all rows, and prints how many there are of each answer."""
    start = time.perf_counter()
    counts = scored.groupBy("prediction", "error").count().orderBy(F.desc("count")).collect()
    seconds = time.perf_counter() - start
    total = sum(row["count"] for row in counts)
    print(f"{name}: {total} rows in {seconds:.1f} s, {total / seconds:.0f} rows a second")
    for row in counts:
        print(f"{row['count']:>9}  {row['prediction'] or row['error']}")


def warm_up(scored: DataFrame) -> None:
    """Computes all rows, for nothing."""
    scored.write.format("noop").mode("overwrite").save()


def main(arguments: Optional[list[str]] = None) -> None:
    parser = argparse.ArgumentParser(description="Scores flowers and news with Spark.")
    parser.add_argument("iris", help="the library of the model `iris`")
    parser.add_argument("agnews", help="the library of the model `agnews`")
    parser.add_argument("news", help="a Parquet file with the columns `id`, `title` and `description`")
    parser.add_argument("--news-csv", help="the CSV file of AG News to make the Parquet file of")
    parser.add_argument("--master", default="local[2]", help="the master of Spark (default: local[2])")
    parser.add_argument("--rows", type=int, default=1_000_000, help="how many flowers (default: a million)")
    parser.add_argument("--partitions", type=int, default=8, help="parts of the rows (default: 8)")
    options = parser.parse_args(arguments)
    spark = (
        SparkSession.builder.master(options.master)
        .appName("score")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    if options.news_csv:
        write_news(spark, options.news_csv, options.news, options.partitions)
    flowers = made_up_flowers(spark, options.rows, options.partitions)
    news = spark.read.parquet(options.news)
    # A worker starts, imports and compiles once: that is not the time of a row.
    warm_up(score(made_up_flowers(spark, 1000, options.partitions), options.iris, key="id"))
    warm_up(score(news.sample(0.01), options.agnews, key="id"))
    run("flowers", score(flowers, options.iris, key="id"))
    run("news", score(news, options.agnews, key="id"))
    spark.stop()


if __name__ == "__main__":
    main()
