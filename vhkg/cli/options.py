"""Options that several commands share, and what they mean."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from vhkg.errors import InputError, UsageError, VhkgError
from vhkg.model.choices import chosen_readings
from vhkg.model.content import Content
from vhkg.model.record import STANDARD_INPUT
from vhkg.model.source_report import Fate, SourceReport

if TYPE_CHECKING:
    from vhkg.answering.knowledge import Knowledge, Patients

_Command = TypeVar("_Command", bound=Callable[..., Any])
NARROW, WIDE = 40, 110
UNCODED = ("CSV", "Turtle", "TriG", "N-Triples", "N-Quads", "RDF/XML", "JSON-LD")
"""Formats in which findings are named as we name them."""


def knowledge_option(command: _Command) -> _Command:
    return click.option(
        "--knowledge",
        "folder",
        metavar="DIR",
        help="Another knowledge: a folder with an ontology and, perhaps, queries.",
    )(command)


def codes_option(command: _Command) -> _Command:
    return click.option(
        "--codes",
        metavar="FILE",
        multiple=True,
        help="Rows that say what codes of patient records mean, added to ours (`vhkg template codes`).",
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


def load(folder: str | None, codes: Sequence[str] = ()) -> Knowledge:
    import vhkg

    return vhkg.load(folder, codes=codes)


def source_name(path: str) -> str:
    """What messages call a source."""
    return STANDARD_INPUT if path == "-" else path


def read(knowledge: Knowledge, file: str) -> Patients:
    """The patients of a file; what was not simply read is said on standard error, and refusals name their places."""
    found = knowledge.read_source(file)
    file = source_name(file)
    if tell(found.report):
        from vhkg.rendering.source_report import summary

        click.echo(f"vhkg: {file}: {summary(found.report)}", err=True)
        for sentence in found.report.refusals:
            click.echo(f"vhkg: {sentence}", err=True)
    if not found.patients:
        raise InputError("there is no patient in it", file=file, mend="add the patient")
    return found


def tell(report: SourceReport) -> bool:
    """Whether a source is worth a word: always where codes were read, else where some entry was not understood."""
    plain = {Fate.READ, Fate.UNKNOWN}
    return report.format not in UNCODED or not plain.issuperset(report.counts)


def parse_date(text: str | None) -> datetime.date | None:
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no calendar date", place="--as-of", mend="write it as YYYY-MM-DD") from error


def parse_readings(given: Iterable[str], content: Content) -> dict[str, str]:
    """Readings and alternatives by name or label, whatever the case; the word Reading may be left out."""
    pairs = []
    for text in given:
        name, separator, alternative = text.partition("=")
        if not separator:
            raise UsageError(f"{text!r} names no alternative", place="--reading", mend="write ID=ALTERNATIVE")
        pairs.append((name.strip(), alternative.strip()))
    return chosen_readings(pairs, content, place="--reading")


def width() -> int:
    """The terminal's width within readable bounds."""
    return max(NARROW, min(WIDE, shutil.get_terminal_size((WIDE, 24)).columns))


def report(error: VhkgError) -> int:
    """Say what is wrong with one of several files, and go on."""
    click.echo(f"vhkg: {error}", err=True)
    return error.exit_code
