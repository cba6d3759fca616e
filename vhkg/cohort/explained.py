"""The texts of an answer's row: each made once for all presentations that agree in what it is a function of.

The reasons of a status are a function of which rows of the table match; what rests on readings, of which rows would
match under any reading; what would settle an open matter, of what is known of the findings that its rows name. So each
is found by the exact code for one presentation, for every combination of these that occurs, and looked up for all
others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from vhkg.cohort.alike import distinct
from vhkg.cohort.placing import Recorded
from vhkg.cohort.relevance import Places
from vhkg.cohort.scopes import OPEN, Bits, Scene, Scopes
from vhkg.cohort.texts import Texts, facts_text, questions_text
from vhkg.decision.statuses import StatusRule
from vhkg.engines.columns import STATUSES, ColumnsEngine, Masks
from vhkg.explanation.decider import Decider
from vhkg.explanation.explanations import Explanation
from vhkg.explanation.guards import union
from vhkg.explanation.readings import Dependence, dependence
from vhkg.explanation.reasons import completing, side_of, sufficient
from vhkg.explanation.situation import Situation
from vhkg.model.answer import FactShown
from vhkg.model.table import DecisionTable

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]
_Said = TypeVar("_Said")
_Reasons = tuple[int, ...]


class Words(NamedTuple):
    """What is said of one recommendation in one situation, as codes of texts; `reasons` are the literals behind it."""

    because: int
    confirm: int
    refute: int
    questions: int
    readings: int
    everywhere: bool
    reasons: _Reasons


class Spoken(NamedTuple):
    """What is said of one recommendation: its different words, as codes of texts, and which each presentation has."""

    of: npt.NDArray[np.int32]
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

    def __init__(
        self,
        decider: Decider,
        engine: ColumnsEngine,
        table: DecisionTable,
        readings: Mapping[str, str],
        texts: Texts,
    ) -> None:
        """`table` is the whole one, since words say what other readings would change."""
        self.texts = texts
        self._decider, self._readings = decider, readings
        content, evaluator = decider.content, decider.evaluator
        self._literals = [evaluator.literal(name, True) if evaluator.has_atom(name) else 0 for name in content.findings]
        self._places = {literal: at for at, literal in enumerate(self._literals) if literal}
        self._chosen = decider.guards.literals(readings)
        self._scopes = Scopes(decider, engine, table, self._chosen, self._places)
        self._because: dict[tuple[str, bytes | None], tuple[int, _Reasons]] = {}
        self._rests: dict[tuple[str, bytes | None], tuple[int, bool]] = {}
        self._least: dict[tuple[str, frozenset[tuple[bool, int]]], tuple[int, int, int]] = {}
        self._asked: dict[tuple[str, bytes | None], tuple[int, int, int]] = {}
        of_goal = decider.guards.of_goal
        self._guarded = {rule.name: union(of_goal.get(goal, 0) for goal in rule.goals()) for rule in decider.rules}
        self._capping = {rule.name: {limit.caps_within for limit in rule.limits} for rule in decider.rules}
        self._apart: dict[tuple[object, ...], tuple[int, bool]] = {}

    # --- many presentations

    def speak(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8]) -> Spoken:
        """The words of a recommendation for all presentations, given its base status for each. `since` and `ambiguous`
        are by presentation."""
        scopes, alike = self._scopes, self._scopes.kinds(rule, scene)
        among = alike.places
        base = base[among]
        because, of_because = self._said(
            self._because,
            rule,
            scopes.reasons(rule, scene, base, among),
            among,
            lambda at: self._reasons(rule, scene, base[at], int(among[at])),
        )
        rests, of_rests = self._said(
            self._rests,
            rule,
            scopes.readings(rule, scene, among),
            among,
            lambda at: self._dependence(rule, scene, int(among[at])),
        )
        asked, of_asked = self._said(
            self._asked,
            rule,
            scopes.completions(rule, scene, base, among),
            among,
            lambda at: self._completions(rule, scene, base[at], int(among[at])),
        )
        words, of_kind = np.unique((of_because * len(rests) + of_rests) * len(asked) + of_asked, return_inverse=True)
        of = of_kind.astype(np.int32)[alike.of]
        words, asking = np.divmod(words, len(asked))
        reasoned, resting = np.divmod(words, len(rests))
        since, ambiguous = self._decisive([because[at][1] for at in reasoned.tolist()], of, scene)
        return Spoken(
            of=of,
            because=_codes((code for code, _ in because), reasoned),
            confirm=_codes((each[0] for each in asked), asking),
            refute=_codes((each[1] for each in asked), asking),
            questions=_codes((each[2] for each in asked), asking),
            readings=_codes((each[0] for each in rests), resting),
            everywhere=np.fromiter((each[1] for each in rests), np.bool_)[resting],
            since=since,
            ambiguous=ambiguous,
        )

    def _said(
        self,
        remembered: dict[tuple[str, bytes | None], _Said],
        rule: StatusRule,
        bits: Bits,
        among: Places,
        say: Callable[[int], _Said],
    ) -> tuple[list[_Said], npt.NDArray[np.intp]]:
        """What is said for each combination of bits, and which of these each of some presentations has.

        The key of those of which nothing is to be said is None.
        """
        count = len(among)
        different, found = distinct(np.packbits(bits.matrix, axis=1))
        keys: list[bytes | None] = [*different]
        inverse = np.full(count, len(keys), np.intp)
        inverse[bits.rows] = found.of
        places = bits.rows[found.places].tolist()
        if len(bits.rows) < count:
            keys.append(None)
            places.append(int(np.argmax(inverse)))
        said = []
        for key, at in zip(keys, places, strict=True):
            words = remembered.get((rule.name, key))
            if words is None:
                words = remembered[rule.name, key] = say(at)
            said.append(words)
        return said, inverse

    def _reasons(self, rule: StatusRule, scene: Scene, base: np.int8, at: int) -> tuple[int, _Reasons]:
        side = side_of(STATUSES[base], rule.name, rule.condition)
        facts = self._decider.evaluator.facts((*self._facts(scene, at), *self._chosen))
        return self._because_words(sufficient(self._decider, *side, facts) if side else ())

    def _dependence(self, rule: StatusRule, scene: Scene, at: int) -> tuple[int, bool]:
        return self.rests(rule, self._situation(scene, at))

    def _completions(self, rule: StatusRule, scene: Scene, base: np.int8, at: int) -> tuple[int, int, int]:
        if base not in OPEN:
            return self._asked_words((), ())
        least = self._scopes.least(rule, scene, at)
        if least is None:
            return self._completed(rule, scene, at)
        found = self._least.get((rule.name, least))
        if found is None:
            found = self._least[rule.name, least] = self._completed(rule, scene, at)
        return found

    def _completed(self, rule: StatusRule, scene: Scene, at: int) -> tuple[int, int, int]:
        decider, evaluator = self._decider, self._decider.evaluator
        closed = evaluator.close(evaluator.facts((*self._facts(scene, at), *self._chosen)))
        confirm, refute = (
            [[decider.undated[x] for x in row] for row in completing(decider, rule.name, value, closed)]
            for value in (True, False)
        )
        return self._asked_words(confirm, refute)

    def _situation(self, scene: Scene, at: int) -> Situation:
        found = scene.situations.get(at)
        if found is None:
            found = scene.situations[at] = Situation(self._decider, self._facts(scene, at), self._readings)
        return found

    def _facts(self, scene: Scene, at: int) -> list[int]:
        return self.literals(scene.present[at], scene.absent[at])

    def literals(self, present: Bools, absent: Bools) -> list[int]:
        """The literals of findings that are so, as far as they are atoms of the table."""
        sides = (1, present), (-1, absent)
        found = [sign * self._literals[at] for sign, side in sides for at in np.flatnonzero(side).tolist()]
        return [literal for literal in found if literal]

    def _decisive(
        self, reasons: Sequence[_Reasons], of: npt.NDArray[np.int32], scene: Scene
    ) -> tuple[npt.NDArray[np.int32], Bools]:
        """The oldest day of a fact behind the status, and whether one has no code that means one thing.

        `reasons` are by words, `of` says which words each presentation has.
        """
        since = np.full(len(of), NO_REASON, np.int32)
        ambiguous = np.zeros(len(of), np.bool_)
        behind: defaultdict[int, list[int]] = defaultdict(list)
        for word, each in enumerate(reasons):
            for literal in each:
                behind[literal].append(word)
        reasoned = np.flatnonzero(np.array([bool(each) for each in reasons], np.bool_).take(of))
        word_of = of.take(reasoned)
        for literal, words in behind.items():
            used = np.zeros(len(reasons), np.bool_)
            used[words] = True
            rows = reasoned[np.flatnonzero(used.take(word_of))]
            (column,) = self.places([literal])
            since[rows] = np.minimum(since.take(rows), scene.days[:, column].take(rows))
            ambiguous[rows] |= ~scene.clear[:, column].take(rows)
        return since, ambiguous

    def scene(self, masks: Masks, recorded: Recorded) -> Scene:
        """Presentations to speak of."""
        return self._scopes.scene(masks, recorded)

    def places(self, reasons: Iterable[int]) -> list[int]:
        """Where the days of a scene have literals."""
        return self._scopes.places(reasons)

    # --- one presentation

    def words(self, explained: Explanation) -> Words:
        """The words of an explanation."""
        because, reasons = self._because_words(explained.because)
        return Words(
            because,
            *self._asked_words(explained.confirm, explained.refute),
            *self._rests_words(explained.rests),
            reasons,
        )

    def _because_words(self, rows: Sequence[_Reasons]) -> tuple[int, _Reasons]:
        undated = self._decider.undated
        text = facts_text([[undated[x] for x in row] for row in rows])
        return self.texts.code("because", text), tuple(sorted({literal for row in rows for literal in row}))

    def _asked_words(
        self, confirm: Sequence[Sequence[FactShown]], refute: Sequence[Sequence[FactShown]]
    ) -> tuple[int, int, int]:
        questions = questions_text(confirm, refute, self._decider.content)
        code = self.texts.code
        return (
            code("confirm", facts_text(confirm)), code("refute", facts_text(refute)), code("questions", questions)
        )  # fmt: skip

    def rests(self, rule: StatusRule, situation: Situation) -> tuple[int, bool]:
        """The words of the readings that a status rests on, and whether it is the same under all.

        They are a function of the rows that could count, of what is entailed without them, and of the status.
        """
        live = situation.live()
        rows = live & self._guarded[rule.name]
        key: tuple[object, ...] = (rule.name,)
        if rows:
            entailed = tuple(map(situation.holds, (rule.name, rule.condition)))
            of_goal, mine = self._decider.guards.of_goal, self._capping[rule.name]
            capping = (limit.caps_within for limit in situation.limits if limit.caps_within in mine)
            capped = any(situation.holds(goal) and not live & of_goal.get(goal, 0) for goal in capping)
            key = (rule.name, rows, entailed, capped, situation.assessed[rule.name].status)
        found = self._apart.get(key)
        if found is None:
            found = self._apart[key] = self._rests_words(dependence(situation, rule))
        return found

    def _rests_words(self, rests: Dependence) -> tuple[int, bool]:
        text = " ".join(f"{each.id}={each.chosen}" for each in rests.readings)
        return self.texts.code("readings", text), rests.everywhere


NO_REASON = np.int32(np.iinfo(np.int32).max)
"""After every day: no fact stands behind the status."""


def _codes(values: Iterable[int], inverse: npt.NDArray[np.intp]) -> Codes:
    return np.fromiter(values, np.uint32)[inverse]
