"""The process that loads the data once and forks one confined process for each query, which it stops in time.

Started by `queries` as ``python -c "…; main()"`` with a socket as its standard input. It has one thread and neither
opens nor parses anything of a query, so that forking it is safe and costs a few milliseconds. Each request comes with
two ends of pipes: the forked process writes its answer into the one, and how it ended is written into the other. It
ends when the other end of the socket is closed, however that came about, and all that it forked with it.
"""

from __future__ import annotations

import contextlib
import gc
import math
import os
import selectors
import signal
import socket
import struct
import time
from typing import NamedTuple

import msgspec
import pyoxigraph as ox

from vhkg.stores.embedded import load
from vhkg.stores.forked import Asked, answer

LENGTH = struct.Struct("!Q")
"""Before each message."""
CODE = struct.Struct("!h")
"""What the second pipe brings: the exit code as in `subprocess`, -SIGALRM for a query that was stopped in time."""
READY = b"ready"
NO_PROCESS = 75
"""The code for a query for which the system gave no process."""
_PATIENCE = 0.05
"""Seconds after which a query is a long one, which gives way to short ones."""
_NICENESS = 19
_NEVER = math.inf


class Holding(msgspec.Struct, frozen=True):
    """What is loaded: see `embedded.load`."""

    knowledge: dict[str, bytes]
    answers: bytes = b""
    named: dict[str, dict[str, bytes]] = {}


class _Running(NamedTuple):
    """`nice_at` and `stop_at` are moments of the clock, and never once they are past and acted upon.

    `ending` is None once it has been told how the query ended.
    """

    ending: int | None
    nice_at: float
    stop_at: float


def main() -> None:
    control = socket.socket(fileno=os.dup(0))
    content = receive(control)
    if content is None:
        return
    holding = msgspec.msgpack.decode(content, type=Holding)
    store = load(holding.knowledge, holding.answers, holding.named)
    del content, holding
    gc.collect()
    gc.freeze()
    control.sendall(READY)
    _Zygote(store, control).run()


def receive(source: socket.socket, start: bytes = b"") -> bytes | None:
    """One message, of which `start` has been read; None at the end."""
    head = _exactly(source, LENGTH.size, start)
    return None if head is None else _exactly(source, LENGTH.unpack(head)[0])


def _exactly(source: socket.socket, size: int, start: bytes = b"") -> bytes | None:
    found = bytearray(start)
    while len(found) < size:
        part = source.recv(min(1 << 20, size - len(found)))
        if not part:
            return None
        found += part
    return bytes(found)


class _Zygote:
    def __init__(self, store: ox.Store, control: socket.socket) -> None:
        self._store = store
        self._control = control
        self._running: dict[int, _Running] = {}

    def run(self) -> None:
        """Until the other end of the control socket is closed."""
        woken, waker = os.pipe()
        for end in (woken, waker):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            going = True
            while going:
                for key, _ in selector.select(self._pause()):
                    if key.fileobj is self._control:
                        going = self._take()
                    else:
                        os.read(woken, 4096)
                self._reap()
                self._hold_back()
        for child in self._running:
            os.kill(child, signal.SIGKILL)

    def _pause(self) -> float | None:
        """Seconds until something has to be done unasked."""
        if not self._running:
            return None
        due = min(min(each.nice_at, each.stop_at) for each in self._running.values())
        return None if due == _NEVER else max(0.0, due - time.monotonic())

    def _take(self) -> bool:
        """Fork for one request; false at the end of the socket."""
        start, ends, _, _ = socket.recv_fds(self._control, LENGTH.size, 2)
        content = receive(self._control, start) if start else None
        if content is None:
            return False
        if len(ends) != 2:  # the system had no room for them: whoever asked sees its pipes end without a code
            for end in ends:
                os.close(end)
            return True
        out, ending = ends
        asked = msgspec.msgpack.decode(content, type=Asked)
        try:
            child = os.fork()
        except OSError:
            _end(ending, NO_PROCESS)
        else:
            if child == 0:
                answer(self._store, asked, out)
            now = time.monotonic()
            self._running[child] = _Running(ending, now + _PATIENCE, now + asked.seconds)
        os.close(out)
        return True

    def _reap(self) -> None:
        while self._running:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            found = self._running.pop(child)
            if found.ending is not None:
                _end(found.ending, os.waitstatus_to_exitcode(status))

    def _hold_back(self) -> None:
        """Lower the priority of long queries, and stop those whose time is over."""
        now = time.monotonic()
        for child, found in self._running.items():
            if now >= found.stop_at and found.ending is not None:
                os.kill(child, signal.SIGKILL)
                _end(found.ending, -signal.SIGALRM)  # told now: giving much memory back may take the process a while
                self._running[child] = _Running(None, _NEVER, _NEVER)
            elif now >= found.nice_at:
                os.setpriority(os.PRIO_PROCESS, child, _NICENESS)
                self._running[child] = found._replace(nice_at=_NEVER)


def _end(ending: int, code: int) -> None:
    with contextlib.suppress(OSError):  # where nobody waits for it any more
        os.write(ending, CODE.pack(code))
    os.close(ending)
