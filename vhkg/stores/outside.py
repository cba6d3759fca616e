"""Queries of a user: screened, then answered in a child process that is killed when it takes too much.

The child is started afresh rather than forked: a parent with threads or an engine of its own may not fork safely,
and a fresh process costs about 0.15 s.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vhkg.errors import EngineError, InputError, UsageError
from vhkg.stores.results import Rows
from vhkg.stores.screening import LONGEST, screen

_LOADING = 60.0
"""Seconds that starting and loading trusted data may take, apart from the query's own."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one query from outside may take.

    `memory` is address space beyond what the loaded data take, in bytes; `size` is of the result's text.
    """

    seconds: float = 3.0
    memory: int = 1 << 30
    rows: int = 1000
    size: int = 1 << 20


class Capacity(msgspec.Struct, frozen=True, kw_only=True):
    """How many queries run at once, how many of them for one client, how many may wait, and for how many seconds."""

    running: int = 32
    share: int = 24
    waiting: int = 64
    patience: float = 1.0


def read_query(path: str) -> str:
    """The text of a query file, or of standard input for ``-``; no more than the limit is read.

    Raises InputError if it cannot be read, UsageError if it is too long or not UTF-8.
    """
    try:
        if path == "-":
            content = sys.stdin.buffer.read(LONGEST + 1)
        else:
            with Path(path).open("rb") as stream:
                content = stream.read(LONGEST + 1)
    except OSError as error:
        fault = f"the query cannot be read: {(error.strerror or str(error)).lower()}"
        raise InputError(fault, file=path, mend="correct the path") from error
    if len(content) > LONGEST:
        raise UsageError(f"longer than {LONGEST} bytes", file=path, mend="shorten the query")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("not UTF-8", file=path, mend="save it as UTF-8") from error


def run_outside(
    text: str, knowledge: Mapping[str, bytes], answers: bytes = b"", *, limits: Limits | None = None
) -> Rows:
    """Answer a query that we did not write.

    ASK gives the column `answer`; CONSTRUCT and DESCRIBE give subject, predicate and object. Rows come in the order
    of the query, or sorted where it states none; `truncated` says that there were more than the limits let through.

    Raises UsageError for a query that is refused or is not SPARQL, EngineError for one that takes too much.
    """
    if os.name != "posix":
        raise EngineError("queries of your own need a POSIX system, for its limits", mend="use a named query")
    screened = screen(text)
    limits = limits or Limits()
    # imported here because `child` needs the resource module, which only POSIX systems have
    from vhkg.stores.child import Outcome, Task
    from vhkg.stores.confinement import ending

    task = Task(
        query=text,
        knowledge={name: content for name, content in knowledge.items() if name.endswith(".ttl")},
        answers=answers,
        seconds=limits.seconds,
        memory=limits.memory,
        rows=limits.rows,
        size=limits.size,
    )
    code, output = _child(msgspec.msgpack.encode(task), limits)
    try:
        outcome = msgspec.msgpack.decode(output, type=Outcome) if code == 0 else None
    except msgspec.MsgspecError:
        outcome = None
    if outcome is None:
        fault = ending(code, seconds=limits.seconds, memory=limits.memory)
        raise EngineError(fault, mend="ask for less, or add LIMIT")
    if outcome.fault:
        raise UsageError(f"the query is {_one_line(outcome.fault)}", mend="correct the query")
    rows = outcome.rows if screened.ordered else tuple(sorted(outcome.rows))
    return Rows(outcome.columns, rows, outcome.truncated)


def _child(task: bytes, limits: Limits) -> tuple[int, bytes]:
    """Exit code and output of the child; on the way out, however that is, nothing of it is left running."""
    with subprocess.Popen(
        command("vhkg.stores.child"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"LC_ALL": "C.UTF-8"},
        cwd="/",
    ) as process:
        try:
            output, _ = process.communicate(task, timeout=limits.seconds + _LOADING)
        except subprocess.TimeoutExpired:
            return -signal.SIGALRM, b""
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, output


def command(module: str) -> list[str]:
    """How to start `main` of a module of ours in a process that takes nothing else from this one's surroundings."""
    bootstrap = f"import sys; sys.path[:0] = [sys.argv[1]]; from {module} import main; main()"
    return [sys.executable, "-I", "-c", bootstrap, str(Path(__file__).parents[2])]


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
