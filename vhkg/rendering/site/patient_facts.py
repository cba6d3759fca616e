"""The column of facts as values for a template: every finding and intervention, in the groups of the knowledge."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

import msgspec

from vhkg.model.answer import Answer
from vhkg.model.content import Content, Finding
from vhkg.model.record import Assertion
from vhkg.rendering.layout import visible
from vhkg.rendering.wording import FINDING_ROLE, Words, capital, day, joined

_ASKED = (("present", "present"), ("absent", "absent"), ("", "not recorded"))
_DONE = (("present", "done"), ("absent", "not done"), ("", "not recorded"))
UNKNOWN = "recorded as unknown"


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """What a row shows. `file` is what the file says of the finding; `changed`: the row does not follow it."""

    status: str = ""
    date: datetime.date | None = None
    mixed: bool = False
    changed: bool = False
    file: tuple[Assertion, ...] = ()


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """`choices` are values with words. `nearest` is the sentence that comes closest to a definition.

    `marks` say where the fact came from and what became of it; `idle`: whatever stands here changes nothing now.
    """

    name: str
    label: str
    definition: str
    scope_note: str
    silence: str
    nearest: str
    choices: tuple[tuple[str, str], ...]
    status: str
    date: str
    mixed: bool
    marks: tuple[str, ...]
    idle: bool


class Group(msgspec.Struct, frozen=True):
    """`done`: of interventions, so that nobody is asked for them."""

    name: str
    rows: tuple[Row, ...]
    recorded: int
    done: bool


def groups(
    content: Content, answer: Answer | None, entered: Mapping[str, Entered], idle: Collection[str]
) -> tuple[Group, ...]:
    """Groups in the order of their first members, members in their own order."""
    ordered = sorted(content.findings.values(), key=lambda each: (each.order, each.name))
    found: dict[str, list[Finding]] = {}
    for finding in ordered:
        found.setdefault(finding.group, []).append(finding)
    notes = _notes(content, answer) if answer is not None else {}
    return tuple(
        Group(
            capital(name),
            tuple(
                _row(
                    content,
                    each,
                    answer,
                    entered.get(each.name, Entered()),
                    notes=notes.get(each.name, ()),
                    idle=each.name in idle,
                )
                for each in members
            ),
            sum(
                bool(entered[each.name].status or entered[each.name].mixed) for each in members if each.name in entered
            ),
            all(each.role != FINDING_ROLE for each in members),
        )
        for name, members in found.items()
    )


def _row(
    content: Content, finding: Finding, answer: Answer | None, entered: Entered, *, notes: Sequence[str], idle: bool
) -> Row:
    silence = next((each for each in content.silences if each.name == finding.undefined_in), None)
    nearest = content.statements.get(silence.nearest) if silence is not None else None
    return Row(
        name=finding.name,
        label=capital(finding.label or finding.name),
        definition=finding.definition,
        scope_note=finding.scope_note,
        silence=finding.undefined_in,
        nearest=nearest.quote if nearest is not None else "",
        choices=_ASKED if finding.role == FINDING_ROLE else _DONE,
        status=entered.status,
        date=entered.date.isoformat() if entered.date else "",
        mixed=entered.mixed,
        marks=(*_provenance(entered), *_inferred(finding, answer, entered), *notes),
        idle=idle,
    )


def _provenance(entered: Entered) -> list[str]:
    if not entered.file:
        return []
    told = joined([" · ".join(filter(None, _origin(each))) for each in entered.file])
    if entered.changed:
        return [f"changed here; the file: {told}"]
    if entered.mixed:
        return [f"the file says several things: {told}"]
    return [f"from the file: {told}"]


def _origin(assertion: Assertion) -> tuple[str, ...]:
    status = UNKNOWN if assertion.status == "unknown" else assertion.status.value
    return (visible(assertion.origin), *map(visible, assertion.codes), f"{status}, {day(assertion.date)}")


def _inferred(finding: Finding, answer: Answer | None, entered: Entered) -> list[str]:
    state = answer.findings.get(finding.name) if answer is not None else None
    if state is None or state.recorded or entered.status or state.status not in ("present", "absent"):
        return []
    done = finding.role != FINDING_ROLE
    words = {"present": "done" if done else "present", "absent": "not done" if done else "absent"}
    return [f"{words[state.status]}: this follows from what is recorded"]


def _notes(content: Content, answer: Answer) -> dict[str, list[str]]:
    """What became of facts that were recorded and do not count."""
    words = Words(content, answer)
    found: dict[str, list[str]] = {}
    for conflict in answer.conflicts:
        for fact in dict.fromkeys(conflict.facts):
            others = [each for each in conflict.facts if each != fact]
            text = f"set aside: cannot hold together with {words.dated(others)}" if others else "set aside"
            found.setdefault(fact.finding, []).append(text)
    for superseded in answer.superseded:
        text = f"superseded: {words.dated([superseded.fact])} by {words.dated(superseded.by)}"
        found.setdefault(superseded.fact.finding, []).append(text)
    for later in answer.later:
        found.setdefault(later.finding, []).append(f"after the as-of date, not used: {words.dated([later])}")
    for name in answer.which_lesion:
        found.setdefault(name, []).append("recorded without a lesion: it counts for none of several")
    return found
