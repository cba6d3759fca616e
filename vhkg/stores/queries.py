"""Queries from outside for a service: many at once, each in a process forked from one that holds the data.

`outside` starts a process for each query and loads the data anew; here a *zygote* has loaded them (`zygote`), and a
query costs a fork. The threads of this module only wait: they may be asked from any thread or event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import socket
import subprocess
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from enum import StrEnum

import msgspec

from vhkg.errors import EngineError
from vhkg.stores.confinement import ending
from vhkg.stores.forked import Answered, Asked
from vhkg.stores.outside import Capacity, Limits, command
from vhkg.stores.screening import Screened
from vhkg.stores.turns import Turns
from vhkg.stores.written import Written
from vhkg.stores.zygote import CODE, LENGTH, NO_PROCESS, READY, Holding

_LOADING = 600.0
"""Seconds that starting and loading may take, answers about a cohort included."""
_SLACK = 5.0
"""Seconds beyond a query's own after which its zygote is given up."""
_CHUNK = 1 << 16
_WELL = CODE.pack(0)
_NOT_SERVED = 1
"""The exit code of a forked process that could not begin."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A query that passed `screening.screen`, which gave `screened`; the rest is as in `forked.Asked`.

    `rows` is how many of them are wanted.
    """

    text: str
    screened: Screened
    rows: int
    table: str = "json"
    graph: str = "turtle"
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None
    base: str | None = None


class Ending(StrEnum):
    """How a query ended. `refused`: its own fault; `stopped`: it took too much; `lost`: the fault is ours."""

    answered = "answered"
    refused = "refused"
    unwritable = "unwritable"
    stopped = "stopped"
    busy = "busy"
    lost = "lost"


class Reply(msgspec.Struct, frozen=True):
    """`fault` is empty for an answer; otherwise it goes on from "the query …", and may hold words of the query."""

    ending: Ending
    result: Written = Written(b"", 0)
    fault: str = ""


class QueryService:
    """Nothing is started before `start` or the first question; the end of this process, however it comes, ends all."""

    def __init__(
        self,
        knowledge: Mapping[str, bytes],
        answers: bytes = b"",
        named: Mapping[str, Mapping[str, bytes]] | None = None,
        *,
        limits: Limits | None = None,
        capacity: Capacity | None = None,
    ) -> None:
        """What is held is as in `embedded.load`; `limits` is for each query, and its `rows` the most that one gets."""
        graphs = {name: dict(parts) for name, parts in (named or {}).items()}
        self._holding = Holding(dict(knowledge), answers, graphs)
        self.graphs = frozenset(graphs)
        self.limits = limits or Limits()
        self.capacity = capacity or Capacity()
        self._turns = Turns(self.capacity, _busy())
        self._starting = threading.Lock()
        self._zygote: _Zygote | None = None

    def start(self) -> None:
        """Load the data, so that the first question need not wait. Raises EngineError if they cannot be loaded."""
        self._living()

    def close(self) -> None:
        """Stop what runs: those who asked are told that their query was lost. Another question starts it again."""
        with self._starting:
            if self._zygote is not None:
                self._zygote.end()
                self._zygote = None

    async def asked(self, question: Question, client: str = "") -> Reply:
        """The reply, waited for without holding up the event loop; one that is not waited for any more may not run."""
        return await asyncio.wrap_future(self.submit(question, client))

    def submit(self, question: Question, client: str = "") -> Future[Reply]:
        """`client` is whoever asks: none takes all places from the others."""
        return self._turns.submit(client, lambda: self._answer(question))

    def _answer(self, question: Question) -> Reply:
        try:
            zygote = self._living()
        except EngineError as error:
            return Reply(Ending.lost, fault=error.fault)
        limits = self.limits
        asked = Asked(
            text=question.text,
            ordered=question.screened.ordered,
            table=question.table,
            graph=question.graph,
            default=question.default,
            named=question.named,
            base=question.base,
            seconds=limits.seconds,
            memory=limits.memory,
            rows=min(question.rows, limits.rows),
            size=limits.size,
        )
        code, content = zygote.exchange(msgspec.msgpack.encode(asked), limits.seconds + _SLACK)
        return _reply(code, content, limits)

    def _living(self) -> _Zygote:
        """The zygote, started again if it has ended."""
        with self._starting:
            if self._zygote is None or not self._zygote.alive():
                if self._zygote is not None:
                    self._zygote.end()
                self._zygote = _Zygote(self._holding)
            return self._zygote


