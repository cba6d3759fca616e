"""A run is measured with all that it starts, and ended with it."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil

from benchmarks.cohort.process import run

_ALLOCATE = "x = bytearray(120 << 20); import time; time.sleep(0.5)"


def test_what_a_process_says_of_itself() -> None:
    done = run(
        [sys.executable, "-c", """print('words'); print('{"counts": {"rows": 3}, "phases": {"query": 0.5}}')"""],
        limit=60,
    )
    assert (done.counts, done.phases, done.fault) == ({"rows": 3}, {"query": 0.5}, "")
    assert done.seconds > 0


def test_a_process_that_says_nothing_of_the_kind() -> None:
    assert run([sys.executable, "-c", "print('[1]')"], limit=60).counts == {}
    assert run([sys.executable, "-c", "pass"], limit=60).counts == {}


def test_a_process_that_fails() -> None:
    done = run([sys.executable, "-c", "raise SystemExit('no such file')"], limit=60)
    assert done.fault == "ended with 1: no such file"


def test_an_exit_code_that_is_no_failure() -> None:
    command = [sys.executable, "-c", "import sys; print('one record is bad', file=sys.stderr); sys.exit(1)"]
    done = run(command, limit=60, done=(0, 1))
    assert (done.fault, done.message) == ("", "one record is bad")
    assert run(command, limit=60, done=(0, 2)).fault == "ended with 1: one record is bad"


def test_memory_of_what_a_process_starts_counts() -> None:
    alone = run([sys.executable, "-c", _ALLOCATE], limit=60)
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_ALLOCATE!r}])"
    started = run([sys.executable, "-c", parent], limit=60)
    assert 120 < alone.peak < 250
    assert started.peak > alone.peak


def test_a_process_that_takes_too_long_ends_with_all_that_it_started(tmp_path: Path) -> None:
    number = tmp_path / "number"
    child = f"import os, time; open({str(number)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    done = run(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"], limit=3
    )
    assert done.fault == "not done in 3 s"
    deadline = time.monotonic() + 10
    while psutil.pid_exists(int(number.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(int(number.read_text()))
