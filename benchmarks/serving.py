"""A real `vhkg serve` on loopback for the benchmarks, and a client that keeps its connection."""

from __future__ import annotations

import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PATIENCE = 120.0
"""Seconds for starting, and for any one reply."""
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """The address of a service that is stopped by its process id."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "serve.log")
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-m", "vhkg", "serve", "--port", "0", "--log-level", "warning", *arguments],
                stdout=stream,
                stderr=stream,
            )
        try:
            yield _address(process, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        if found := re.search(r"serves on (http://\S+)", log.read_text(errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise SystemExit(f"the service did not start:\n{log.read_text(errors='replace')}")


class Client:
    """One connection, opened again when the service closes it."""

    def __init__(self, base: str) -> None:
        self._host = urlsplit(base).netloc
        self._connection = HTTPConnection(self._host, timeout=PATIENCE)

    def ask(
        self, method: str, path: str, content: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, float]:
        """The status, 0 where the connection was closed instead, and the seconds that it took."""
        start = time.perf_counter()
        try:
            self._connection.request(method, path, content or None, dict(headers or {}))
            reply = self._connection.getresponse()
            reply.read()
            status = reply.status
        except (HTTPException, OSError):
            self._connection.close()
            status = 0
        return status, time.perf_counter() - start

    def query(self, text: str) -> tuple[int, float]:
        return self.ask("POST", "/sparql", urlencode({"query": text}).encode(), FORM)

    def close(self) -> None:
        self._connection.close()


def shown(times: Sequence[float]) -> str:
    """Median, 90th and 99th percentile and maximum in milliseconds, as cells of a table."""
    if len(times) < 2:
        return " | ".join("-" for _ in range(4))
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return " | ".join(f"{each * 1e3:7.1f}" for each in (cuts[49], cuts[89], cuts[98], max(times)))
