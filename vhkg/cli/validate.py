"""`vhkg validate`: what SHACL says of patient files, by pyshacl."""

from __future__ import annotations

import click

from vhkg.answering.knowledge import Knowledge
from vhkg.cli.options import codes_option, knowledge_option, load, read, report, width
from vhkg.errors import VhkgError
from vhkg.knowledge.vocabulary import patient_shapes_turtle
from vhkg.model.checks import ValidationReport, merged


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--format", "form", type=click.Choice(("text", "json", "ttl")), default="text", show_default=True)
@codes_option
@knowledge_option
def validate(files: tuple[str, ...], form: str, codes: tuple[str, ...], folder: str | None) -> int:
    """Validate the patients in FILE… against the shapes; ttl is the W3C validation report.

    Exit code 1 if a record does not conform, 3 if a file cannot be read; what is outside the vocabulary of
    patient graphs is refused before any shape is looked at.
    """
    knowledge = load(folder, codes)
    reports: list[tuple[str, ValidationReport]] = []
    worst = 0
    for file in files:
        try:
            reports.append((file, validate_file(knowledge, file)))
        except VhkgError as error:
            worst = max(worst, report(error))
    if any(not found.conforms for _, found in reports):
        worst = max(worst, 1)
    click.echo(_shown(reports, form), nl=False)
    return worst


def validate_file(knowledge: Knowledge, file: str) -> ValidationReport:
    """All patients of a file, each on its own, in one report."""
    from vhkg.validation.oracle import validate as by_pyshacl

    shapes = patient_shapes_turtle(knowledge.files.ontology)
    patients = read(knowledge, file).patients
    return merged(by_pyshacl(each.graph, shapes, knowledge.compiled.checks) for each in patients)


def _shown(reports: list[tuple[str, ValidationReport]], form: str) -> str:
    if form == "json":
        from vhkg.rendering.report import render_report_json

        return render_report_json(reports)
    if form == "ttl":
        from vhkg.validation import report_turtle

        return report_turtle(found for _, found in reports)
    from vhkg.rendering.report import render_report_text

    return "".join(render_report_text(found, file=file, width=width()) for file, found in reports)
