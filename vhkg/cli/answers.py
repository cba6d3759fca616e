"""`vhkg demo` and `vhkg recommend`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

import click

from vhkg.answering.knowledge import Knowledge
from vhkg.cli.options import (
    codes_option,
    knowledge_option,
    load,
    parse_date,
    parse_readings,
    read,
    reading_options,
    report,
    width,
)
from vhkg.errors import InputError, VhkgError
from vhkg.model.answer import Answer, AnswerDocument, Verdict
from vhkg.resources import shipped_folder

FORMATS = ("text", "json", "jsonl", "ttl", "csv")
DEMO_FILE = "demo.csv"


@click.command()
@knowledge_option
def demo(folder: str | None) -> None:
    """A shipped patient, the whole way, in one screen."""
    path = _demo_file(folder)
    knowledge = load(folder)
    click.echo(f"$ vhkg recommend {path.name}\n")
    answers = [_renamed(answer, path.name) for answer in knowledge.recommend(path)]
    click.echo(render(knowledge.document(answers), knowledge, "text"))


def _demo_file(folder: str | None) -> Path:
    if folder is None:
        return shipped_folder("ontology") / "examples" / DEMO_FILE
    places = [Path(folder) / "ontology" / "examples" / DEMO_FILE, Path(folder) / "examples" / DEMO_FILE]
    own = next((place for place in places if place.is_file()), None)
    if own is None:
        raise InputError("this knowledge has no example", file=str(places[-1]), mend="add one, or use `vhkg recommend`")
    return own


def _renamed(answer: Answer, name: str) -> Answer:
    import msgspec

    return msgspec.structs.replace(answer, file=name)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@reading_options
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--audience", type=click.Choice(("clinician", "patient")), default="clinician", show_default=True)
@click.option("--brief", "detail", flag_value="brief", help="The answer, the questions and the names only.")
@click.option("--full", "detail", flag_value="full", help="Every sentence, reason and reading.")
@click.option(
    "--reasoner",
    type=click.Choice(("compiled", "hermit")),
    default="compiled",
    show_default=True,
    help="hermit: have HermiT (Java) decide every status, and fail where the compiled table differs.",
)
@codes_option
@knowledge_option
def recommend(
    files: tuple[str, ...],
    readings: tuple[str, ...],
    as_of: str | None,
    form: str,
    audience: str,
    detail: str | None,
    reasoner: str,
    codes: tuple[str, ...],
    folder: str | None,
) -> int:
    """The treatments that the article supports for each lesion in FILE…, with reasons and sentences.

    FILE is a FHIR R4 bundle, resource or NDJSON, a phenopacket, a folder of NDJSON or of OMOP tables, a facts CSV, or
    RDF (Turtle, N-Triples, TriG, JSON-LD, RDF/XML); - is standard input. A file that cannot be read is reported, the
    others are answered, and the exit code is the worst.
    """
    knowledge = load(folder, codes)
    chosen = parse_readings(readings, knowledge.content)
    answers, worst = answer_files(knowledge, files, chosen, parse_date(as_of))
    if reasoner == "hermit":
        from vhkg.assurance.reference import confirm

        confirm(knowledge, answers)
    if answers or form == "json":
        click.echo(render(knowledge.document(answers), knowledge, form, audience=audience, detail=detail), nl=False)
    return worst


def answer_files(
    knowledge: Knowledge,
    files: tuple[str, ...],
    readings: Mapping[str, str],
    as_of: datetime.date | None,
) -> tuple[list[Answer], int]:
    """All answers, and the worst exit code: 1 where a record does not conform, 3 where something is unreadable."""
    answers: list[Answer] = []
    worst = 0
    for file in files:
        try:
            source = read(knowledge, file)
        except VhkgError as error:
            worst = max(worst, report(error))
            continue
        found = [a for patient in source.patients for a in knowledge.answer(patient, readings=readings, as_of=as_of)]
        answers += found
        worst = max(worst, 3 if source.report.refusals else 0)
        if any(answer.verdict is Verdict.INVALID for answer in found):
            worst = max(worst, 1)
    return answers, worst


def render(
    document: AnswerDocument,
    knowledge: Knowledge,
    form: str,
    *,
    audience: str = "clinician",
    detail: str | None = None,
) -> str:
    """The document in one of the formats, ending in a line break."""
    if form == "text":
        from vhkg.rendering.text import Detail, render_text

        text = render_text(
            document,
            knowledge.content,
            detail=Detail(detail or "normal"),
            audience="patient" if audience == "patient" else "clinician",
            width=width(),
        )
    elif form in ("json", "jsonl"):
        from vhkg.rendering import jsonout

        text = jsonout.render_json(document) if form == "json" else jsonout.render_jsonl(document)
    elif form == "ttl":
        from vhkg.rendering.rdf import render_turtle

        text = render_turtle(document, knowledge.content)
    else:
        from vhkg.rendering.csvout import render_csv

        text = render_csv(document, knowledge.content)
    return text if text.endswith("\n") else text + "\n"
