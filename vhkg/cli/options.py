"""Options that several commands share, and what they mean."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vhkg.errors import UnknownName, UsageError, VhkgError
from vhkg.model.content import Content, Reading

if TYPE_CHECKING:
    from vhkg.answering.knowledge import Knowledge

_Command = TypeVar("_Command", bound=Callable[..., Any])
NARROW, WIDE = 40, 110


def knowledge_option(command: _Command) -> _Command:
    return click.option(
        "--knowledge",
        "folder",
        metavar="DIR",
        help="Another knowledge: a folder with an ontology and, perhaps, queries.",
    )(command)


def readings_option(command: _Command) -> _Command:
    return click.option(
        "--reading",
        "readings",
        metavar="ID=ALTERNATIVE",
        multiple=True,
        help="Read the text another way; `vhkg terms reading` lists the readings.",
    )(command)


def reading_options(command: _Command) -> _Command:
    command = readings_option(command)
    return click.option("--as-of", metavar="DATE", help="Take the facts as known on this day (YYYY-MM-DD).")(command)


def load(folder: str | None) -> Knowledge:
    import vhkg

    return vhkg.load(folder)


def parse_date(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no calendar date", place="--as-of", mend="write it as YYYY-MM-DD") from error


def parse_readings(given: Iterable[str], content: Content) -> dict[str, str]:
    """Readings and alternatives by name or label, whatever the case; the word Reading may be left out."""
    chosen = {}
    for text in given:
        name, separator, alternative = text.partition("=")
        if not separator:
            raise UsageError(f"{text!r} names no alternative", place="--reading", mend="write ID=ALTERNATIVE")
        reading = _reading(name.strip(), content.readings)
        if reading.name in chosen:
            raise UsageError(f"{reading.name} is given twice", place="--reading", mend="choose one alternative")
        chosen[reading.name] = _alternative(alternative.strip(), reading)
    return chosen


def _reading(name: str, readings: Mapping[str, Reading]) -> Reading:
    for reading in readings.values():
        if name.lower() in (reading.name.lower(), reading.name.lower().removesuffix("reading"), reading.label.lower()):
            return reading
    raise UnknownName(name, "reading", readings, place="--reading")


def _alternative(name: str, reading: Reading) -> str:
    for option in reading.alternatives:
        if name.lower() in (option.name.lower(), option.label.lower()):
            return option.name
    raise UsageError(
        f"{name!r} is no alternative of {reading.name}",
        place="--reading",
        mend=f"choose {' or '.join(option.name for option in reading.alternatives)}",
    )


def width() -> int:
    """The terminal's width within readable bounds."""
    return max(NARROW, min(WIDE, shutil.get_terminal_size((WIDE, 24)).columns))


def report(error: VhkgError) -> int:
    """Say what is wrong with one of several files, and go on."""
    click.echo(f"vhkg: {error}", err=True)
    return error.exit_code
