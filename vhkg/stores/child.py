"""The process that answers one query from outside and can be killed: read a task, load, take limits, answer.

Started as ``python -c "…; main()"`` by `outside`. It speaks msgpack over its standard streams. Limits come after
loading, which is of trusted data, so that no file or connection can be opened once the query is parsed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import msgspec
import pyoxigraph as ox

from vhkg.stores.confinement import OUT_OF_MEMORY, confine
from vhkg.stores.embedded import FAULTS, cell, fault_of, load


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What the parent sends."""

    query: str
    knowledge: dict[str, bytes]
    answers: bytes
    seconds: float
    memory: int
    rows: int
    size: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the child sends back: rows, or the fault of the query."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    truncated: bool = False
    fault: str = ""


def main() -> None:
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    store = load(task.knowledge, task.answers)
    confine(seconds=task.seconds, memory=task.memory)
    try:
        sys.stdout.buffer.write(msgspec.msgpack.encode(_answer(store, task)))
        sys.stdout.buffer.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer(store: ox.Store, task: Task) -> Outcome:
    try:
        result = store.query(task.query)
        if isinstance(result, ox.QueryBoolean):
            return Outcome(columns=("answer",), rows=(("true" if result else "false",),))
        if isinstance(result, ox.QuerySolutions):
            columns = tuple(variable.value for variable in result.variables)
            return _within(columns, (tuple(cell(term) for term in solution) for solution in result), task)
        triples = ((cell(t.subject), cell(t.predicate), cell(t.object)) for t in result)
        return _within(("subject", "predicate", "object"), triples, task)
    except FAULTS as error:
        return Outcome(fault=fault_of(error))


def _within(columns: tuple[str, ...], source: Iterator[tuple[str, ...]], task: Task) -> Outcome:
    """The rows up to the limits; one more is looked for, so that a cut is known to be one."""
    rows: list[tuple[str, ...]] = []
    size = 0
    for row in source:
        size += sum(len(text.encode("utf-8", "surrogatepass")) + 1 for text in row)
        if len(rows) == task.rows or size > task.size:
            return Outcome(columns=columns, rows=tuple(rows), truncated=True)
        rows.append(row)
    return Outcome(columns=columns, rows=tuple(rows))
