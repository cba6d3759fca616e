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

from vhkg.cohort.texts import Texts, facts_text, questions_text
from vhkg.decision.statuses import StatusRule
from vhkg.engines.columns import STATUSES, ColumnsEngine, Masks, Terms, some
from vhkg.explanation.decider import Decider
from vhkg.explanation.explanations import Explanation
from vhkg.explanation.readings import Dependence, dependence
from vhkg.explanation.reasons import completions, side_of, sufficient
from vhkg.explanation.situation import Situation
from vhkg.model.answer import FactShown, Status
from vhkg.model.table import DecisionTable, Row

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]
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
    """Words by presentation, as codes of texts, for one recommendation."""

    because: Codes
    confirm: Codes
    refute: Codes
    questions: Codes
    readings: Codes
    everywhere: Bools
    since: npt.NDArray[np.int32]
    ambiguous: Bools


class Scene:
    """Presentations whose facts can hold together, and what follows from these.

    `present` and `absent` are by finding; `days` and `clear` by finding present, then by finding absent.
    """

    def __init__(
        self, masks: Masks, closed: Masks, present: Bools, absent: Bools, days: npt.NDArray[np.int32], clear: Bools
    ) -> None:
        self.masks, self.closed = masks, closed
        self.present, self.absent = present, absent
        self.days, self.clear = days, clear
        self.situations: dict[int, Situation] = {}


