"""What a caller chooses of the knowledge: readings and their alternatives, by name or by label, whatever the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vhkg.errors import UnknownName, UsageError
from vhkg.model.content import Content, Reading


def chosen_readings(given: Iterable[tuple[str, str]], content: Content, *, place: str | None = None) -> dict[str, str]:
    """The names of readings with the names of their alternatives; the word Reading may be left out.

    `place` is where messages say that it was asked. Raises UsageError.
    """
    chosen: dict[str, str] = {}
    for name, alternative in given:
        reading = _reading(name, content.readings, place)
        if reading.name in chosen:
            raise UsageError(f"{reading.name} is given twice", place=place, mend="choose one alternative")
        chosen[reading.name] = _alternative(alternative, reading, place)
    return chosen


def _reading(name: str, readings: Mapping[str, Reading], place: str | None) -> Reading:
    for reading in readings.values():
        if name.lower() in (reading.name.lower(), reading.name.lower().removesuffix("reading"), reading.label.lower()):
            return reading
    raise UnknownName(name, "reading", readings, place=place)


def _alternative(name: str, reading: Reading, place: str | None) -> str:
    for option in reading.alternatives:
        if name.lower() in (option.name.lower(), option.label.lower()):
            return option.name
    raise UsageError(
        f"{name!r} is no alternative of {reading.name}",
        place=place,
        mend=f"choose {' or '.join(option.name for option in reading.alternatives)}",
    )
