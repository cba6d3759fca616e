"""The algorithm as a nested list: all that the picture says, for who does not see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from vhkg.model.algorithm import (
    Algorithm,
    Box,
    Condition,
    Door,
    Fork,
    Gate,
    Literal,
    Room,
    Standings,
    Stretch,
    Tier,
    Way,
)
from vhkg.rendering.cohort_page_words import number, text
from vhkg.rendering.site.map.links import Links
from vhkg.rendering.site.map.words import (
    ANY,
    FACTORS,
    ORDERED,
    SILENT,
    box_words,
    citations,
    gate_question,
    literal_words,
    question,
    state_words,
    way_out,
)
from vhkg.rendering.wording import capital

if TYPE_CHECKING:
    from markupsafe import Markup


def outline(
    algorithm: Algorithm, standings: Standings, *, counts: Mapping[str, int] | None = None, links: Links | None = None
) -> Markup:
    """A nested list, for a template. `counts` are of presentations by recommendation."""
    from markupsafe import Markup

    return Markup(_Outline(algorithm, standings, counts or {}, links or Links()).whole())


class _Outline:
    def __init__(self, algorithm: Algorithm, standings: Standings, counts: Mapping[str, int], links: Links) -> None:
        self._algorithm = algorithm
        self._standings = standings
        self._counts = counts
        self._links = links

    def whole(self) -> str:
        items = [*self._way(self._algorithm.way)]
        if self._algorithm.factors:
            rooms = "".join(map(self._room, self._algorithm.factors))
            items.append(f"<li>Whatever the way, {text(FACTORS)}:<ul>{rooms}</ul></li>")
        return f'<ul class="map-list">{"".join(items)}</ul>'

    def _way(self, way: Way) -> Iterator[str]:
        yield from map(self._gate, way.gates)
        if way.fork is not None:
            yield self._fork(way.fork)
        yield from self._stretch(way.within)
        yield from self._stretch(way.beside)

    def _gate(self, gate: Gate) -> str:
        passed = self._condition(gate.condition)
        out = f" Otherwise {text(way_out(gate))}." if way_out(gate) else ""
        return (
            f"<li>Gate: {text(gate_question(gate))} The way leads on with {passed}.{out}{self._state(gate.name)}</li>"
        )

    def _fork(self, fork: Fork) -> str:
        arms = "".join(
            f"<li>{self._literal(fork.literal, present)}{self._state(arm.name)}<ul>{''.join(self._way(arm))}</ul></li>"
            for arm, present in ((fork.absent, False), (fork.present, True))
        )
        return f"<li>Fork: {text(question(fork.literal))}{self._state(fork.name)}<ul>{arms}</ul></li>"

    def _stretch(self, stretch: Stretch) -> Iterator[str]:
        yield from map(self._tier, stretch.tiers)
        for door in stretch.barred:
            yield f"<li>The article advises against<ul>{self._door(door)}</ul></li>"
        if stretch.rooms:
            rooms = "".join(map(self._room, stretch.rooms))
            yield f"<li>Empty rooms: {text(SILENT)}<ul>{rooms}</ul></li>"

    def _tier(self, tier: Tier) -> str:
        several = len(tier.doors) > 1
        order = f" ({text(ORDERED if tier.ordered else ANY)})" if several else ""
        return f"<li>{text(capital(tier.line))}{order}<ul>{''.join(map(self._door, tier.doors))}</ul></li>"

    def _door(self, door: Door) -> str:
        boxes = "".join(map(self._box, door.boxes))
        if not door.condition:
            return boxes
        return f"<li>If {self._condition(door.condition)}{self._state(door.name)}<ul>{boxes}</ul></li>"

    def _box(self, box: Box) -> str:
        words = [text(box_words(box, self._standings.of(box.name), self._algorithm))] if self._standings.patient else []
        words += [f"“{text(box.modality)}”"] if box.modality else []
        words.append(" ".join(self._statement(name) for name in box.actions))
        words.append(text(citations(box)))
        if box.name in self._counts:
            words.append(f"{number(self._counts[box.name])} in the cohort")
        label = f'<a href="{text(self._links.recommendation(box.name))}">{text(capital(box.label))}</a>'
        return f"<li>{label}: {' · '.join(filter(None, words))}</li>"

    def _statement(self, name: str) -> str:
        return f'<a href="{text(self._links.statement(name))}">{text(name)}</a>'

    def _room(self, room: Room) -> str:
        condition = f" ({self._condition(room.condition)})" if room.condition else ""
        label = f'<a href="{text(self._links.room(room))}">{text(capital(room.label))}</a>'
        asked = f": {text(room.question)}" if room.question else ""
        return f"<li>{label}{condition}{asked}{self._state(room.name)}</li>"

    def _condition(self, condition: Condition) -> str:
        parts = [self._literal(each, each.present) for each in condition.literals]
        if condition.alternatives:
            terms = [
                " and ".join(self._literal(each, each.present) for each in term) for term in condition.alternatives
            ]
            parts.append(" or ".join(terms))
        return " and ".join(parts)

    def _literal(self, literal: Literal, present: bool) -> str:
        words = text(literal_words(literal if literal.present is present else literal.turned()))
        if literal.question:
            status = "present" if present else "absent"
            link = text(self._links.fact(literal.finding))
            words = f'<a href="{link}" data-finding="{text(literal.finding)}" data-status="{status}">{words}</a>'
        if literal.undefined:
            words += f' (<a href="{text(self._links.silence(literal.undefined))}">the article does not define it</a>)'
        return words

    def _state(self, name: str) -> str:
        if not self._standings.patient:
            return ""
        return f" <strong>{text(capital(state_words(self._standings.of(name), self._algorithm)))}.</strong>"
