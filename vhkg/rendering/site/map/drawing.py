"""What every part of one picture needs: the algorithm, how the patient stands, the counts, and the marks of states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vhkg.model.algorithm import Algorithm, Box, Literal, Standing, Standings, State
from vhkg.model.answer import FactShown
from vhkg.rendering.site.map.links import Links
from vhkg.rendering.site.map.svg import at, element

Facts = tuple[FactShown, ...]


class Drawing:
    """`hatch` is the id of the pattern of this SVG."""

    def __init__(
        self, algorithm: Algorithm, standings: Standings, counts: Mapping[str, int], links: Links, *, hatch: str
    ) -> None:
        self.algorithm = algorithm
        self.standings = standings
        self.counts = counts
        self.links = links
        self.hatch = hatch
        self.most = max(counts.values(), default=0)

    @property
    def patient(self) -> bool:
        return self.standings.patient

    def of(self, name: str) -> Standing:
        return self.standings.of(name)

    def node(self, kind: str, standing: Standing, names: Iterable[str] = (), **data: str) -> dict[str, object]:
        """The attributes of the group of an element that has a state."""
        listed = " ".join(names)
        more = {f"data-{key}": value for key, value in data.items() if value}
        state = standing.state.value
        return {
            "class": f"map-node {kind} is-{state}",
            "data-state": state,
            **({"data-recommendation": listed} if listed else {}),
            **more,
        }

    def sets(self, literal: Literal, *, label: str = "") -> dict[str, object]:
        """The attributes of a link that sets a fact; `label` where its own words do not say which."""
        status = "present" if literal.present else "absent"
        asked = self.patient and literal.finding in self.standings.asked
        return {
            "class": "map-fact is-asked" if asked else "map-fact",
            "data-finding": literal.finding,
            "data-status": status,
            "aria-label": label or None,
        }

    def holds(self, literal: Literal) -> bool | None:
        known = {"present": True, "absent": False}.get(self.standings.findings.get(literal.finding, ""))
        return None if known is None else known is literal.present

    def mark(self, value: bool | None, x: float, y: float) -> str:
        """A tick, a cross or a question mark, ten units wide, on a baseline."""
        if value is None:
            return element(
                "text", {"class": "map-mark map-unknown", "x": x + 1.5, "y": float(y), "aria-hidden": "true"}, "?"
            )
        if value:
            path = f"M{at(x, y - 4.5)} L{at(x + 3.5, y - 1)} L{at(x + 9.5, y - 9)}"
        else:
            path = f"M{at(x + 1, y - 8.5)} L{at(x + 8.5, y - 1)} M{at(x + 8.5, y - 8.5)} L{at(x + 1, y - 1)}"
        kind = "map-mark map-holds" if value else "map-mark map-fails"
        return element("path", {"class": kind, "d": path, "fill": "none", "stroke": "currentColor", "stroke-width": 2})


def names(boxes: Iterable[Box]) -> tuple[str, ...]:
    return tuple(box.name for box in boxes)


STATE_MARKS: Mapping[State, bool | None] = {State.TAKEN: True, State.CLOSED: False, State.OPEN: None}
