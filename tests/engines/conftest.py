"""One cluster and one session for all tests of Spark: a process has a single Spark context."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.engines.cluster import LOOPBACK, SHORT_LIVED, cluster
from vhkg.engines.spark import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Two workers of one core each."""
    os.environ["SPARK_LOCAL_IP"] = LOOPBACK
    settings = {
        "spark.driver.extraJavaOptions": SHORT_LIVED,
        "spark.executor.extraJavaOptions": SHORT_LIVED,
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.executor.memory": "600m",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    with cluster(tmp_path_factory.mktemp("cluster")) as master:
        running = session(master, settings)
        running.sparkContext.setLogLevel("ERROR")
        yield running
        running.stop()
