"""A batch of patients becomes answers, as columns: what `Knowledge.recommend` says of each, all at once.

Presentations whose facts can hold together, after newer facts have overruled older ones on the same finding, are
decided in columns; each of the few others is decided by itself, by the code for one presentation.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.answering.knowledge import Knowledge
from vhkg.answering.states import doubtful_literals
from vhkg.answering.verdicts import verdict
from vhkg.cohort.batch import PRESENT, UNDATED, UNKNOWN, Batch, Facts, Ints
from vhkg.cohort.explained import NO_REASON, Wording, distinct
from vhkg.cohort.placing import Placed, Recorded, newest, place, recorded, taken, undated_cells
from vhkg.cohort.texts import Texts, conflict_text
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.decision.restriction import restrict
from vhkg.decision.statuses import factors
from vhkg.engines.columns import STATUSES, ColumnsEngine, Decided, some
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status, Verdict
from vhkg.model.content import ScopeLimit
from vhkg.model.record import Assertion, AssertionStatus

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_STATUS = {0: AssertionStatus.ABSENT, PRESENT: AssertionStatus.PRESENT, UNKNOWN: AssertionStatus.UNKNOWN}


class Answers(NamedTuple):
    """By presentation and recommendation; texts as codes of `Decision.texts`, days counted from 1970-01-01.

    `verdict`, `as_of` and `flags` are by presentation. `since` is `UNDATED` where a reason has no day, and `NO_REASON`
    where there is no reason. `conflicts` are (presentation, text).
    """

    status: npt.NDArray[np.int8]
    base: npt.NDArray[np.int8]
    because: Codes
    confirm: Codes
    refute: Codes
    questions: Codes
    readings: Codes
    not_addressed: Codes
    everywhere: Bools
    since: Ints
    ambiguous: Bools
    verdict: npt.NDArray[np.int8]
    as_of: Ints
    flags: Codes
    conflicts: Sequence[tuple[int, str]]


VERDICTS: tuple[Verdict, ...] = tuple(Verdict)


class Decision:
    """Prepared for one knowledge, one choice of readings and one day; it remembers texts, so it serves one thread."""

    def __init__(
        self, knowledge: Knowledge, readings: Mapping[str, str] | None = None, as_of: datetime.date | None = None
    ) -> None:
        decider = knowledge.decider
        self.texts = Texts()
        self._decider, self._content = decider, knowledge.content
        self._readings = decider.guards.chosen(readings or {})
        self._as_of = None if as_of is None else as_of.toordinal() - _EPOCH
        self._explanations = knowledge.composer.explanations
        self._wording = Wording(decider, self._explanations, self._readings, self.texts)
        article = self._content.article
        self._limits = self._content.limits
        self._engine = ColumnsEngine(
            restrict(knowledge.compiled.table, decider.guards.literals(self._readings)),
            {name: at for at, name in enumerate(self._content.findings)},
            decider.rules,
            self._limits,
            goals=(article.subject, article.scope, article.branch),
        )
        self._names = tuple(self._content.findings)
        self._global = np.array([not limit.limits for limit in self._limits], np.bool_)
        self._treatments = _places(
            r.kind == "treatment" and r.direction == "for" for r in self._content.recommendations
        )
        self._first_line = _places(
            r.kind == "treatment" and r.direction == "for" and r.first_line for r in self._content.recommendations
        )
        self._own_flags = [
            f"reading:{name}={chosen}"
            for name, chosen in self._readings.items()
            if chosen != self._content.readings[name].default
        ]

    def decide(self, batch: Batch) -> Answers:
        """The answers for all lesions of a batch, in their order."""
        placed = place(batch, self._content.findings, self._as_of)
        count = len(batch.lesions.patient)
        found = recorded(placed.facts, count, len(self._names))
        alone, superseded = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
        clash = self._engine.clashing(self._engine.masks(found.present, found.absent))
        if clash.any():
            settled = newest(found, undated_cells(placed.facts, count, len(self._names)))
            superseded = clash & settled.superseded
            found = settled.recorded
            alone = clash & (settled.open | self._engine.clashing(self._engine.masks(found.present, found.absent)))
            found = found._replace(present=found.present & ~alone[:, None], absent=found.absent & ~alone[:, None])
        decided = self._engine.decide(self._engine.masks(found.present, found.absent))
        answers = self._together(decided, found, placed, superseded)
        return self._one_by_one(np.flatnonzero(alone), placed, answers) if alone.any() else answers

    # --- together

    def _together(self, decided: Decided, found: Recorded, placed: Placed, superseded: Bools) -> Answers:
        count = len(decided.status)
        days = np.concatenate((found.present_on, found.absent_on), axis=1)
        clear = np.concatenate((found.present_clear, found.absent_clear), axis=1)
        spoken = [self._wording.speak(rule, found.present, found.absent, days, clear) for rule in self._decider.rules]

        def table(columns: list[npt.NDArray[np.uint32]]) -> Codes:
            return np.stack(columns, axis=1) if columns else np.zeros((count, 0), np.uint32)

        in_force = decided.capping & decided.raised & self._global
        return Answers(
            status=decided.status,
            base=decided.base,
            because=table([each.because for each in spoken]),
            confirm=table([each.confirm for each in spoken]),
            refute=table([each.refute for each in spoken]),
            questions=table([each.questions for each in spoken]),
            readings=table([each.readings for each in spoken]),
            not_addressed=self._not_addressed(decided),
            everywhere=np.stack([each.everywhere for each in spoken], axis=1),
            since=np.stack([each.since for each in spoken], axis=1),
            ambiguous=np.stack([each.ambiguous for each in spoken], axis=1),
            verdict=self._verdicts(decided, some(in_force)),
            as_of=placed.as_of,
            flags=self._flags(in_force, superseded, placed),
            conflicts=(),
        )

    def _verdicts(self, decided: Decided, outside: Bools) -> npt.NDArray[np.int8]:
        """As `vhkg.answering.verdicts.verdict` has it, the first case that holds last."""
        article = self._content.article
        found = np.full(len(outside), VERDICTS.index(Verdict.UNDECIDED), np.int8)
        for among in (self._treatments, self._first_line):
            for status, meaning in ((Status.PROVISIONAL, Verdict.PROVISIONAL), (Status.APPLIES, Verdict.FIRST_LINE)):
                held = some(decided.status[:, among] == STATUSES.index(status))
                found[held] = VERDICTS.index(meaning)
        found[decided.refuted[article.branch]] = VERDICTS.index(Verdict.GAP)
        found[outside | decided.refuted[article.scope]] = VERDICTS.index(Verdict.OUTSIDE)
        found[decided.refuted[article.subject]] = VERDICTS.index(Verdict.NOT_APPLICABLE)
        return found

    def _not_addressed(self, decided: Decided) -> Codes:
        """Most presentations raise no limit; the others are few different ones."""
        count, rules = decided.base.shape
        codes = np.zeros((count, rules), np.uint32)
        touched = np.flatnonzero(some(decided.raised))
        if not len(touched):
            return codes
        keys, inverse = distinct(np.packbits(decided.raised[touched], axis=1))
        for column, rule in enumerate(self._decider.rules):
            named = [self.texts.code("notAddressed", self._named(key, rule.limits)) for key in keys]
            codes[touched, column] = np.array(named, np.uint32)[inverse]
        codes[decided.base == STATUSES.index(Status.DOES_NOT_APPLY)] = 0
        return codes

    def _named(self, key: bytes, among: Sequence[ScopeLimit]) -> str:
        return " ".join(factors(among, self._raised(key)))

    def _raised(self, key: bytes) -> Callable[[str], bool | None]:
        bits = np.unpackbits(np.frombuffer(key, np.uint8), count=len(self._limits))
        return {limit.raised_by: True for limit, bit in zip(self._limits, bits, strict=True) if bit}.get

    def _flags(self, in_force: Bools, superseded: Bools, placed: Placed) -> Codes:
        states = np.stack((superseded, placed.later, placed.unplaced), axis=1)
        keys, inverse = distinct(np.packbits(np.concatenate((states, in_force), axis=1), axis=1))
        codes = []
        for key in keys:
            bits = np.unpackbits(np.frombuffer(key, np.uint8), count=3 + len(self._limits)).astype(bool)
            names = [name for name, bit in zip(_STATES, bits[:3], strict=True) if bit]
            forced = [limit for limit, bit in zip(self._limits, bits[3:], strict=True) if bit]
            holds: dict[str, bool | None] = {limit.raised_by: True for limit in forced}
            names += [f"not-addressed:{factor}" for factor in factors(forced, holds.get)]
            codes.append(self.texts.code("answerFlags", " ".join((*_ALWAYS, *names, *self._own_flags))))
        return np.array(codes, np.uint32)[inverse]

    # --- one by one

    def _one_by_one(self, alone: npt.NDArray[np.intp], placed: Placed, answers: Answers) -> Answers:
        """Fill in the answers of lesions whose facts contradict each other."""
        order = np.argsort(placed.facts.lesion, kind="stable")
        ordered = placed.facts.lesion[order]
        conflicts: list[tuple[int, str]] = []
        for lesion in alone:
            own = order[np.searchsorted(ordered, lesion, "left") : np.searchsorted(ordered, lesion, "right")]
            self._one(int(lesion), taken(placed.facts, own), placed, answers, conflicts)
        return answers._replace(conflicts=tuple(conflicts))

    def _one(self, lesion: int, own: Facts, placed: Placed, answers: Answers, conflicts: list[tuple[int, str]]) -> None:
        decider = self._decider
        day = placed.as_of[lesion]
        facts = effective(self._assertions(own), decider.evaluator, None if day == UNDATED else _date(day))
        situation = Situation(decider, facts.literals, self._readings, doubtful_literals(facts, decider))
        days, clear = self._latest(facts, own)
        for column, rule in enumerate(decider.rules):
            assessed = situation.assessed[rule.name]
            words = self._wording.words(self._explanations.of(rule, situation))
            at = self._wording.columns(words.reasons)
            answers.status[lesion, column] = STATUSES.index(assessed.status)
            answers.base[lesion, column] = STATUSES.index(assessed.base)
            answers.because[lesion, column] = words.because
            answers.confirm[lesion, column] = words.confirm
            answers.refute[lesion, column] = words.refute
            answers.questions[lesion, column] = words.questions
            answers.readings[lesion, column] = words.readings
            answers.everywhere[lesion, column] = words.everywhere
            answers.not_addressed[lesion, column] = self.texts.code("notAddressed", " ".join(assessed.not_addressed))
            answers.since[lesion, column] = days[at].min() if at else NO_REASON
            answers.ambiguous[lesion, column] = not clear[at].all()
        answers.verdict[lesion] = VERDICTS.index(verdict(situation, bool(facts.conflicts)))
        answers.flags[lesion] = self.texts.code("answerFlags", self._flags_of(facts, situation, placed, lesion))
        conflicts += [(lesion, conflict_text(conflict.assertions)) for conflict in facts.conflicts]

    def _flags_of(self, facts: EffectiveFacts, situation: Situation, placed: Placed, lesion: int) -> str:
        states = (bool(facts.superseded), bool(placed.later[lesion]), bool(placed.unplaced[lesion]))
        names = ["conflict"] if facts.conflicts else []
        names += [name for name, holds in zip(_STATES, states, strict=True) if holds]
        forced = [
            limit for limit in situation.limits if not limit.limits and situation.holds(limit.caps_within) is True
        ]
        names += [f"not-addressed:{factor}" for factor in factors(forced, situation.holds)]
        return " ".join((*_ALWAYS, *names, *self._own_flags))

    def _assertions(self, own: Facts) -> list[Assertion]:
        """In an order of their own, as a record has them; the same twice is one."""
        return [
            Assertion(finding=self._names[finding], status=_STATUS[status], date=None if day == UNDATED else _date(day))
            for finding, status, day in zip(own.finding.tolist(), own.status.tolist(), own.day.tolist(), strict=True)
        ]

    def _latest(self, facts: EffectiveFacts, own: Facts) -> tuple[Ints, Bools]:
        """By finding present, then absent: the latest accepted day, and whether a clear code says so."""
        width = len(self._names)
        days, clear = np.full(2 * width, UNDATED, np.int32), np.zeros(2 * width, np.bool_)
        accepted = {(each.finding, each.status, each.date) for each in facts.accepted}
        columns = zip(own.finding.tolist(), own.status.tolist(), own.day.tolist(), own.ambiguous.tolist(), strict=True)
        for finding, status, day, ambiguous in columns:
            written = None if day == UNDATED else _date(day)
            if (self._names[finding], _STATUS[status], written) in accepted:
                at = finding + (0 if status == PRESENT else width)
                days[at] = max(days[at], day)
                clear[at] |= not ambiguous
        return days, clear


_ALWAYS = ("pending-review", "strength-not-stated", "citations-without-bibliography")
_STATES = ("superseded", "later-facts-ignored", "lesion-not-recorded")


def _places(chosen: object) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.fromiter(chosen, np.bool_))  # type: ignore[call-overload]


def _date(day: int) -> datetime.date:
    return datetime.date.fromordinal(int(day) + _EPOCH)
