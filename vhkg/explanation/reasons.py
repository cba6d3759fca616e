"""Why a status holds, and which least facts would confirm or refute a recommendation."""

from __future__ import annotations

from collections.abc import Mapping

from vhkg.explanation.situation import Situation
from vhkg.model.answer import FactShown, Status
from vhkg.model.record import Assertion

_HOLDING = (Status.APPLIES, Status.ADVISED_AGAINST)


def reasons(situation: Situation, name: str, recorded: Mapping[int, Assertion]) -> tuple[tuple[FactShown, ...], ...]:
    """Minimal sets of recorded facts that suffice for the base status, with their dates.

    For a provisional status they suffice for the condition. `recorded` maps each recorded literal to the
    assertion to show. Readings are left out here: they are shown with the reading.
    """
    base = situation.assessed[name].base
    evaluator = situation.decider.evaluator
    if base is Status.UNDETERMINED:
        return ()
    if base is Status.PROVISIONAL:
        rows = evaluator.matching(situation.decider.recommendation[name].condition, True, situation.facts)
    else:
        rows = evaluator.matching(name, base in _HOLDING, situation.facts)
    shown = dict.fromkeys(_facts(situation, row, recorded) for row in rows)
    order = {name: place for place, name in enumerate(situation.decider.content.findings)}
    return tuple(sorted(shown, key=lambda facts: (len(facts), [(order[f.finding], f.status) for f in facts])))


def completions(situation: Situation, name: str, value: bool) -> tuple[tuple[int, ...], ...]:
    """The least sets of further literals that would make a recommendation hold, or fail."""
    if situation.assessed[name].base not in (Status.UNDETERMINED, Status.PROVISIONAL):
        return ()
    return situation.decider.evaluator.completions(name, value, situation.facts)


def shown_literals(situation: Situation, literals: tuple[int, ...]) -> tuple[FactShown, ...]:
    """Literals as facts without a date."""
    return _facts(situation, literals, {})


def _facts(situation: Situation, literals: tuple[int, ...], recorded: Mapping[int, Assertion]) -> tuple[FactShown, ...]:
    decider = situation.decider
    findings = decider.content.findings
    facts = []
    for literal in literals:
        if abs(literal) in decider.alternative_of:
            continue
        name = decider.evaluator.atom(literal).name
        assertion = recorded.get(literal)
        facts.append(
            FactShown(
                finding=name,
                status="present" if literal > 0 else "absent",
                date=assertion.date if assertion else None,
            )
        )
    return tuple(sorted(facts, key=lambda f: (findings[f.finding].order if f.finding in findings else 0, f.finding)))
