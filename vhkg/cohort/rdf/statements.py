"""Lines become numbers: nodes, what is said of them, and which of them belong together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.alike import kinds
from vhkg.cohort.rdf.components import components
from vhkg.cohort.rdf.lexicon import NONE, Lexicon, places
from vhkg.cohort.rdf.lines import Lines
from vhkg.cohort.rdf.odd import OddLine, read_odd
from vhkg.cohort.rdf.terms import clean_literals, clean_nodes
from vhkg.intake import Format, Literal
from vhkg.namespaces import Rdf, Vhkg
from vhkg.validation.columns import Bools, Ints

_IRI, _BLANK, _TEXT = b'<_"'


class Statements(NamedTuple):
    """One place a line for the columns that begin with `subject`; -1 (`NONE`) where there is nothing.

    `subject` and `node` (the value, if it is a node of the data) are places in `tokens`, `iri` (the value, if the
    lexicon has it) in the lexicon, `literal` in `literals`. What is said of a line holds where it is `read`; the
    others are in `odd`, by row. Of each node, `clean` tells whether its token is let through as it stands,
    `is_subject` whether anything is said of it, `group` what it belongs to: the places of the groups for subjects,
    `NONE` for other nodes. `line_group` is the group of each line's subject, `NONE` for lines without one.
    """

    subject: Ints
    predicate: Ints
    node: Ints
    iri: Ints
    literal: Ints
    read: Bools
    odd: dict[int, OddLine]
    tokens: pl.Series
    clean: Bools
    is_subject: Bools
    group: Ints
    line_group: Ints
    groups: int
    literals: tuple[Literal, ...]


class Subjects(NamedTuple):
    """As in `Statements`, but that `tokens` are in no order."""

    subject: Ints
    odd: dict[int, OddLine]
    tokens: pl.Series


class _Values(NamedTuple):
    """The values of lines, before nodes are numbered; `named` tells the lines whose value is a node of the data."""

    predicate: Ints
    iri: Ints
    literal: Ints
    named: Bools
    odd: Bools
    literals: tuple[Literal, ...]


_Rank: TypeAlias = Callable[[pl.Series], tuple[pl.Series, Ints]]
"""Texts become those that differ, and the place of each among them."""


class _Told(NamedTuple):
    """As in `Statements`."""

    values: _Values
    odd: dict[int, OddLine]
    tokens: pl.Series
    subject: Ints
    node: Ints
    clean: Bools
    read: Bools


def subjects_of(
    lines: Lines, lexicon: Lexicon, datatypes: frozenset[str], *, file: str, format: Format, first: Sequence[OddLine]
) -> Subjects:
    """Whom each line is about, and what `Statements.odd` has: all that is needed to put lines where they belong."""
    found = _told(lines, lexicon, datatypes, file=file, format=format, first=first, rank=_numbers)
    return Subjects(found.subject, found.odd, found.tokens)


def statements_of(
    lines: Lines, lexicon: Lexicon, datatypes: frozenset[str], *, file: str, format: Format, first: Sequence[OddLine]
) -> Statements:
    """Number everything. `first` are lines known to be faulty, each counted as a row after all others."""
    found = _told(lines, lexicon, datatypes, file=file, format=format, first=first, rank=_ranked)
    values, odd, tokens, subject, node = found.values, found.odd, found.tokens, found.subject, found.node
    rows = len(subject)
    is_subject = np.zeros(len(tokens), np.bool_)
    is_subject[subject[subject >= 0]] = True
    linked = _linked(lexicon, values, odd, rows) & (node >= 0)
    linked[linked] = is_subject[node[linked]]
    linked &= subject >= 0
    label = components(len(tokens), subject[linked], node[linked])
    group = np.full(len(tokens), NONE, np.int32)
    heads, group[is_subject] = np.unique(label[is_subject], return_inverse=True)
    return Statements(
        subject=subject,
        predicate=_longer(values.predicate, rows),
        node=node,
        iri=_longer(values.iri, rows),
        literal=_longer(values.literal, rows),
        read=found.read,
        odd=odd,
        tokens=tokens,
        clean=found.clean,
        is_subject=is_subject,
        group=group,
        line_group=np.where(subject >= 0, group[subject], NONE),
        groups=len(heads),
        literals=values.literals,
    )


def _told(
    lines: Lines,
    lexicon: Lexicon,
    datatypes: frozenset[str],
    *,
    file: str,
    format: Format,
    first: Sequence[OddLine],
    rank: _Rank,
) -> _Told:
    """What each line says, apart from how lines hang together; nodes are numbered by `rank`."""
    values = _values(lines, lexicon, datatypes)
    count = len(lines.start)
    odd: dict[int, OddLine] = {count + at: line for at, line in enumerate(first)}
    for row in np.flatnonzero(values.odd).tolist():
        found = read_odd(lines.line(row), int(lines.number[row]), file, format)
        if found is not None:
            odd[row] = found
    tokens, subject, node = _numbered(lines, values, odd, count + len(first), rank)
    clean = clean_nodes(tokens) & (places(tokens, lexicon.iri_tokens) == NONE)
    read = np.concatenate([~values.odd, np.zeros(len(first), np.bool_)])
    for row in np.flatnonzero(read & ~(clean[subject] & ((node < 0) | clean[node]))).tolist():
        found = read_odd(lines.line(row), int(lines.number[row]), file, format)
        if found is not None:
            odd[row] = found
            read[row] = False
            if found.fault:
                node[row] = NONE
                subject[row] = subject[row] if found.subject else NONE
    return _Told(values, odd, tokens, subject, node, clean, read)


def _values(lines: Lines, lexicon: Lexicon, datatypes: frozenset[str]) -> _Values:
    text = np.frombuffer(lines.data, np.uint8)
    predicate = places(lines.predicate, lexicon.predicate_tokens)
    usable = lines.closed & (predicate >= 0)
    first = np.zeros(len(usable), np.uint8)
    first[usable] = text[lines.object_start[usable]]
    subjects = np.zeros(len(usable), np.uint8)
    subjects[usable] = text[lines.start[usable]]
    usable &= (subjects == _IRI) | (subjects == _BLANK)
    is_text = usable & (first == _TEXT)
    literal, literals, doubtful = _literals(lines, is_text, datatypes)
    is_text &= ~doubtful
    single = usable & lines.plain
    iri = places(lines.object, lexicon.iri_tokens)
    known = single & (iri >= 0) & _admitted(lexicon, predicate, iri)
    of_vocabulary = np.isin(predicate, [lexicon.predicate(each) for each in (Rdf.type, Vhkg.ofFinding, Vhkg.status)])
    named = single & (iri < 0) & ~of_vocabulary & ((first == _IRI) | (first == _BLANK))
    return _Values(
        predicate=predicate,
        iri=np.where(known, iri, NONE).astype(np.int32),
        literal=literal,
        named=named,
        odd=~(is_text | known | named),
        literals=literals,
    )


def _admitted(lexicon: Lexicon, predicate: Ints, iri: Ints) -> Bools:
    """Where an IRI of the vocabulary may be the value of a predicate."""
    found = np.zeros(len(iri), np.bool_)
    for of, admitted in (
        (Rdf.type.value, lexicon.is_class),
        (Vhkg.ofFinding.value, lexicon.finding >= 0),
        (Vhkg.status.value, lexicon.status >= 0),
    ):
        found |= (predicate == lexicon.predicate(of)) & admitted[iri]
    return found


def _literals(
    lines: Lines, is_text: Bools, datatypes: frozenset[str]
) -> tuple[Ints, tuple[Literal, ...], npt.NDArray[np.bool_]]:
    """The texts, numbered, and the lines whose text is not let through as it stands."""
    number = np.full(len(is_text), NONE, np.int32)
    rows = np.flatnonzero(is_text)
    rows = np.concatenate([short := rows[lines.plain[rows]], long := rows[~lines.plain[rows]]])
    data, spans = lines.data, zip(lines.object_start[long].tolist(), lines.end[long].tolist(), strict=True)
    tokens = [*lines.object.gather(short).to_list(), *(_decoded(data[start : end - 2]) for start, end in spans)]
    found = {token: at for at, token in enumerate(dict.fromkeys(tokens))}
    number[rows] = np.fromiter(map(found.__getitem__, tokens), np.int32, len(tokens))
    literals = clean_literals(list(found), datatypes)
    faulty = np.array([each is None for each in literals], np.bool_)
    doubtful = np.zeros(len(is_text), np.bool_)
    doubtful[is_text] = faulty[number[is_text]]
    number[doubtful] = NONE
    return number, tuple(each or Literal("") for each in literals), doubtful


def _decoded(text: bytes) -> str:
    """What is no UTF-8 becomes surrogates, which no text may hold."""
    return text.decode(errors="surrogateescape")


def _numbered(
    lines: Lines, values: _Values, odd: dict[int, OddLine], rows: int, rank: _Rank
) -> tuple[pl.Series, Ints, Ints]:
    """Every node by its token: the tokens, and for each line the nodes that are its subject and its value."""
    heads = lines.subject.ne_missing(lines.subject.shift(1)).to_numpy().copy()
    heads[:1] = True
    named = np.flatnonzero(values.named)
    of_odd = [part for line in odd.values() for part in (line.subject, line.value)]
    every = pl.concat(
        [
            lines.subject.filter(pl.Series(heads)).fill_null(""),
            lines.object.gather(named),
            pl.Series(of_odd, dtype=pl.String),
        ]
    )
    tokens, ranks = rank(every)
    run_count = int(heads.sum())
    runs, of_named, of_lines = np.split(ranks, [run_count, run_count + len(named)])
    subject = np.full(rows, NONE, np.int32)
    subject[: len(heads)] = runs[np.cumsum(heads) - 1]
    subject[: len(heads)][values.odd] = NONE
    node = np.full(rows, NONE, np.int32)
    node[named] = of_named
    for at, (row, line) in enumerate(odd.items()):
        if line.subject:
            subject[row] = of_lines[2 * at]
        if line.value and line.predicate != Rdf.type:
            node[row] = of_lines[2 * at + 1]
    return tokens, subject, node


def _numbers(every: pl.Series) -> tuple[pl.Series, Ints]:
    """The different ones in some order, and the place of each among them."""
    found = kinds([every.hash().to_numpy()], len(every))
    different = every.gather(found.places)
    if different.gather(found.of).equals(every):
        return different, found.of
    different = every.unique(maintain_order=True)  # two have one hash
    return different, every.cast(pl.Enum(different)).to_physical().to_numpy().astype(np.int32)


def _ranked(every: pl.Series) -> tuple[pl.Series, Ints]:
    """The different ones in their order, and the place of each among them. Only those that differ are sorted."""
    different, of = _numbers(every)
    order = different.arg_sort()
    place = np.empty(len(order), np.int32)
    place[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    return different.gather(order), place[of]


def _linked(lexicon: Lexicon, values: _Values, odd: dict[int, OddLine], rows: int) -> Bools:
    """The lines whose predicate leads from a patient to a node of its own."""
    found = np.zeros(rows, np.bool_)
    found[: len(values.odd)] = ~values.odd & lexicon.links[values.predicate]
    for row, line in odd.items():
        place = lexicon.predicate(line.predicate)
        found[row] = place >= 0 and bool(lexicon.links[place])
    return found


def _longer(column: Ints, rows: int) -> Ints:
    return np.concatenate([column, np.full(rows - len(column), NONE, np.int32)])
