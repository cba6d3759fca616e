"""What the report counts of all answers, counted while they are still columns: `vhkg.cohort.counts` has the meanings.

Counting the rows that were written comes to the same, and takes several times as long.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from vhkg.cohort.alike import bits_as_words
from vhkg.cohort.batch import UNDATED
from vhkg.cohort.deciding import VERDICTS, Answers, Said
from vhkg.cohort.explained import NO_REASON
from vhkg.cohort.recurring import texts_of
from vhkg.cohort.scopes import OPEN
from vhkg.cohort.texts import Texts, findings_alone
from vhkg.engines.columns import STATUSES
from vhkg.model.answer import Status, Verdict
from vhkg.model.cohort import OUTCOMES
from vhkg.model.content import Content

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int64]
_IN_FORCE = 2
_SETTLED = np.array(
    [
        _IN_FORCE if status in (Status.APPLIES, Status.ADVISED_AGAINST) else int(status is Status.DOES_NOT_APPLY)
        for status in STATUSES
    ],
    np.int8,
)
"""By status: whether it is settled, and in force."""


class Tallies(msgspec.Struct, frozen=True):
    """Rows of the tables of `vhkg.cohort.counts`, each table sorted."""

    statuses: tuple[tuple[str, str, int, str, int, int], ...] = ()
    ages: tuple[tuple[int | None, int, int], ...] = ()
    lacking: tuple[tuple[str, int, int, int, int], ...] = ()
    reached: tuple[tuple[str, int, int], ...] = ()
    faults: tuple[tuple[str, str, int, int], ...] = ()


def added(parts: Iterable[Tallies]) -> Tallies:
    """Those of several batches together."""
    every = list(parts)
    return Tallies(
        statuses=_added((part.statuses for part in every), 4),
        ages=_added((part.ages for part in every), 1),
        lacking=_added((part.lacking for part in every), 1),
        reached=_added((part.reached for part in every), 1),
        faults=_added((part.faults for part in every), 2),
    )


def _added(tables: Iterable[tuple[tuple[Any, ...], ...]], width: int) -> tuple[Any, ...]:
    """Rows of several tables with the same first cells, so many of them, as one: what they count, added. Nulls last."""
    found: dict[tuple[Any, ...], list[int]] = {}
    for row in chain.from_iterable(tables):
        total = found.setdefault(row[:width], [0] * (len(row) - width))
        for at, number in enumerate(row[width:]):
            total[at] += number
    keys = sorted(found, key=lambda key: [(cell is None, cell) for cell in key])
    return tuple((*key, *found[key]) for key in keys)


class Tallier:
    """Prepared once for a knowledge and the texts of one decision; it remembers what they name.

    A row is of a kind: its words, its status, and whether a factor is not addressed. All that is counted of it, but for
    its age, is looked up by that.
    """

    def __init__(self, content: Content, texts: Texts) -> None:
        self._recommendations, self._texts = content.recommendations, texts
        self._findings = {name: at for at, name in enumerate(content.findings)}
        none = np.zeros((0, len(self._findings)), np.bool_)
        self._named = {"questions": none, "confirm": none, "refute": none}

    def tally(self, answers: Answers, tables: Mapping[str, pl.DataFrame]) -> Tallies:
        """The answers of one batch, and the tables made of them."""
        rows = [
            (answers.said[:, column].astype(np.intp) * len(STATUSES) + answers.status[:, column]) * 2
            + (answers.not_addressed[:, column] != 0)
            for column in range(len(self._recommendations))
        ]
        shape = len(answers.words.because), len(STATUSES), 2
        counts = [np.bincount(kinds, minlength=math.prod(shape)).reshape(shape) for kinds in rows]
        return Tallies(
            statuses=tuple(self._statuses(answers.words, counts)),
            ages=tuple(_ages(answers, rows)),
            lacking=tuple(self._lacking(answers, rows, sum(counts, np.zeros(shape, np.int64)))),
            reached=tuple(_reached(tables["patients"])),
            faults=tuple(_faults(tables["validation"])),
        )

    def _statuses(self, words: Said, counts: Sequence[Counts]) -> Iterator[tuple[str, str, int, str, int, int]]:
        wanted: Counts = np.stack((np.ones(len(words.everywhere), np.int64), (~words.everywhere).astype(np.int64)))
        for each, kinds in zip(self._recommendations, counts, strict=True):
            every, resting = (wanted @ kinds[:, :, 0] + wanted @ kinds[:, :, 1]).tolist()
            for status, presentations, rest in zip(STATUSES, every, resting, strict=True):
                if presentations:
                    yield each.name, each.direction, each.order, status.value, presentations, rest

    def _lacking(
        self, answers: Answers, rows: Sequence[Places], counts: Counts
    ) -> Iterator[tuple[str, int, int, int, int]]:
        """Where a factor is not addressed, only what refutes settles."""
        words = answers.words
        asked, confirm, refute = (
            self._findings_of(column)[codes]
            for column, codes in (
                ("questions", words.questions), ("confirm", words.confirm), ("refute", words.refute)
            )
        )  # fmt: skip
        every, undecided = np.ones(len(answers.verdict), np.bool_), answers.verdict == VERDICTS.index(Verdict.UNDECIDED)
        opening = [
            kinds
            for kinds, each in zip(rows, self._recommendations, strict=True)
            if each.kind == "treatment" and each.direction == "for"
        ]
        presentations = _lesions(every, rows, asked, asked)
        decides = _lesions(every, rows, confirm | refute, refute)
        opens = _lesions(undecided, opening, confirm, np.zeros_like(confirm))
        addressed, not_addressed = (counts[:, OPEN, factor].sum(axis=1) for factor in (0, 1))
        alone = addressed @ (confirm | refute) + not_addressed @ refute
        for name, at in self._findings.items():
            if presentations[at]:
                yield name, presentations[at], decides[at], opens[at], int(alone[at])

    def _findings_of(self, column: str) -> Bools:
        """By code of a text: which findings it names; of sets of facts, those that are a set by themselves."""
        known, every = self._named[column], self._texts.of(column)
        if len(known) < len(every):
            new = np.zeros((len(every) - len(known), len(self._findings)), np.bool_)
            for row, text in zip(new, every[len(known) :], strict=True):
                named = text.split() if column == "questions" else findings_alone(text)
                row[[self._findings[name] for name in named]] = True
            known = self._named[column] = np.vstack((known, new))
        return known


def _lesions(among: Bools, rows: Sequence[Places], addressed: Bools, not_addressed: Bools) -> list[int]:
    """In how many lesions `among` all any of some rows that is open is about each finding, given what its words are
    about where all factors are addressed, and where one is not."""
    found: list[int] = []
    for whole, capped in zip(bits_as_words([*addressed.T]), bits_as_words([*not_addressed.T]), strict=True):
        of_kind = np.zeros((len(whole), len(STATUSES), 2), np.uint64)
        of_kind[:, OPEN, 0], of_kind[:, OPEN, 1] = whole[:, None], capped[:, None]
        table, about = of_kind.ravel(), np.zeros(len(among), np.uint64)
        for kinds in rows:
            about |= table.take(kinds)
        about = about[among]
        left = min(64, addressed.shape[1] - len(found))
        found += [int(np.count_nonzero(about & np.uint64(1 << bit))) for bit in range(left)]
    return found


def _ages(answers: Answers, rows: Sequence[Places]) -> Iterator[tuple[int | None, int, int]]:
    """Of settled rows with a reason; those by an undated fact come last."""
    of_kind = np.zeros((len(answers.words.because), len(STATUSES), 2), np.int8)
    of_kind[answers.words.because != 0] = _SETTLED[:, None]
    table, found = of_kind.ravel(), []
    for column, kinds in enumerate(rows):
        settled = table.take(kinds)
        at = np.flatnonzero(settled != 0)
        found.append((answers.since[:, column].take(at), answers.as_of.take(at), settled.take(at) == _IN_FORCE))
    since, day, in_force = (np.concatenate(each) for each in zip(*found, strict=True))
    dated = (since != UNDATED) & (since != NO_REASON) & (day != UNDATED)
    ages = day[dated] - since[dated]
    counts = np.bincount(ages)
    forces = np.bincount(ages[in_force[dated]], minlength=len(counts))
    for age in np.flatnonzero(counts).tolist():
        yield age, int(counts[age]), int(forces[age])
    if not dated.all():
        yield None, int(np.count_nonzero(~dated)), int(np.count_nonzero(in_force & ~dated))


def _reached(patients: pl.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Each patient counts under the last outcome that a presentation reached."""
    people, outcomes = (patients[name].to_physical().to_numpy() for name in ("patient", "outcome"))
    places = np.array([OUTCOMES.index(name) for name in texts_of(patients["outcome"])], np.int8).take(outcomes)
    last = np.full(int(people.max()) + 1 if len(people) else 0, -1, np.int8)
    np.maximum.at(last, people, places)
    presentations, reached = (np.bincount(each, minlength=len(OUTCOMES)).tolist() for each in (places, last[last >= 0]))
    for outcome, of_patients, lesions in zip(OUTCOMES, reached, presentations, strict=True):
        if lesions:
            yield outcome, of_patients, lesions


def _faults(validation: pl.DataFrame) -> Iterator[tuple[str, str, int, int]]:
    found = validation.group_by("severity", "message").agg(pl.col("patient").n_unique(), pl.len())
    yield from sorted(found.rows())
