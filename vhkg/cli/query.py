"""`vhkg query`: a named competency question, or your own SPARQL, over the knowledge and the answers for patients."""

from __future__ import annotations

import click

from vhkg.answering.knowledge import Knowledge
from vhkg.cli.answers import answer_files
from vhkg.cli.options import knowledge_option, load, parse_date, parse_readings, reading_options, width
from vhkg.errors import UsageError
from vhkg.stores import Catalogue, EmbeddedStore, Engine, Provenance, Rows, run

KINDS = {"patient": "about patients: give --data", "knowledge": "about the knowledge"}


@click.command()
@click.argument("name", required=False)
@click.option("--data", multiple=True, metavar="FILE", help="Patient files, whose answers are queried too.")
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input of the question (see the list).")
@click.option("--engine", type=click.Choice(("oxigraph", "rdflib")), default="oxigraph", show_default=True)
@click.option("--format", "form", type=click.Choice(("text", "csv", "json")), default="text", show_default=True)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Rows of your own query."
)
@reading_options
@knowledge_option
def query(
    name: str | None,
    data: tuple[str, ...],
    inputs: tuple[str, ...],
    engine: str,
    form: str,
    limit: int,
    readings: tuple[str, ...],
    as_of: str | None,
    folder: str | None,
) -> int:
    """Answer the competency question NAME, or the SPARQL in the file NAME.rq; without NAME, list the questions.

    Your own query may read only; it runs in a child process with limits on time, memory and rows.
    """
    knowledge = load(folder)
    catalogue = Catalogue(knowledge.files.queries)
    if name is None:
        _list(catalogue)
        return 0
    chosen = parse_readings(readings, knowledge.content)
    answers, worst = answer_files(knowledge, data, chosen, parse_date(as_of))
    triples = b""
    if answers:
        from vhkg.rendering.rdf import answer_ntriples

        triples = answer_ntriples(knowledge.document(answers), knowledge.content)
    values = dict(_pair(text) for text in inputs)
    if name.endswith(".rq") or name == "-":
        if values:
            raise UsageError("your own query has no inputs", place="--input", mend="write the values into it")
        rows = _own(name, knowledge, triples, limit)
    else:
        question = catalogue.get(name)
        if question.kind == "patient" and not data:
            raise UsageError(f"{question.name} is about patients", mend="name their files with --data")
        rows = run(question, _engine(engine, knowledge, triples), values)
        if values and not rows.rows:
            given = ", ".join(f"{name}={value}" for name, value in sorted(values.items()))
            click.echo(f"vhkg: no row matches {given}; leave the input out to see what there is.", err=True)
    click.echo(_shown(rows, form, knowledge), nl=False)
    return worst


def _list(catalogue: Catalogue) -> None:
    for kind, note in KINDS.items():
        click.echo(f"{kind} questions, {note}")
        for each in catalogue:
            if each.kind == kind:
                click.echo(f"  {each.name}\n      {each.question}")
                for given in each.inputs:
                    click.echo(f"      --input {given.name}=… ({given.form}; default: {given.default})")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise UsageError(f"{text!r} names no value", place="--input", mend="write NAME=VALUE")
    return name.strip(), value.strip()


def _engine(engine: str, knowledge: Knowledge, triples: bytes) -> Engine:
    if engine == "rdflib":
        from vhkg.stores import RdflibStore

        return RdflibStore(knowledge.files.ontology, triples)
    return EmbeddedStore(knowledge.files.ontology, triples)


def _own(name: str, knowledge: Knowledge, triples: bytes, limit: int) -> Rows:
    from vhkg.stores import Limits, read_query, run_outside

    rows = run_outside(read_query(name), knowledge.files.ontology, triples, limits=Limits(rows=limit))
    if rows.truncated:
        click.echo(f"vhkg: the rows were cut at the limit ({len(rows.rows)} shown)", err=True)
    return rows


def _shown(rows: Rows, form: str, knowledge: Knowledge) -> str:
    from vhkg.stores import rows_to_csv, rows_to_json, rows_to_text

    content = knowledge.content
    provenance = Provenance(content.version, knowledge.compiled.digest, content.article.review_status)
    if form == "csv":
        return rows_to_csv(rows, provenance)
    if form == "json":
        return rows_to_json(rows, provenance)
    return rows_to_text(rows, provenance, width=width())
