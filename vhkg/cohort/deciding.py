"""A batch of patients becomes answers, as columns: what `Knowledge.recommend` says of each, all at once.

Presentations whose facts can hold together, after newer facts have overruled older ones on the same finding, are
decided in columns; each of the few others is decided by itself, by the code for one presentation.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from vhkg.answering.companions import ALWAYS
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.verdicts import global_factors, verdict
from vhkg.cohort.alike import bits_as_words, kinds
from vhkg.cohort.batch import Batch, Ints, day_number
from vhkg.cohort.explained import NO_REASON, Spoken, Wording
from vhkg.cohort.placing import Placed, place
from vhkg.cohort.texts import Texts
from vhkg.cohort.weighing import Scales, Weighed
from vhkg.decision.restriction import restrict
from vhkg.decision.statuses import factors
from vhkg.engines.columns import STATUSES, ColumnsEngine, Decided, some
from vhkg.explanation.situation import Situation
from vhkg.model.answer import Status, Verdict
from vhkg.model.content import ScopeLimit

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]


class Said(NamedTuple):
    """Words of recommendations, as codes of `Decision.texts`: a place for all that is said of some presentations."""

    because: Codes
    confirm: Codes
    refute: Codes
    questions: Codes
    readings: Codes
    everywhere: Bools


class Answers(NamedTuple):
    """By presentation and recommendation; texts as codes of `Decision.texts`, days counted from 1970-01-01.

    `said` are places in `words`. `verdict`, `as_of` and `flags` are by presentation. `since` is `UNDATED` where a
    reason has no day, and `NO_REASON` where there is no reason. `conflicts` are (presentation, text).
    """

    status: npt.NDArray[np.int8]
    base: npt.NDArray[np.int8]
    said: npt.NDArray[np.int32]
    words: Said
    not_addressed: Codes
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
        further: dict[_Words, int] = {}
        for lesion, doubtful in weighed.doubted.items():
            spoken = self._by_itself(lesion, doubtful, weighed, answers, placed)
            answers.said[lesion] = [
                len(answers.words.because) + further.setdefault(words, len(further)) for words in spoken
            ]
        return answers._replace(words=_appended(answers.words, further)) if further else answers

    # --- together

    def _together(self, weighed: Weighed, placed: Placed) -> Answers:
        found, masks = weighed.recorded, weighed.masks
        decided = self._engine.decide(masks)
        scene = self._wording.scene(masks, found)
        spoken = [
            self._wording.speak(rule, scene, decided.base[:, column]) for column, rule in enumerate(self._decider.rules)
        ]
        in_force = decided.capping & decided.raised & self._global
        return Answers(
            status=decided.status,
            base=decided.base,
            said=_table(each.of + first for each, first in zip(spoken, _starts(spoken), strict=True)),
            words=_words(spoken),
            not_addressed=self._not_addressed(decided),
            since=_table(each.since for each in spoken),
            ambiguous=_table(each.ambiguous for each in spoken),
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
        found = kinds(bits_as_words([*decided.raised[touched].T]), len(touched))
        keys = [bytes(row) for row in np.packbits(decided.raised[touched[found.places]], axis=1)]
        named = np.zeros((len(keys), rules), np.uint32)
        alike: defaultdict[tuple[ScopeLimit, ...], list[int]] = defaultdict(list)
        for column, rule in enumerate(self._decider.rules):
            alike[rule.limits].append(column)
        for limits, columns in alike.items():
            named[:, columns] = np.array([self._named(key, limits) for key in keys], np.uint32)[:, None]
        codes[touched] = named[found.of]
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
        every = np.concatenate((states, in_force), axis=1)
        found = kinds(bits_as_words([*every.T]), len(every))
        codes = []
        for bits in every[found.places]:
            names = [name for name, bit in zip(_STATES, bits, strict=False) if bit]
            forced = [limit for limit, bit in zip(self._limits, bits[len(_STATES) :], strict=True) if bit]
            holds: dict[str, bool | None] = {limit.raised_by: True for limit in forced}
            codes.append(self._flags_code(names, factors(forced, holds.get)))
        return np.array(codes, np.uint32)[found.of]

    def _flags_code(self, names: Sequence[str], outside: Sequence[str]) -> int:
        """As `vhkg.answering.companions.flags` has them."""
        named = [f"not-addressed:{factor}" for factor in outside]
        return self.texts.code("answerFlags", " ".join((*ALWAYS, *names, *named, *self._own_flags)))

    # --- one by one

    def _by_itself(
        self, lesion: int, doubtful: frozenset[int], weighed: Weighed, answers: Answers, placed: Placed
    ) -> list[_Words]:
        """The words for a lesion at which what was set aside would raise a scope limit; all else of it is filled in.

        That changes statuses and what they rest on; reasons, and what is lacking, only with the base status.
        """
        further: list[_Words] = []
        decider, wording = self._decider, self._wording
        found, conflicting = weighed.recorded, bool(weighed.conflicting[lesion])
        literals = wording.literals(found.present[lesion], found.absent[lesion])
        situation = Situation(decider, literals, self._readings, doubtful)
        assessments = [situation.assessed[rule.name] for rule in decider.rules]
        before = answers.base[lesion].tolist()
        kept = zip(*(codes[answers.said[lesion]].tolist() for codes in answers.words[:4]), strict=True)
        answers.base[lesion] = [_PLACE[each.base] for each in assessments]
        answers.status[lesion] = [_PLACE[each.status] for each in assessments]
        answers.not_addressed[lesion] = [
            self.texts.code("notAddressed", " ".join(each.not_addressed)) for each in assessments
        ]
        for column, (rule, assessed, (because, confirm, refute, questions)) in enumerate(
            zip(decider.rules, assessments, kept, strict=True)
        ):
            if before[column] == _PLACE[assessed.base]:
                further.append((because, confirm, refute, questions, *wording.rests(rule, situation)))
            else:
                words = wording.words(self._explanations.of(rule, situation))
                further.append(words[:6])
                at = wording.places(words.reasons)
                answers.since[lesion, column] = found.days[lesion, at].min(initial=NO_REASON)
                answers.ambiguous[lesion, column] = not found.clear[lesion, at].all()
        answers.verdict[lesion] = VERDICTS.index(verdict(situation, conflicting))
        states = (conflicting, weighed.superseded[lesion], placed.later[lesion], placed.unplaced[lesion])
        names = [name for name, holds in zip(_STATES, states, strict=True) if holds]
        answers.flags[lesion] = self._flags_code(names, global_factors(situation))
        return further


_PLACE = {status: place for place, status in enumerate(STATUSES)}
_STATES = ("conflict", "superseded", "later-facts-ignored", "lesion-not-recorded")


def _places(chosen: Iterable[bool]) -> npt.NDArray[np.intp]:
    return np.flatnonzero(np.fromiter(chosen, np.bool_))


_Words = tuple[int, int, int, int, int, bool]
_Value = TypeVar("_Value", bound=np.generic)


def _words(spoken: Sequence[Spoken]) -> Said:
    """The words of all recommendations, one after another."""
    return Said(
        because=np.concatenate([each.because for each in spoken]),
        confirm=np.concatenate([each.confirm for each in spoken]),
        refute=np.concatenate([each.refute for each in spoken]),
        questions=np.concatenate([each.questions for each in spoken]),
        readings=np.concatenate([each.readings for each in spoken]),
        everywhere=np.concatenate([each.everywhere for each in spoken]),
    )


def _appended(words: Said, further: Iterable[_Words]) -> Said:
    columns = zip(words, zip(*further, strict=True), strict=True)
    return Said(*(np.concatenate((column, np.array(more, column.dtype))) for column, more in columns))


def _starts(spoken: Sequence[Spoken]) -> list[np.int32]:
    """Where the words of each recommendation begin."""
    ends = np.cumsum([len(each.because) for each in spoken], dtype=np.int32)
    return [np.int32(0), *ends[:-1]]


def _table(columns: Iterable[npt.NDArray[_Value]]) -> npt.NDArray[_Value]:
    return np.stack(list(columns), axis=1)