def _busy() -> Reply:
    return Reply(Ending.busy, fault="has to wait: too many are being answered")


def _reply(code: int | None, content: bytes, limits: Limits) -> Reply:
    if code is None or code == _NOT_SERVED:
        return Reply(Ending.lost, fault="was lost: the process that answers ended, and is started again")
    if code == NO_PROCESS:
        return _busy()
    try:
        answered = msgspec.msgpack.decode(content, type=Answered) if code == 0 else None
    except msgspec.MsgspecError:
        answered = None
    if answered is None:
        fault = ending(code, seconds=limits.seconds, memory=limits.memory)
        return Reply(Ending.stopped, fault=fault.removeprefix("the query "))
    if answered.result is None:
        return Reply(Ending.unwritable if answered.unwritable else Ending.refused, fault=answered.fault)
    return Reply(Ending.answered, answered.result)


class _Zygote:
    """One zygote process; used by many threads."""

    def __init__(self, holding: Holding) -> None:
        """Start it and wait until it has loaded. Raises EngineError."""
        self._sending = threading.Lock()
        self._lost = False
        self._control, theirs = socket.socketpair()
        with theirs:
            try:
                self._process = subprocess.Popen(
                    command("vhkg.stores.zygote"),
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    process_group=0,  # an interrupt from the terminal is for the service, which then ends it
                    env={"LC_ALL": "C.UTF-8"},
                    cwd="/",
                )
            except OSError as error:
                self._control.close()
                raise EngineError("could not be asked: no process was to be had", mend="ask again later") from error
        try:
            self._control.settimeout(_LOADING)
            content = msgspec.msgpack.encode(holding)
            self._control.sendall(LENGTH.pack(len(content)))
            self._control.sendall(content)
            ready = self._control.recv(len(READY)) == READY
        except OSError:
            ready = False
        if not ready:
            self.end()
            raise EngineError("could not be asked: the data were not loaded", mend="check them with vhkg check")

    def alive(self) -> bool:
        """Whether it can be asked; one that lost a query is on its way out, though the system may not say so yet."""
        return not self._lost and self._process.poll() is None

    def end(self) -> None:
        """The zygote sees the end of the socket, and ends with all that it forked."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        with self._sending:
            self._control.close()
        try:
            self._process.wait(timeout=_SLACK)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def exchange(self, request: bytes, seconds: float) -> tuple[int | None, bytes]:
        """Exit code and output of the process forked for a request; None if there is no knowing."""
        with contextlib.ExitStack() as ours:
            with contextlib.ExitStack() as theirs:
                try:
                    (answer, their_answer), (code, their_code) = _pipe(ours, theirs), _pipe(ours, theirs)
                except OSError:
                    return NO_PROCESS, b""
                try:
                    with self._sending:
                        socket.send_fds(self._control, [LENGTH.pack(len(request))], [their_answer, their_code])
                        self._control.sendall(request)
                except OSError:
                    self._lost = True
                    return None, b""
            found = _read(answer, code, time.monotonic() + seconds)
        if found is None:
            self._process.kill()  # it neither answers nor stops: the next question starts another
        if found is None or not found[1]:
            self._lost = True
            return None, b""
        return CODE.unpack(found[1])[0], found[0]


def _pipe(ours: contextlib.ExitStack, theirs: contextlib.ExitStack) -> tuple[int, int]:
    """A pipe whose ends are closed with the one and the other."""
    ends = os.pipe()
    for end, stack in zip(ends, (ours, theirs), strict=True):
        stack.callback(os.close, end)
    return ends


def _read(answer: int, code: int, deadline: float) -> tuple[bytes, bytes] | None:
    """All that comes from both, or until it is clear that no code will come; None if neither is so in time."""
    waiting = select.poll()
    found = {answer: bytearray(), code: bytearray()}
    for stream in found:
        waiting.register(stream, select.POLLIN)
    open_streams = set(found)
    while open_streams:
        ready = waiting.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not ready:
            return None
        for stream, _ in ready:
            part = os.read(stream, _CHUNK)
            found[stream] += part
            if not part:
                waiting.unregister(stream)
                open_streams.discard(stream)
        if code not in open_streams and found[code] != _WELL:
            break  # no answer will come, though what was forked may still be on its way out
    return bytes(found[answer]), bytes(found[code])
