"""A standalone Spark cluster on loopback: a master and workers of one core each, stopped by their process ids."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.stores.server import free_port, waits_for

LOOPBACK = "127.0.0.1"
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For a Java that ends before it could win back what a second compilation costs."""


@contextlib.contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of the master. Logs and the workers' files go to `folder`."""
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_NO_DAEMONIZE": "1",
        "SPARK_SCALA_VERSION": "2.13",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED,
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }
    port = free_port()
    program = [str(home / "bin" / "spark-class")]
    master = "org.apache.spark.deploy.master.Master"
    worker = "org.apache.spark.deploy.worker.Worker"
    url = f"spark://{LOOPBACK}:{port}"
    commands = [[master, "--host", LOOPBACK, "--port", str(port), "--webui-port", "0"]]
    for number in range(workers):
        commands.append([worker, url, "--host", LOOPBACK, "--cores", "1", "--memory", "1g", "--webui-port", "0"])
        commands[-1] += ["--work-dir", str(folder / f"worker{number}")]
    running: list[subprocess.Popen[bytes]] = []
    try:
        for number, command in enumerate(commands):
            with (folder / f"{number}.log").open("wb") as log:
                running.append(subprocess.Popen(program + command, stdout=log, stderr=log, env=environment))
            if not number:
                waits_for(running[0], port)
        _all_registered(running, folder, workers)
        yield url
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait()


def _all_registered(running: list[subprocess.Popen[bytes]], folder: Path, workers: int) -> None:
    """By what the master writes, since it starts an application on as many workers as it has by then."""
    while True:
        log = (folder / "0.log").read_text(encoding="utf-8", errors="replace")
        if len(re.findall("Registering worker", log)) >= workers:
            return
        ended = [process.returncode for process in running if process.poll() is not None]
        assert not ended, f"a process of the cluster ended with {ended}, see {folder}"
        time.sleep(0.1)
