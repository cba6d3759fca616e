"""The texts of an answer's row: each made once for all presentations that agree in what a recommendation looks at.

Whatever is said of one recommendation is a function of a few literals and of the readings. So the words are found by
the exact code for one presentation, for each combination of these literals that occurs, and looked up for all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.cohort.texts import Texts, facts_text, questions_text
from vhkg.decision.prime import literals
from vhkg.decision.statuses import StatusRule
from vhkg.engines.columns import some
from vhkg.explanation.decider import Decider
from vhkg.explanation.explanations import Explanation, Explanations
from vhkg.explanation.situation import Situation

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]


class Words(NamedTuple):
    """What is said of one recommendation in one situation, as codes of texts; `reasons` are the literals behind it."""

    because: int
    confirm: int
    refute: int
    questions: int
    readings: int
    everywhere: bool
    reasons: tuple[int, ...]


class Spoken(NamedTuple):
    """Words by presentation, as codes of texts, for one recommendation."""

    because: Codes
    confirm: Codes
    refute: Codes
    questions: Codes
    readings: Codes
    everywhere: Bools
    since: npt.NDArray[np.int32]
    ambiguous: Bools


class Wording:
    """Words under fixed readings. It remembers what it has said, and may serve one thread."""

    def __init__(self, decider: Decider, explanations: Explanations, readings: Mapping[str, str], texts: Texts) -> None:
        self.texts = texts
        self._decider, self._explanations, self._readings = decider, explanations, readings
        content, evaluator = decider.content, decider.evaluator
        self._places = {
            evaluator.literal(name, True): at for at, name in enumerate(content.findings) if evaluator.has_atom(name)
        }
        self._columns = {rule.name: self._scope(rule) for rule in decider.rules}
        self._remembered: dict[tuple[str, bytes], Words] = {}

    def _scope(self, rule: StatusRule) -> tuple[tuple[int, ...], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """The literals of findings that a rule looks at, and their places among what is present and what is absent."""
        scope = literals(self._explanations.scope(rule))
        mine = tuple(literal for literal in scope if abs(literal) in self._places)
        ordered = (*(x for x in mine if x > 0), *(x for x in mine if x < 0))
        present = np.array([self._places[x] for x in ordered if x > 0], np.intp)
        absent = np.array([self._places[-x] for x in ordered if x < 0], np.intp)
        return ordered, present, absent

    def speak(
        self, rule: StatusRule, present: Bools, absent: Bools, days: npt.NDArray[np.int32], clear: Bools
    ) -> Spoken:
        """The words for all presentations whose facts can hold together.

        `present` and `absent` are by finding; `days` and `clear` by finding present, then by finding absent.
        """
        ordered, of_present, of_absent = self._columns[rule.name]
        bits = np.packbits(np.concatenate((present[:, of_present], absent[:, of_absent]), axis=1), axis=1)
        keys, inverse = distinct(bits)
        words = [self._words(rule, ordered, key) for key in keys]
        reasons = sorted({literal for each in words for literal in each.reasons})
        since, ambiguous = self._decisive(words, reasons, inverse, days, clear)

        def column(values: Iterable[int]) -> Codes:
            return np.fromiter(values, np.uint32, len(words))[inverse]

        return Spoken(
            because=column(each.because for each in words),
            confirm=column(each.confirm for each in words),
            refute=column(each.refute for each in words),
            questions=column(each.questions for each in words),
            readings=column(each.readings for each in words),
            everywhere=np.fromiter((each.everywhere for each in words), np.bool_, len(words))[inverse],
            since=since,
            ambiguous=ambiguous,
        )

    def words(self, explained: Explanation) -> Words:
        """The words of an explanation."""
        undated = self._decider.undated
        texts, content = self.texts, self._decider.content
        because = [[undated[x] for x in row] for row in explained.because]
        shown = explained.rests.readings
        return Words(
            because=texts.code("because", facts_text(because)),
            confirm=texts.code("confirm", facts_text(explained.confirm)),
            refute=texts.code("refute", facts_text(explained.refute)),
            questions=texts.code("questions", questions_text(explained.confirm, explained.refute, content)),
            readings=texts.code("readings", " ".join(f"{each.id}={each.chosen}" for each in shown)),
            everywhere=explained.rests.everywhere,
            reasons=tuple(sorted({literal for row in explained.because for literal in row})),
        )

    def _words(self, rule: StatusRule, ordered: Sequence[int], key: bytes) -> Words:
        found = self._remembered.get((rule.name, key))
        if found is None:
            held = np.unpackbits(np.frombuffer(key, np.uint8), count=len(ordered)).astype(bool)
            facts = [literal for literal, holds in zip(ordered, held, strict=True) if holds]
            situation = Situation(self._decider, facts, self._readings)
            found = self._remembered[rule.name, key] = self.words(self._explanations.of(rule, situation))
        return found

    def _decisive(
        self,
        words: Sequence[Words],
        reasons: Sequence[int],
        inverse: npt.NDArray[np.intp],
        days: npt.NDArray[np.int32],
        clear: Bools,
    ) -> tuple[npt.NDArray[np.int32], Bools]:
        """The oldest day of a fact behind the status, and whether one has no code that means one thing."""
        if not reasons:
            return np.full(len(inverse), NO_REASON, np.int32), np.zeros(len(inverse), np.bool_)
        columns = self.columns(reasons)
        used = np.array([[literal in each.reasons for literal in reasons] for each in words], np.bool_)[inverse]
        since = np.where(used, days[:, columns], NO_REASON).min(axis=1)
        return since.astype(np.int32), some(used & ~clear[:, columns])

    def columns(self, reasons: Iterable[int]) -> list[int]:
        """Where `days` and `clear` of `speak` have a literal."""
        width = len(self._decider.content.findings)
        return [self._places[abs(literal)] + (width if literal < 0 else 0) for literal in reasons]


NO_REASON = np.int32(np.iinfo(np.int32).max)
"""After every day: no fact stands behind the status."""


def distinct(rows: npt.NDArray[np.uint8]) -> tuple[list[bytes], npt.NDArray[np.intp]]:
    """The different rows, in a fixed order, and which of them each row is."""
    count, width = rows.shape
    if width <= 8:
        padded = np.zeros((count, 8), np.uint8)
        padded[:, :width] = rows
        found, inverse = np.unique(padded.view(">u8").ravel().astype(np.uint64), return_inverse=True)
        return [int(each).to_bytes(8, "big")[:width] for each in found], inverse
    keys, inverse = np.unique(rows, axis=0, return_inverse=True)
    return [bytes(each) for each in keys], inverse.reshape(-1)
