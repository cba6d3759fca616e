"""One query in a process of its own, forked from one that holds the data: confine, answer, write, end."""

from __future__ import annotations

import os
import signal
from typing import NoReturn

import msgspec
import pyoxigraph as ox

from vhkg.stores.confinement import ENGINE_FAILED, OUT_OF_MEMORY, confine, first_to_go
from vhkg.stores.embedded import FAULTS, fault_of
from vhkg.stores.protocol import CUT
from vhkg.stores.written import Unwritable, Written, write_graph, write_table, write_truth

_GRACE = 1.0
"""Seconds after which the process ends itself, if the one that should stop it is gone."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A query as it goes to the process that forks.

    `default` and `named` are the graphs of the protocol's dataset, None where the request names none. `ordered` is
    that of `written.write_table`; `table` and `graph` are the formats for either kind of result. `base` is the address
    that relative IRIs are relative to, and that a result which was cut refers to.
    """

    text: str
    ordered: bool
    table: str
    graph: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    base: str | None
    seconds: float
    memory: int
    rows: int
    size: int


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """What the forked process writes: a result, or the fault of the query (`unwritable`: of the format)."""

    result: Written | None = None
    fault: str = ""
    unwritable: bool = False


def answer(store: ox.Store, asked: Asked, out: int) -> NoReturn:
    """Run in the child of a fork, whose standard streams become ours: nothing of the parent's stays open."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        first_to_go()
        _only(out)
        confine(seconds=asked.seconds + _GRACE, memory=asked.memory)
        code = _serve(store, asked)
    except BaseException:  # a child of a fork must not go on with its parent's work, whatever happens
        code = 1
    os._exit(code)


def _serve(store: ox.Store, asked: Asked) -> int:
    try:
        content = msgspec.msgpack.encode(_answered(store, asked))
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException:  # a panic of the engine is no Exception
        return ENGINE_FAILED
    _write(1, content)
    return 0


def _only(out: int) -> None:
    """Leave three streams: nothing to read, `out` to write, nowhere for complaints."""
    nothing = os.open(os.devnull, os.O_RDWR)
    moved = os.dup(out)  # so that neither is overwritten below while it is one of the three
    os.dup2(nothing, 0)
    os.dup2(moved, 1)
    os.dup2(nothing, 2)
    os.closerange(3, max(nothing, moved, out, 1024) + 1)


def _write(stream: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(stream, view) :]


def _answered(store: ox.Store, asked: Asked) -> Answered:
    try:
        return Answered(result=_result(store, asked))
    except Unwritable as error:
        return Answered(fault=str(error), unwritable=True)
    except FAULTS as error:
        return Answered(fault=fault_of(error))


def _result(store: ox.Store, asked: Asked) -> Written:
    if asked.default is None and asked.named is None:
        result = store.query(asked.text, base_iri=asked.base)
    else:
        # a request that names graphs of one kind has none of the other (SPARQL 1.1 Protocol, section 2.1.4)
        result = store.query(
            asked.text,
            base_iri=asked.base,
            default_graph=[ox.NamedNode(name) for name in asked.default or ()],
            named_graphs=[ox.NamedNode(name) for name in asked.named or ()],
        )
    if isinstance(result, ox.QueryBoolean):
        return write_truth(bool(result), asked.table)
    if isinstance(result, ox.QuerySolutions):
        columns = [variable.value for variable in result.variables]
        solutions = (tuple(solution) for solution in result)
        return write_table(
            columns,
            solutions,
            asked.table,
            rows=asked.rows,
            size=asked.size,
            ordered=asked.ordered,
            link=f"{asked.base or ''}{CUT}",
        )
    return write_graph(result, asked.graph, rows=asked.rows, size=asked.size)
