"""Everything behind one line: its reasons, readings, outcomes and sentences, with section and offsets."""

from __future__ import annotations

from collections.abc import Sequence

from vhkg.model.answer import ReadingChange, ReadingShown, RecommendationAnswer, StatementShown, Status
from vhkg.model.content import Outcome
from vhkg.rendering.screen import Screen
from vhkg.rendering.wording import Words, cited, quoted

_OTHERWISE = {
    Status.APPLIES: "it would hold",
    Status.PROVISIONAL: "it would hold if a further fact does",
    Status.UNDETERMINED: "it would be open",
    Status.DOES_NOT_APPLY: "it would fall away",
    Status.ADVISED_AGAINST: "it would be advised against",
}
"""What another reading would do, in words that no filter on a status word can take for the status."""


def reading_words(reading: ReadingShown, words: Words, *, commands: bool = True) -> str:
    """A reading with what each alternative alone would change, and the option that chooses it."""
    chosen = f"reading {words.reading(reading.id)}: {words.alternative(reading.id, reading.chosen)}"
    if not reading.changes:
        return f"{chosen}; no alternative {'alone ' if reading.matters else ''}changes it"
    changes = [
        f"if instead {words.alternative(reading.id, name)}: {_OTHERWISE[status]}"
        + (f" (--reading {reading.id}={name})" if commands else "")
        for name, status in reading.changes.items()
    ]
    return "; ".join((chosen, *changes))


def together_words(change: ReadingChange, words: Words, *, commands: bool = True) -> str:
    """A smallest change of several readings, with what it gives and the options that choose it."""
    taken = " and ".join(words.alternative(name, option) for name, option in change.readings.items())
    options = " ".join(f"--reading {name}={option}" for name, option in change.readings.items())
    text = f"only together: if instead {taken}: {_OTHERWISE[change.status]}"
    return f"{text} ({options})" if commands else text


def changes_together(given: RecommendationAnswer, words: Words, *, commands: bool = True) -> list[str]:
    return [
        together_words(change, words, commands=commands) for change in given.reading_changes if len(change.readings) > 1
    ]


def readings_of(screen: Screen, given: RecommendationAnswer, *, leaving_out: Sequence[str] = ()) -> list[str]:
    """Only readings whose flip changes this line, alone or with others."""
    alone = [
        reading_words(reading, screen.words, commands=screen.commands)
        for reading in given.readings
        if reading.changes and reading.id not in leaving_out
    ]
    return alone + changes_together(given, screen.words, commands=screen.commands)


def numbered_outcomes(given: RecommendationAnswer) -> list[Outcome]:
    """Outcomes with a number or a note on it; the others say no more than the statements in their role."""
    return [outcome for outcome in given.outcomes if outcome.number or outcome.denominator]


def in_roles(given: RecommendationAnswer) -> list[tuple[str, StatementShown]]:
    """Each statement once, with all its roles, in the order of its first."""
    roles: dict[str, list[str]] = {}
    for statement in given.statements:
        roles.setdefault(statement.id, []).append(statement.role)
    shown = {statement.id: statement for statement in reversed(given.statements)}
    return [(", ".join(dict.fromkeys(names)), shown[name]) for name, names in roles.items()]


def every_sentence(screen: Screen, given: RecommendationAnswer, *, indent: int) -> None:
    page, words = screen.page, screen.words
    first, hang = " " * indent, indent + 2
    for reason in given.because:
        page.add(f"because: {words.dated(reason)}", first=first, hang=hang)
    for name, sets in (("would confirm", given.confirm), ("would refute", given.refute)):
        for facts in sets:
            page.add(f"{name}: {words.facts(facts)}", first=first, hang=hang)
    for reading in given.readings:
        page.add(reading_words(reading, words), first=first, hang=hang)
    for text in changes_together(given, words):
        page.add(text, first=first, hang=hang)
    if given.holds_under_every_reading:
        page.add("holds under every reading", first=first)
    for outcome in numbered_outcomes(given):
        note = f"; {outcome.denominator}" if outcome.denominator else ""
        page.add(f"{outcome.kind}: {quoted(outcome.quote)}{note}", first=first, hang=hang)
    for roles, statement in in_roles(given):
        page.add(
            f"{roles} {statement.id}: {quoted(statement.quote)} · {statement.section} · "
            f"{statement.start}-{statement.end} · {cited(statement.citations)}",
            first=first,
            hang=hang,
        )
    if given.scope_note:
        page.add(f"note: {given.scope_note}", first=first, hang=hang)
