"""`vhkg import`: patient data of any format as patient graphs, and what became of each entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from vhkg.cli.options import codes_option, knowledge_option, load, source_name
from vhkg.cli.output import write_bytes
from vhkg.errors import InputError, UsageError
from vhkg.model.record import PatientRecord
from vhkg.model.source_report import SourceReport

if TYPE_CHECKING:
    from vhkg.answering.knowledge import Knowledge, Patients

KINDS = {
    "fhir": ("FHIR", "FHIR NDJSON"),
    "phenopacket": ("phenopacket",),
    "omop": ("OMOP",),
    "csv": ("CSV",),
    "rdf": ("Turtle", "TriG", "N-Triples", "N-Quads", "RDF/XML", "JSON-LD"),
}
FORMATS = ("ttl", "nt", "csv", "phenopacket")
_SUFFIXES = {".ttl": "ttl", ".nt": "nt", ".csv": "csv", ".json": "phenopacket"}


@click.command("import")
@click.argument("kind", type=click.Choice(tuple(KINDS)))
@click.argument("source", metavar="IN")
@click.option("-o", "--output", metavar="OUT", required=True, help="The file to write; - is standard output.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default what the name of OUT says, else ttl.")
@click.option("--report", "report_file", metavar="FILE", help="Write all counts, codes and refusals to FILE as JSON.")
@codes_option
@knowledge_option
def import_(
    kind: str,
    source: str,
    output: str,
    form: str | None,
    report_file: str | None,
    codes: tuple[str, ...],
    folder: str | None,
) -> int:
    """Read patient data and write patient graphs, with the source of each assertion and its codes.

    IN is a file, a folder of FHIR NDJSON or of OMOP tables, or - for standard input. What was read, unmapped and
    ignored is counted on standard error. Exit code 3 if a record was refused; the others are written.
    """
    from vhkg.rendering.source_report import details, summary

    for path in filter(None, (output, report_file)):
        if path != "-" and Path(path).exists() and Path(source).exists() and Path(path).samefile(source):
            raise UsageError("it is the input itself", place=path, mend="name another file")
    knowledge = load(folder, codes)
    found = knowledge.read_source(source)
    name = source_name(source)
    if found.report.format not in KINDS[kind]:
        right = next(name for name, formats in KINDS.items() if found.report.format in formats)
        raise InputError(f"this is {found.report.format}", file=name, mend=f"write `vhkg import {right}`")
    click.echo(f"vhkg: {name}: {summary(found.report)}", err=True)
    for line in details(found.report):
        click.echo(line, err=True)
    if report_file is not None:
        write_bytes(report_file, _report_json(found.report))
    if not found.patients:
        raise InputError("there is no patient in it", file=name, mend="add the patient")
    chosen = form or _SUFFIXES.get(Path(output).suffix.lower(), "ttl")
    write_bytes(output, _content(knowledge, found, chosen, name))
    return 3 if found.report.refusals else 0


def _content(knowledge: Knowledge, found: Patients, form: str, source: str) -> bytes:
    if form == "csv":
        return _facts_csv([patient.record for patient in found.patients])
    if form == "phenopacket":
        return _phenopacket(knowledge, found, source)
    from vhkg.intake import Format, PatientGraph
    from vhkg.patients import serialize

    triples = (triple for patient in found.patients for triple in patient.graph.triples)
    return serialize(PatientGraph.of(triples), Format.NTRIPLES if form == "nt" else Format.TURTLE).encode()


def _phenopacket(knowledge: Knowledge, found: Patients, source: str) -> bytes:
    from vhkg.exchange import PhenopacketWriter

    if len(found.patients) != 1:
        raise UsageError(
            f"a phenopacket holds one patient, and there are {len(found.patients)}",
            place=source,
            mend="give one patient, or write ttl, nt or csv",
        )
    written = PhenopacketWriter(knowledge.files.ontology, knowledge.compiled).write(found.patients[0].record)
    for why, number in sorted(Counter(lost.why for lost in written.lost).items()):
        click.echo(f"vhkg: not in the phenopacket: {number} × {why}", err=True)
    return written.json()


def _facts_csv(records: Sequence[PatientRecord]) -> bytes:
    """The rows; what has none is counted on standard error."""
    from vhkg.rendering.facts import facts_csv, without_rows

    patients, lesions = without_rows(records)
    for number, what in ((patients, "patient"), (lesions, "lesion")):
        if number:
            click.echo(f"vhkg: not in the CSV: {number} × a {what} without any fact", err=True)
    return facts_csv(records).encode()


def _report_json(report: SourceReport) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"
