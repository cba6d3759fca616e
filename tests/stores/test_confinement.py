"""A confined process can open and reach nothing, and has an end; each tried in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.support import ROOT
from vhkg.stores.confinement import OUT_OF_MEMORY, ending

TRIES = {
    "read a file": "open('/etc/hostname').read()",
    "write a file": "open('/tmp/written-by-a-query', 'w')",
    "connect": "socket.create_connection(('127.0.0.1', 9))",
    "open a socket": "socket.socket()",
    "listen": "socket.create_server(('127.0.0.1', 0))",
    "make a pipe": "os.pipe()",
    "start a program": "subprocess.run(['true'], stdout=subprocess.PIPE)",
}
_SETUP = "import os, socket, subprocess\nfrom vhkg.stores.confinement import confine\n"


def _run(code: str, *, seconds: float = 5, memory: int = 64 << 20) -> subprocess.CompletedProcess[str]:
    text = f"{_SETUP}confine(seconds={seconds}, memory={memory})\n{code}\n"
    return subprocess.run(
        [sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", TRIES)
def test_nothing_can_be_opened(name: str) -> None:
    attempt = f"try:\n    {TRIES[name]}\nexcept OSError as error:\n    os.write(1, str(error.errno).encode())"
    done = _run(attempt)
    assert (done.returncode, done.stdout) == (0, "24"), done.stderr  # EMFILE: too many open files


def test_what_is_tried_works_without_confinement() -> None:
    done = subprocess.run([sys.executable, "-c", f"{_SETUP}{TRIES['make a pipe']}"], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_memory_is_counted_from_what_is_in_use() -> None:
    assert _run("bytearray(40 << 20)").returncode == 0
    assert "MemoryError" in _run("bytearray(80 << 20)").stderr


def test_time_ends_even_what_ignores_it() -> None:
    assert _run("while True: pass", seconds=0.2).returncode == -signal.SIGALRM


def test_an_ending_says_what_was_too_much() -> None:
    limits = {"seconds": 3.0, "memory": 256 << 20}
    assert ending(-signal.SIGALRM, **limits) == "the query took longer than 3 s and was stopped"  # type: ignore[arg-type]
    for code in (OUT_OF_MEMORY, -signal.SIGSEGV, -signal.SIGABRT):
        assert "256 MiB" in ending(code, **limits)  # type: ignore[arg-type]
    assert "code 1" in ending(1, **limits)  # type: ignore[arg-type]
