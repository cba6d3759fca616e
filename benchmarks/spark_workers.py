"""What a second worker of Spark is worth: the same facts on standalone clusters of one worker and of two, on loopback.

    python benchmarks/spark_workers.py FACTS.parquet [--rounds 3]

Each worker has one core. The first round of each cluster is told apart, since Spark compiles then, and
the answers are made in full but written nowhere.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import vhkg
from tests.engines.cluster import LOOPBACK, cluster
from vhkg.engines.chosen import chosen_table
from vhkg.engines.spark import SparkEngine, session


def measured(facts: str, workers: int, rounds: int) -> list[float]:
    """Seconds, one round after the other."""
    knowledge = vhkg.load()
    readings = knowledge.decider.guards.chosen({})
    table = chosen_table(knowledge.compiled.table, knowledge.content, readings)
    settings = {
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.executor.memory": "800m",
        "spark.sql.shuffle.partitions": "4",
    }
    found = []
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder), workers) as master:
        spark = session(master, settings)
        spark.sparkContext.setLogLevel("ERROR")
        try:
            for _ in range(rounds + 1):
                start = time.perf_counter()
                engine = SparkEngine(spark, table, knowledge.compiled.table)
                engine.answers(facts).write.format("noop").mode("overwrite").save()
                found.append(time.perf_counter() - start)
        finally:
            spark.stop()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("facts")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    os.environ["SPARK_LOCAL_IP"] = LOOPBACK
    medians = {}
    for workers in (1, 2):
        first, *rest = measured(given.facts, workers, given.rounds)
        medians[workers] = statistics.median(rest)
        shown = ", ".join(f"{each:.1f}" for each in rest)
        print(f"{workers} worker(s): first {first:.1f} s, then {shown} s; median {medians[workers]:.1f} s", flush=True)
    print(f"speed-up from one worker to two: {medians[1] / medians[2]:.2f}")


if __name__ == "__main__":
    main()
