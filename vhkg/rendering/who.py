"""The first block: whose record this is, and which recorded facts decide it, with their dates."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence

from vhkg.model.answer import FactShown
from vhkg.rendering.layout import visible
from vhkg.rendering.screen import TREATMENTS, Screen
from vhkg.rendering.wording import FINDING_ROLE, day, joined

_INDENT = "  "


def who(screen: Screen) -> None:
    screen.page.add(who_words(screen), hang=2)
    for text in record_words(screen):
        screen.page.add(text, first=_INDENT, hang=12)


def who_words(screen: Screen) -> str:
    """File, patient, lesion, and the presentation in words."""
    answer = screen.answer
    lesion = answer.label or answer.presentation
    parts = [visible(answer.file), f"patient {visible(answer.patient)}"]
    parts += [f"lesion {visible(lesion)}"] if lesion else []
    parts += [answer.described_as] if answer.described_as else []
    return " · ".join(parts)


def record_words(screen: Screen) -> Iterator[str]:
    """What is recorded, the deciding facts first, then what is recorded and does not count."""
    answer, words = screen.answer, screen.words
    deciding, other = recorded_facts(screen)
    if deciding:
        yield f"recorded: {grouped_by_day(deciding, words.fact)}"
    if other and deciding:
        yield f"also recorded: {grouped_by_day(other, words.fact)}"
    elif other:
        yield f"recorded: {grouped_by_day(other, words.fact)}"
    if not deciding and not other and answer.conforms:
        yield "recorded: no finding as present or absent"
    unknown = [
        FactShown(finding=name, status="unknown", date=state.date)
        for name, state in answer.findings.items()
        if state.recorded == "unknown"
    ]
    if unknown:
        names = joined([f"{words.finding(fact.finding)} ({day(fact.date)})" for fact in unknown])
        yield f"recorded as unknown: {names}"
    yield from set_aside(screen)


def set_aside(screen: Screen) -> Iterator[str]:
    """Facts that were recorded and do not count: conflicts, superseded facts, facts after the as-of date."""
    answer, words = screen.answer, screen.words
    for conflict in answer.conflicts:
        origins = [*conflict.origins, *[""] * (len(conflict.facts) - len(conflict.origins))]
        named = joined(
            [
                f"{words.fact(fact)} ({', '.join(filter(None, (day(fact.date), visible(origin))))})"
                for fact, origin in zip(conflict.facts, origins, strict=False)
            ]
        )
        yield f"cannot all hold, all set aside: {named}"
    for superseded in answer.superseded:
        yield f"superseded: {words.dated([superseded.fact])} by {words.dated(superseded.by)}"
    if answer.later:
        yield f"after the as-of date, not used: {words.dated(answer.later)}"


def recorded_facts(screen: Screen) -> tuple[list[FactShown], list[FactShown]]:
    """The recorded facts behind the status of some treatment, and the others."""
    answer = screen.answer
    decided = [given for given in answer.recommendations if given.direction == "against" or given.kind in TREATMENTS]
    deciding = {fact.finding for given in decided for reason in given.because for fact in reason}
    if deciding:
        deciding.update(name for given in decided for name in given.not_addressed)
    recorded = [
        FactShown(finding=name, status=state.recorded, date=state.date)
        for name, state in answer.findings.items()
        if state.recorded in ("present", "absent") and state.status != "conflict"
    ]
    recorded.sort(key=lambda fact: _place(screen, fact.finding))
    return (
        [fact for fact in recorded if fact.finding in deciding],
        [fact for fact in recorded if fact.finding not in deciding],
    )


def _place(screen: Screen, name: str) -> tuple[int, str]:
    known = screen.content.findings.get(name)
    return (known.order if known is not None else 0), name


def grouped_by_day(facts: Sequence[FactShown], say: Callable[[FactShown], str]) -> str:
    """Newest day first; the year is written once for as long as it stays the same."""
    groups: dict[tuple[datetime.date | None, str], list[FactShown]] = {}
    for fact in facts:
        groups.setdefault((fact.date, fact.status), []).append(fact)
    parts: list[str] = []
    year: int | None = None
    for (date, _), group in sorted(groups.items(), key=lambda item: _newest_first(item[0])):
        parts.append(f"{', '.join(map(say, group))} ({day(date, year=date is None or date.year != year)})")
        year = date.year if date is not None else year
    return " · ".join(parts)


def _newest_first(key: tuple[datetime.date | None, str]) -> tuple[int, bool]:
    date, status = key
    return -(date.toordinal() if date is not None else 0), status != "present"


def not_recorded(screen: Screen) -> list[str]:
    """The findings on which the record is silent and that nothing recorded settles."""
    states = screen.answer.findings
    return [
        name for name in askable(screen) if name not in states or _silent(states[name].status, states[name].recorded)
    ]


def askable(screen: Screen) -> Iterable[str]:
    return (known.name for known in screen.content.findings.values() if known.role == FINDING_ROLE and known.question)


def _silent(status: str, recorded: str) -> bool:
    return status == "unknown" and not recorded
