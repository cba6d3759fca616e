"""A batch of patients becomes answers, as columns: what `Knowledge.recommend` says of each, all at once.

Presentations whose facts can hold together, after newer facts have overruled older ones on the same finding, are
decided in columns; each of the few others is decided by itself, by the code for one presentation.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vhkg.answering.companions import ALWAYS
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.states import doubtful_literals
from vhkg.answering.verdicts import global_factors, verdict
from vhkg.cohort.batch import Batch, Ints, day_number
from vhkg.cohort.explained import NO_REASON, Wording
from vhkg.cohort.placing import Placed, Recorded, place
from vhkg.cohort.scopes import distinct
from vhkg.cohort.texts import Texts
from vhkg.cohort.weighing import Scales, Weighed
from vhkg.decision.facts import EffectiveFacts
from vhkg.decision.restriction import restrict
from vhkg.decision.statuses import factors
from vhkg.engines.columns import STATUSES, ColumnsEngine, Decided, some
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status, Verdict
from vhkg.model.content import ScopeLimit

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]


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
        self._as_of = None if as_of is None else day_number(as_of)
        self._explanations = knowledge.composer.explanations
        article = self._content.article
        self._limits = self._content.limits
        self._engine = ColumnsEngine(
            restrict(knowledge.compiled.table, decider.guards.literals(self._readings)),
            {name: at for at, name in enumerate(self._content.findings)},
            decider.rules,
            self._limits,
            goals=(article.subject, article.scope, article.branch),
        )
        table = knowledge.compiled.table
        self._scales = Scales(decider, self._engine, table)
        self._wording = Wording(decider, self._engine, table, self._readings, self.texts)
        self._factors: dict[tuple[bytes, tuple[ScopeLimit, ...]], int] = {}
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
        weighed = self._scales.weigh(placed, len(batch.lesions.patient))
        answers = self._together(weighed, placed)
        for lesion, facts in weighed.doubted.items():
            self._by_itself(lesion, facts, weighed.recorded, placed, answers)
        return answers

    # --- together

    def _together(self, weighed: Weighed, placed: Placed) -> Answers:
        found, count = weighed.recorded, len(placed.as_of)
        masks = self._engine.masks(found.present, found.absent)
        decided = self._engine.decide(masks)
        scene = self._wording.scene(masks, found)
        spoken = [
            self._wording.speak(rule, scene, decided.base[:, column]) for column, rule in enumerate(self._decider.rules)
        ]

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
            verdict=self._verdicts(decided, some(in_force), weighed.conflicting),
            as_of=placed.as_of,
            flags=self._flags(in_force, weighed, placed),
            conflicts=weighed.conflicts,
        )

    def _verdicts(self, decided: Decided, outside: Bools, conflicting: Bools) -> npt.NDArray[np.int8]:
        """As `vhkg.answering.verdicts.verdict` has it, the first case that holds last."""
        article = self._content.article
        found = np.full(len(outside), VERDICTS.index(Verdict.UNDECIDED), np.int8)
        found[conflicting] = VERDICTS.index(Verdict.CONTRADICTION)
        for among in (self._treatments, self._first_line):
            for status, meaning in ((Status.PROVISIONAL, Verdict.PROVISIONAL), (Status.APPLIES, Verdict.FIRST_LINE)):
                held = some(decided.status[:, among] == STATUSES.index(status))
                found[held] = VERDICTS.index(meaning)
        uncovered = decided.refuted[article.branch]
        found[uncovered] = VERDICTS.index(Verdict.GAP)
        found[uncovered & conflicting] = VERDICTS.index(Verdict.CONTRADICTION)
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
        keys, _, inverse = distinct(np.packbits(decided.raised[touched], axis=1))
        alike: defaultdict[tuple[ScopeLimit, ...], list[int]] = defaultdict(list)
        for column, rule in enumerate(self._decider.rules):
            alike[rule.limits].append(column)
        for limits, columns in alike.items():
            named = [self._named(key, limits) for key in keys]
            codes[touched[:, None], np.array(columns)] = np.array(named, np.uint32)[inverse][:, None]
        codes[decided.base == STATUSES.index(Status.DOES_NOT_APPLY)] = 0
        return codes

    def _named(self, key: bytes, among: tuple[ScopeLimit, ...]) -> int:
        """The code of the factors of the limits that a key raises; remembered, since few sets of limits recur."""
        found = self._factors.get((key, among))
        if found is None:
            text = " ".join(factors(among, self._raised(key)))
            found = self._factors[key, among] = self.texts.code("notAddressed", text)
        return found

    def _raised(self, key: bytes) -> Callable[[str], bool | None]:
        bits = np.unpackbits(np.frombuffer(key, np.uint8), count=len(self._limits))
        return {limit.raised_by: True for limit, bit in zip(self._limits, bits, strict=True) if bit}.get

    def _flags(self, in_force: Bools, weighed: Weighed, placed: Placed) -> Codes:
        states = np.stack((weighed.conflicting, weighed.superseded, placed.later, placed.unplaced), axis=1)
        keys, _, inverse = distinct(np.packbits(np.concatenate((states, in_force), axis=1), axis=1))
        codes = []
        for key in keys:
            bits = np.unpackbits(np.frombuffer(key, np.uint8), count=len(_STATES) + len(self._limits)).astype(bool)
            names = [name for name, bit in zip(_STATES, bits, strict=False) if bit]
            forced = [limit for limit, bit in zip(self._limits, bits[len(_STATES) :], strict=True) if bit]
            holds: dict[str, bool | None] = {limit.raised_by: True for limit in forced}
            codes.append(self._flags_code(names, factors(forced, holds.get)))
        return np.array(codes, np.uint32)[inverse]

    def _flags_code(self, names: Sequence[str], outside: Sequence[str]) -> int:
        """As `vhkg.answering.companions.flags` has them."""
        named = [f"not-addressed:{factor}" for factor in outside]
        return self.texts.code("answerFlags", " ".join((*ALWAYS, *names, *named, *self._own_flags)))

    # --- one by one

    def _by_itself(self, lesion: int, facts: EffectiveFacts, found: Recorded, placed: Placed, answers: Answers) -> None:
        """Fill in the answer of a lesion at which something was set aside that would raise a scope limit."""
        decider, wording = self._decider, self._wording
        situation = Situation(decider, facts.literals, self._readings, doubtful_literals(facts, decider))
        days = np.concatenate((found.present_on[lesion], found.absent_on[lesion]))
        clear = np.concatenate((found.present_clear[lesion], found.absent_clear[lesion]))
        for column, rule in enumerate(decider.rules):
            assessed = situation.assessed[rule.name]
            words = wording.words(self._explanations.of(rule, situation))
            at = wording.places(words.reasons)
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
        states = (bool(facts.conflicts), bool(facts.superseded), placed.later[lesion], placed.unplaced[lesion])
        names = [name for name, holds in zip(_STATES, states, strict=True) if holds]
        answers.flags[lesion] = self._flags_code(names, global_factors(situation))


_STATES = ("conflict", "superseded", "later-facts-ignored", "lesion-not-recorded")


def _places(chosen: Iterable[bool]) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.fromiter(chosen, np.bool_))
