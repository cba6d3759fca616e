"""What a process may take once it reads what others wrote: no new file or socket, and so much memory and time."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from pathlib import Path

OUT_OF_MEMORY = 71
"""Exit code where Python could still say so; the engine aborts instead."""
ENGINE_FAILED = 70
"""Exit code where the engine did not end the process, but failed in a way that it does not report as an error."""
_HANDLES = 3
"""The standard streams, which are open already; so nothing can be opened."""


def confine(*, seconds: float, memory: int) -> None:
    """Take limits for the rest of this process's life; `memory` is address space in bytes beyond what is in use.

    SIGALRM keeps its default action, which ends the process even inside the engine; a Python handler would wait.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    in_use = _address_space()
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_FSIZE, 0)
    _at_most(resource.RLIMIT_NOFILE, _HANDLES)
    _at_most(resource.RLIMIT_AS, in_use + memory)
    _at_most(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds) + 2)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def first_to_go() -> None:
    """Where memory of the machine runs out, this process is to be ended before the one that serves."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def ending(code: int, *, seconds: float, memory: int) -> str:
    """What the end of a confined process says about its query."""
    if code in (-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL):
        return f"the query took longer than {seconds:g} s and was stopped"
    if code == OUT_OF_MEMORY or code < 0:
        return f"the query needed more than {memory >> 20} MiB, or nested too deeply, and was stopped"
    if code == ENGINE_FAILED:
        return "the query made the engine fail and was stopped"
    return f"the process of the query could not work (code {code})"


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not say, so that the limit is the stricter one."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _at_most(kind: int, value: int) -> None:
    """Set both limits; one that is already tighter stays."""
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
