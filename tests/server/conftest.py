"""The service in this process, and as users start it: a process of its own on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support import shipped
from vhkg.server.app import create_app
from vhkg.server.service import LOOPBACK, Service, Settings

KETTLE = Path(__file__).parents[2] / "docs" / "examples" / "kettle"


@pytest.fixture(scope="session")
def service() -> Service:
    return Service(shipped(), Settings(hosts=(*LOOPBACK, "testserver")))


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    with TestClient(create_app(service), raise_server_exceptions=False) as found:
        yield found


class Live:
    """A running `vhkg serve`; `log` is what it wrote so far."""

    def __init__(self, process: subprocess.Popen[bytes], base: str, path: Path) -> None:
        self.process = process
        self.base = base
        self._path = path

    @property
    def log(self) -> str:
        return self._path.read_text(encoding="utf-8", errors="replace")


def started(folder: Path, *arguments: str) -> Live:
    """Start `vhkg serve` on a free port of loopback, writing to `folder`; it is the caller's to stop."""
    path = folder / "serve.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "vhkg", "serve", "--port", "0", "--log-level", "debug", *arguments],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    live = Live(process, "", path)
    for _ in range(600):
        if found := re.search(r"vhkg serves on (http://\S+)", live.log):
            live.base = found[1]
            return live
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        break
    process.kill()
    raise AssertionError(f"the service did not start: {live.log}")


def stopped(live: Live) -> None:
    """Stop it as a user does."""
    live.process.send_signal(signal.SIGINT)
    try:
        live.process.wait(15)
    except subprocess.TimeoutExpired:
        live.process.kill()
        raise


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    found = started(tmp_path_factory.mktemp("serve"))
    try:
        yield found
    finally:
        stopped(found)
