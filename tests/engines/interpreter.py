"""The table as `table.schema.json` describes it, followed to the letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any

from vhkg.engines.chosen import Reason


def has(row: Iterable[int], facts: Set[int]) -> bool:
    return facts >= set(row)


def reasons_shown(reasons: Sequence[Reason], facts: Set[int]) -> list[tuple[int, ...]]:
    """The reasons that facts show, in order."""
    return [
        reason.shown
        for reason in reasons
        if any(
            has(occasion.needs, facts)
            and not any(
                has(each.needs, facts) and not any(has(row, facts) for row in each.unless) for each in occasion.unless
            )
            for occasion in reason.occasions
        )
    ]


def holds(goal: dict[str, Any], facts: Set[int]) -> bool | None:
    for name, value in (("yes", True), ("no", False)):
        if any(has(row, facts) for row in goal[name]):
            return value
    return None


def decided(table: dict[str, Any], facts: Set[int]) -> dict[str, tuple[str, str, str]]:
    """By recommendation: status, base status, factors not addressed."""
    found = {}
    goals = table["goals"]
    limits = {limit["factor"]: limit for limit in table["limits"]}
    for each in table["recommendations"]:
        goal, mine = holds(goals[each["name"]], facts), [limits[name] for name in each["limits"]]
        base = "undetermined"
        if goal is not None:
            holding = "advised-against" if each["direction"] == "against" else "applies"
            base = holding if goal else "does-not-apply"
        elif holds(goals[each["condition"]], facts):
            base = "provisional"
        capped = base == "applies" and any(holds(goals[limit["capsWithin"]], facts) for limit in mine)
        raised = {limit["factor"] for limit in mine if holds(goals[limit["raisedBy"]], facts)}
        named = [limit["factor"] for limit in mine if limit["factor"] in raised and not raised & set(limit["unless"])]
        factors = "" if base == "does-not-apply" else " ".join(named)
        found[each["name"]] = ("provisional" if capped else base, base, factors)
    return found