class _Scope(NamedTuple):
    """What the words of a rule are functions of.

    `sides` are, by base status, the rows that may match; `groups` those that hang on the same readings, of which it
    does not matter which one has all its findings; `further` the literals that tell what is open.
    """

    sides: tuple[tuple[Status, Terms], ...]
    groups: tuple[Terms, ...]
    further: Terms


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
        self._decider, self._engine, self._readings = decider, engine, readings
        content, evaluator = decider.content, decider.evaluator
        self._literals = [evaluator.literal(name, True) if evaluator.has_atom(name) else 0 for name in content.findings]
        self._places = {literal: at for at, literal in enumerate(self._literals) if literal}
        self._chosen = decider.guards.literals(readings)
        self._scopes = {rule.name: self._scope(rule, table) for rule in decider.rules}
        self._because: dict[tuple[str, bytes], tuple[int, _Reasons]] = {}
        self._rests: dict[tuple[str, bytes], tuple[int, bool]] = {}
        self._asked: dict[tuple[str, bytes], tuple[int, int, int]] = {}

    # --- what the words are functions of

    def _scope(self, rule: StatusRule, table: DecisionTable) -> _Scope:
        own, condition = table.goals[rule.name], table.goals[rule.condition]
        holding = Status.ADVISED_AGAINST if rule.against else Status.APPLIES
        sides = ((holding, own.yes), (Status.DOES_NOT_APPLY, own.no), (Status.PROVISIONAL, condition.yes))
        groups: defaultdict[tuple[str, frozenset[int]], set[frozenset[int]]] = defaultdict(set)
        for goal, value, rows in (
            (rule.name, True, own.yes), (rule.name, False, own.no),
            (rule.condition, True, condition.yes), (rule.condition, False, condition.no),
        ):  # fmt: skip
            for row in rows:
                groups[f"{goal} {value}", self._of_readings(row)].add(self._of_findings(row))
        for limit in rule.limits:
            capping = table.goals[limit.caps_within].yes
            alike = len({self._of_readings(row) for row in capping}) == 1
            for row in capping:
                groups["a limit" if alike else limit.caps_within, self._of_readings(row)].add(self._of_findings(row))
        atoms = {abs(x) for row in (*own.yes, *own.no) for x in row.literals}
        # A conflict of two acts through what follows from its one literal, which is in the key itself.
        for conflict in table.conflicts:
            if len(conflict) > 2 and atoms & {abs(x) for x in conflict}:
                atoms |= {abs(x) for x in conflict}
        mine = sorted(atoms & self._places.keys())
        chosen = frozenset(self._chosen)
        return _Scope(
            sides=tuple(
                (status, self._terms(self._of_findings(row) for row in rows if self._of_readings(row) <= chosen))
                for status, rows in sides
            ),
            groups=tuple(self._terms(groups[key]) for key in sorted(groups, key=lambda key: (key[0], sorted(key[1])))),
            further=self._engine.terms([(sign * atom,) for atom in mine for sign in (1, -1)]),
        )

    def _terms(self, rows: Iterable[frozenset[int]]) -> Terms:
        return self._engine.terms(sorted(map(sorted, set(rows))))

    def _of_findings(self, row: Row) -> frozenset[int]:
        return frozenset(x for x in row.literals if abs(x) in self._places)

    def _of_readings(self, row: Row) -> frozenset[int]:
        return frozenset(row.literals) - self._of_findings(row)

    # --- many presentations

    def speak(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8]) -> Spoken:
        """The words of a recommendation for all presentations, given its base status for each."""
        scope, engine = self._scopes[rule.name], self._engine
        sides = []
        for status, terms in scope.sides:
            mine = (base == STATUSES.index(status))[:, None]
            sides += [mine, engine.hits(terms, scene.masks) & mine]
        groups = [engine.any_hit(terms, scene.masks)[:, None] for terms in scope.groups]
        open_ = np.isin(base, _OPEN)[:, None]
        further = engine.hits(scope.further, scene.closed) & open_

        because, of_because = self._said(self._because, rule, sides, lambda at: self._reasons(rule, scene, base, at))
        rests, of_rests = self._said(self._rests, rule, groups, lambda at: self._dependence(rule, scene, at))
        asked, of_asked = self._said(
            self._asked, rule, [open_, further], lambda at: self._completions(rule, scene, base, at)
        )
        since, ambiguous = self._decisive([reasons for _, reasons in because], of_because, scene)
        return Spoken(
            because=_codes((code for code, _ in because), of_because),
            confirm=_codes((each[0] for each in asked), of_asked),
            refute=_codes((each[1] for each in asked), of_asked),
            questions=_codes((each[2] for each in asked), of_asked),
            readings=_codes((each[0] for each in rests), of_rests),
            everywhere=np.fromiter((each[1] for each in rests), np.bool_)[of_rests],
            since=since,
            ambiguous=ambiguous,
        )

    def _said(
        self,
        remembered: dict[tuple[str, bytes], _Said],
        rule: StatusRule,
        bits: Sequence[Bools],
        say: Callable[[int], _Said],
    ) -> tuple[list[_Said], npt.NDArray[np.intp]]:
        """What is said for each combination of bits, and which of these each presentation has."""
        keys, first, inverse = distinct(np.packbits(np.concatenate(bits, axis=1), axis=1))
        for key, at in zip(keys, first.tolist(), strict=True):
            if (rule.name, key) not in remembered:
                remembered[rule.name, key] = say(at)
        return [remembered[rule.name, key] for key in keys], inverse

    def _reasons(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8], at: int) -> tuple[int, _Reasons]:
        side = side_of(STATUSES[base[at]], rule.name, rule.condition)
        facts = self._decider.evaluator.facts((*self._facts(scene, at), *self._chosen))
        return self._because_words(sufficient(self._decider, *side, facts) if side else ())

    def _dependence(self, rule: StatusRule, scene: Scene, at: int) -> tuple[int, bool]:
        return self._rests_words(dependence(self._situation(scene, at), rule))

    def _completions(self, rule: StatusRule, scene: Scene, base: npt.NDArray[np.int8], at: int) -> tuple[int, int, int]:
        if base[at] not in _OPEN:
            return self._asked_words((), ())
        undated, situation = self._decider.undated, self._situation(scene, at)
        confirm, refute = (
            tuple(tuple(undated[x] for x in row) for row in completions(situation, rule.name, value))
            for value in (True, False)
        )
        return self._asked_words(confirm, refute)

    def _situation(self, scene: Scene, at: int) -> Situation:
        found = scene.situations.get(at)
        if found is None:
            found = scene.situations[at] = Situation(self._decider, self._facts(scene, at), self._readings)
        return found

    def _facts(self, scene: Scene, at: int) -> list[int]:
        present, absent = np.flatnonzero(scene.present[at]).tolist(), np.flatnonzero(scene.absent[at]).tolist()
        return [x for x in (*(self._literals[p] for p in present), *(-self._literals[a] for a in absent)) if x]

    def _decisive(
        self, reasons: Sequence[_Reasons], inverse: npt.NDArray[np.intp], scene: Scene
    ) -> tuple[npt.NDArray[np.int32], Bools]:
        """The oldest day of a fact behind the status, and whether one has no code that means one thing."""
        literals = sorted({literal for each in reasons for literal in each})
        if not literals:
            return np.full(len(inverse), NO_REASON, np.int32), np.zeros(len(inverse), np.bool_)
        columns = self.columns(literals)
        used = np.array([[literal in each for literal in literals] for each in reasons], np.bool_)[inverse]
        since = np.where(used, scene.days[:, columns], NO_REASON).min(axis=1)
        return since.astype(np.int32), some(used & ~scene.clear[:, columns])

    def columns(self, reasons: Iterable[int]) -> list[int]:
        """Where `days` and `clear` of a scene have a literal."""
        width = len(self._decider.content.findings)
        return [self._places[abs(literal)] + (width if literal < 0 else 0) for literal in reasons]

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

    def _rests_words(self, rests: Dependence) -> tuple[int, bool]:
        text = " ".join(f"{each.id}={each.chosen}" for each in rests.readings)
        return self.texts.code("readings", text), rests.everywhere


NO_REASON = np.int32(np.iinfo(np.int32).max)
"""After every day: no fact stands behind the status."""
_OPEN = [STATUSES.index(Status.UNDETERMINED), STATUSES.index(Status.PROVISIONAL)]


def _codes(values: Iterable[int], inverse: npt.NDArray[np.intp]) -> Codes:
    return np.fromiter(values, np.uint32)[inverse]


def distinct(rows: Bytes) -> tuple[list[bytes], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The different rows in a fixed order, where each comes first, and which of them each row is."""
    count, width = rows.shape
    words = -(-width // 8) or 1
    padded = np.zeros((count, words * 8), np.uint8)
    padded[:, :width] = rows
    columns = padded.view(">u8").astype(np.uint64)
    if words == 1:
        _, first, inverse = np.unique(columns[:, 0], return_index=True, return_inverse=True)
    else:
        order = np.lexsort(columns.T[::-1])
        ordered = columns[order]
        new = np.ones(count, np.bool_)
        new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
        first = order[new]
        inverse = np.empty(count, np.intp)
        inverse[order] = np.cumsum(new) - 1
    return [bytes(rows[at]) for at in first.tolist()], first, inverse
