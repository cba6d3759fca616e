"""Recommendations and rooms in their places: gates, then a fork or tiers of doors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from vhkg.answering.algorithm.terms import NOTHING, Term, Terms
from vhkg.model.algorithm import Box, Condition, Door, Fork, Gate, GateKind, Room, Stretch, Tier, Way

_TREATMENT = "treatment"
_NO_CHOICE: frozenset[Term] = frozenset()
Ranking: TypeAlias = dict[str, tuple[str, ...]]


class Entry(NamedTuple):
    """What is to be placed: what all its terms share, and what they hold besides."""

    what: Box | Room
    common: Term
    choice: frozenset[Term]

    @property
    def main(self) -> bool:
        """A treatment that the article is for: what gates and forks are made of."""
        return isinstance(self.what, Box) and self.what.kind == _TREATMENT and not self.what.against


def entry(what: Box | Room, terms: Sequence[Term]) -> Entry:
    """Of at least one term."""
    common = frozenset.intersection(*terms)
    rest = frozenset(term - common for term in terms)
    return Entry(what, common, _NO_CHOICE if NOTHING in rest else rest)


class Ways:
    """`subject` are the literals of what the article is about; `ranked` says what a box is listed after."""

    def __init__(self, terms: Terms, subject: Term, ranked: Ranking) -> None:
        self._terms = terms
        self._subject = subject
        self._ranked = ranked

    def way(self, name: str, entries: Sequence[Entry], path: Term = NOTHING) -> Way:
        """The way to some entries from a place where `path` holds."""
        mains = [each for each in entries if each.main]
        shared = frozenset.intersection(*(each.common for each in mains)) - path if mains else NOTHING
        choices = {each.choice for each in mains}
        choice = choices.pop() if len(choices) == 1 else _NO_CHOICE
        passing = {each.what.name for each in entries if shared <= each.common and choice in (_NO_CHOICE, each.choice)}
        inside = [each._replace(choice=_NO_CHOICE) if choice else each for each in entries if each.what.name in passing]
        after = path | shared
        fork, left = self._fork(name, inside, [each for each in entries if each.what.name not in passing], after)
        return Way(
            name=name,
            gates=self._gates(name, shared, choice),
            fork=fork,
            within=self._stretch([each for each in left if each.what.name in passing], after),
            beside=self._stretch([each for each in left if each.what.name not in passing], path),
        )

    def _gates(self, name: str, shared: Term, choice: frozenset[Term]) -> tuple[Gate, ...]:
        found = [
            Gate(
                name=f"{name}-gate-{self._terms.name(literal)}",
                kind=GateKind.SUBJECT if literal in self._subject else GateKind.CONDITION,
                condition=self._terms.condition([literal]),
            )
            for literal in sorted(shared, key=self._terms.place)
        ]
        if choice:
            any_of = self._terms.condition((), choice)
            found.append(Gate(name=f"{name}-gate-any", kind=GateKind.CONDITION, condition=any_of))
        return tuple(found)

    def _fork(
        self, name: str, inside: Sequence[Entry], outside: Sequence[Entry], path: Term
    ) -> tuple[Fork | None, list[Entry]]:
        """The fork, and what stands in neither arm. An entry before the gates stands in an arm if it needs both."""
        every = [*inside, *outside]
        atom = self._forking(inside, path)
        if not atom:
            return None, every
        arms = {sign: [each for each in every if path | {sign} <= each.common] for sign in (-atom, atom)}
        finding = self._terms.name(atom)
        absent, present = (
            self.way(f"{name}-{finding}-{word}", arms[sign], path | {sign})
            for sign, word in ((-atom, "absent"), (atom, "present"))
        )
        placed = {each.what.name for arm in arms.values() for each in arm}
        fork = Fork(name=f"{name}-fork-{finding}", literal=self._terms.literal(atom), absent=absent, present=present)
        return fork, [each for each in every if each.what.name not in placed]

    def _forking(self, inside: Iterable[Entry], path: Term) -> int:
        """The finding that every treatment of the first line needs, some absent and some present; 0 if none.

        Where the article names no first line, every treatment counts.
        """
        mains = [each for each in inside if each.main]
        first = [each for each in mains if isinstance(each.what, Box) and each.what.first_line] or mains
        if len(first) < 2:
            return 0
        atoms = frozenset.intersection(*(frozenset(map(abs, each.common - path)) for each in first))
        split = [atom for atom in atoms if len({atom in each.common for each in first}) == 2]
        return min(split, key=self._terms.place, default=0)

    # --- what stands in one place

    def _stretch(self, entries: Sequence[Entry], path: Term) -> Stretch:
        boxes = [each for each in entries if isinstance(each.what, Box)]
        rooms = [(each.what, each) for each in entries if isinstance(each.what, Room)]
        return Stretch(
            tiers=self._tiers([each for each in boxes if not _box(each).against], path),
            barred=self._doors([each for each in boxes if _box(each).against], path),
            rooms=tuple(_with(room, self._condition(each, path)) for room, each in rooms),
        )

    def _tiers(self, entries: Sequence[Entry], path: Term) -> tuple[Tier, ...]:
        lines: dict[tuple[str, str], list[Entry]] = {}
        for each in entries:
            lines.setdefault((_box(each).kind, _box(each).line), []).append(each)
        return tuple(
            Tier(
                name=f"tier-{mine[0].what.name}",
                line=line,
                kind=kind,
                ordered=self._ordered([each.what.name for each in mine]),
                doors=self._doors(mine, path),
            )
            for (kind, line), mine in lines.items()
        )

    def _ordered(self, names: Sequence[str]) -> bool:
        return any(other in self._ranked[name] for name in names for other in names)

    def _doors(self, entries: Sequence[Entry], path: Term) -> tuple[Door, ...]:
        """One door for each remaining condition; what stands open on the way comes first."""
        behind: dict[Condition, list[Box]] = {}
        for each in entries:
            behind.setdefault(self._condition(each, path), []).append(_box(each))
        return tuple(
            Door(name=f"door-{boxes[0].name}", condition=condition, boxes=tuple(boxes))
            for condition, boxes in sorted(behind.items(), key=lambda item: bool(item[0]))
        )

    def _condition(self, each: Entry, path: Term) -> Condition:
        return self._terms.condition(each.common - path, each.choice)


def _box(each: Entry) -> Box:
    assert isinstance(each.what, Box)
    return each.what


def _with(room: Room, condition: Condition) -> Room:
    return Room(
        name=room.name,
        label=room.label,
        question=room.question,
        nearest=room.nearest,
        silence=room.silence,
        condition=condition,
    )
