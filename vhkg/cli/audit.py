"""`vhkg audit`: what was given, held against what the article says on the facts known that day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from vhkg.answering.knowledge import Knowledge
from vhkg.cli.options import codes_option, knowledge_option, load, parse_readings, read, readings_option, report, width
from vhkg.errors import VhkgError

if TYPE_CHECKING:
    from vhkg.auditing.audits import Audited

FORMATS = ("text", "json", "jsonl", "csv")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@readings_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@codes_option
@knowledge_option
def audit(
    files: tuple[str, ...], readings: tuple[str, ...], form: str, codes: tuple[str, ...], folder: str | None
) -> int:
    """Was the treatment given first line, another named option, not named, advised against, or not assessable?

    One entry for each lesion and each day on which a treatment is recorded. Only facts dated on or before that day
    count; what was done that day is not a fact known before it. A file that cannot be read is reported, the others
    are audited, and the exit code is the worst.
    """
    from vhkg.auditing import audit_document

    knowledge = load(folder, codes)
    audited, worst = audit_files(knowledge, files, parse_readings(readings, knowledge.content))
    document = audit_document(knowledge, audited)
    if form == "text":
        from vhkg.rendering.audit import render_audit_text

        shown = render_audit_text(document, knowledge.content, width=width())
    elif form == "csv":
        from vhkg.rendering.audit import render_audit_csv

        shown = render_audit_csv(document)
    else:
        from vhkg.rendering import jsonout

        write = jsonout.render_audit_json if form == "json" else jsonout.render_audit_jsonl
        shown = write(document)
    if audited or form == "json":
        click.echo(shown, nl=False)
    return worst


def audit_files(
    knowledge: Knowledge, files: tuple[str, ...], readings: Mapping[str, str], *, quiet: bool = False
) -> tuple[list[Audited], int]:
    """The audits of all patients, and the worst exit code: 1 where a record does not conform, 3 if unreadable."""
    from vhkg.auditing.audits import audit as audit_patient

    audited: list[Audited] = []
    worst = 0
    for file in files:
        try:
            source = knowledge.read_source(file) if quiet else read(knowledge, file)
        except VhkgError as error:
            worst = max(worst, error.exit_code if quiet else report(error))
            continue
        patients = source.patients
        worst = max(worst, 3 if source.report.refusals else 0)
        audited += [audit_patient(knowledge, patient, readings) for patient in patients]
        if any(not patient.report.conforms for patient in patients):
            worst = max(worst, 1)
    return audited, worst
