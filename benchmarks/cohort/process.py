"""One run of one command: how long it took, what it used, and what it said, measured from outside."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec
import psutil

ROOT = Path(__file__).parent.parent.parent
_INTERVAL = 0.05


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """`seconds` is the time of the whole process, `cpu` that of all processors, `peak` the most memory (MiB) that the
    process and all that it started held at once, pages that they share counted for each.

    `counts` and `phases` (seconds) are what the command says of itself; `message` is its last line of standard error.
    `fault` says why there is no result.
    """

    seconds: float
    cpu: float
    peak: float
    counts: dict[str, int] = {}
    phases: dict[str, float] = {}
    message: str = ""
    fault: str = ""


def run(command: Sequence[str], *, limit: float, done: Collection[int] = (0,)) -> Run:
    """Run to the end, or until `limit` seconds are over. The last line of its output may be `counts` and `phases`.

    `done` are the exit codes of a command that did what it was asked for.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = psutil.Popen(
            command, stdout=out, stderr=errors, stdin=subprocess.DEVNULL, cwd=ROOT, start_new_session=True
        )
        peak, late = 0, False
        while True:
            peak = max(peak, _memory(child))
            try:
                child.wait(_INTERVAL)
                break
            except psutil.TimeoutExpired:
                late = time.perf_counter() - start > limit
                if late:
                    os.killpg(child.pid, signal.SIGKILL)
        seconds = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        fault = f"not done in {limit:g} s" if late else ""
        lines = _content(errors).strip().splitlines() or ["no message"]
        if not late and child.returncode not in done:
            fault = f"ended with {child.returncode}: {lines[-1][:200]}"
        said = {} if fault else _last_line(_content(out))
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds=seconds, cpu=cpu, peak=peak / 2**20, message=lines[-1][:200], fault=fault, **said)


def _memory(child: psutil.Process) -> int:
    """Of what is still there; a process may end while it is looked at."""
    total = 0
    try:
        for process in (child, *child.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue
    except psutil.Error:
        return total
    return total


def _content(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode(errors="replace"))


def _last_line(text: str) -> dict[str, Any]:
    """What a floor or peer says at its end; other commands say nothing of the kind."""
    lines = text.strip().splitlines()
    try:
        said = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return {name: said[name] for name in ("counts", "phases") if name in said} if isinstance(said, dict) else {}
