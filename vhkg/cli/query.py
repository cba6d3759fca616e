"""`vhkg query`: a named question, or your own SPARQL, over the knowledge, the answers for patients, or a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from vhkg.answering.knowledge import Knowledge
from vhkg.cli.held import answers_held, held_parts
from vhkg.cli.options import (
    codes_option,
    knowledge_option,
    load,
    parse_date,
    parse_readings,
    reading_options,
    width,
)
from vhkg.errors import UsageError
from vhkg.stores import Catalogue, EmbeddedStore, Endpoint, Engine, Provenance, Query, Rows, run

PUBLISH_ANSWERS = "put the answers there with `vhkg publish --data FILE`"
PUBLISH_BRIDGE = "put the bridge there with `vhkg publish --link FILE`"
KINDS = {
    "patient": "about patients: give --data",
    "knowledge": "about the knowledge",
    "cohort": "about a cohort: give --cohort",
}


@click.command()
@click.argument("name", required=False)
@click.option("--data", multiple=True, metavar="FILE", help="Patient files, whose answers are queried too.")
@click.option(
    "--compare", metavar="DIR", help="Answer the files under this knowledge as well, for the question what changes."
)
@click.option(
    "--link", "links", multiple=True, metavar="FILE", help="Your copy of HPO, MONDO, MAXO or NCIT, or a bridge to it."
)
@click.option("--cohort", metavar="DIR", help="The tables of a cohort: what `vhkg cohort -o DIR` wrote.")
@click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="An input of the question (see the list).")
@click.option(
    "--engine", type=click.Choice(("oxigraph", "rdflib")), help="An engine of vhkg's own.  [default: oxigraph]"
)
@click.option("--endpoint", metavar="URL", help="A SPARQL endpoint that holds what `vhkg publish` puts there.")
@click.option("--graph", metavar="IRI", help="The graph of the endpoint that holds it, if it is not the default one.")
@click.option("--format", "form", type=click.Choice(("text", "csv", "json")), default="text", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=1000,
    show_default=True,
    help="Rows of your own query, or of a cohort's.",
)
@reading_options
@codes_option
@knowledge_option
def query(
    name: str | None,
    data: tuple[str, ...],
    compare: str | None,
    links: tuple[str, ...],
    cohort: str | None,
    inputs: tuple[str, ...],
    engine: str | None,
    endpoint: str | None,
    graph: str | None,
    form: str,
    limit: int,
    readings: tuple[str, ...],
    as_of: str | None,
    codes: tuple[str, ...],
    folder: str | None,
) -> int:
    """Answer the competency question NAME, or the SPARQL in the file NAME.rq; without NAME, list the questions.

    Your own query may read only; it runs in a child process with limits on time, memory and rows, or as it is on
    your own --endpoint.
    """
    options = {"--data": data, "--engine": engine, "--reading": readings, "--as-of": as_of, "--compare": compare}
    if cohort is not None:
        _alone(options | {"--link": links, "--endpoint": endpoint, "--graph": graph})
    server = _server(endpoint, graph, options | {"--link": links})
    knowledge = load(folder, codes)
    catalogue = Catalogue(knowledge.files.queries | knowledge.files.cohort_queries)
    if name is None:
        _list(catalogue)
        return 0
    if cohort is not None or (not name.endswith(".rq") and name != "-" and catalogue.get(name).kind == "cohort"):
        rows = _of_cohort(knowledge, catalogue.get(name), cohort, dict(_pair(text) for text in inputs), limit)
        click.echo(_shown(rows, form, _provenance(knowledge, None)), nl=False)
        return 0
    other = None
    if compare is not None:
        theirs = load(compare, codes)
        other = (theirs, parse_readings(readings, theirs.content))
    chosen = parse_readings(readings, knowledge.content)
    triples, worst = answers_held(knowledge, data, chosen, parse_date(as_of), other=other)
    values = dict(_pair(text) for text in inputs)
    held = held_parts(knowledge, links) if server is None else {}
    if name.endswith(".rq") or name == "-":
        if values:
            raise UsageError("your own query has no inputs", place="--input", mend="write the values into it")
        rows = _own(name, held, triples, limit, server)
        provenance = _provenance(knowledge, server)
    else:
        question = catalogue.get(name)
        if question.kind == "patient" and not data and server is None:
            raise UsageError(f"{question.name} is about patients", mend="name their files with --data")
        if server is not None:
            server.confirm(knowledge.content.version, knowledge.compiled.digest)
        provenance = _provenance(knowledge, None)
        rows = run(question, server or _engine(engine, held, triples), values, knowledge.content.iris)
        if question.kind == "patient" and server is not None and not values and not rows.rows:
            click.echo(f"vhkg: no answers there; {PUBLISH_ANSWERS}.", err=True)
        _tell(rows, values)
    click.echo(_shown(rows, form, provenance), nl=False)
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


def _server(url: str | None, graph: str | None, others: Mapping[str, object]) -> Endpoint | None:
    """The endpoint; what it holds was decided when it was loaded, so options on answering make no sense with it."""
    if url is None:
        if graph is not None:
            raise UsageError("is of an endpoint", place="--graph", mend="name it with --endpoint")
        return None
    for option, value in others.items():
        if value:
            mend = {"--engine": "leave it out", "--link": PUBLISH_BRIDGE}.get(option, PUBLISH_ANSWERS)
            raise UsageError("cannot be used with --endpoint", place=option, mend=mend)
    return Endpoint(url, graph=graph)


def _engine(engine: str | None, held: Mapping[str, bytes], triples: bytes) -> Engine:
    if engine == "rdflib":
        from vhkg.stores import RdflibStore

        return RdflibStore(held, triples)
    return EmbeddedStore(held, triples)


def _own(name: str, held: Mapping[str, bytes], triples: bytes, limit: int, server: Endpoint | None) -> Rows:
    from vhkg.stores import Limits, read_query, run_outside

    text = read_query(name)
    if server is not None:
        rows = server.own(text, rows=limit)
    else:
        rows = run_outside(text, held, triples, limits=Limits(rows=limit))
    _tell(rows, {})
    return rows


def _alone(others: Mapping[str, object]) -> None:
    """The tables hold the answers as they were made, so nothing else can be given with them."""
    for option, value in others.items():
        if value:
            raise UsageError("cannot be used with --cohort", place=option, mend="leave it out")


def _of_cohort(
    knowledge: Knowledge, question: Query, folder: str | None, values: Mapping[str, str], limit: int
) -> Rows:
    if question.kind != "cohort":
        raise UsageError(f"{question.name} is not about a cohort", mend="leave --cohort out")
    if folder is None:
        raise UsageError(f"{question.name} is about a cohort", mend="name what `vhkg cohort -o` wrote with --cohort")
    from vhkg.cohort.questions import opened

    with opened(Path(folder), knowledge.content) as cohort:
        cohort.confirm(knowledge.content.version, knowledge.compiled.digest)
        rows = cohort.ask(question, values, limit=limit)
    _tell(rows, values)
    return rows


def _tell(rows: Rows, values: Mapping[str, str]) -> None:
    """On standard error, why there are no more rows, or none."""
    if rows.truncated:
        click.echo(f"vhkg: the rows were cut at the limit ({len(rows.rows)} shown)", err=True)
    if values and not rows.rows:
        given = ", ".join(f"{name}={value}" for name, value in sorted(values.items()))
        click.echo(f"vhkg: no row matches {given}; leave the input out to see what there is.", err=True)


def _provenance(knowledge: Knowledge, server: Endpoint | None) -> Provenance:
    """Of our own knowledge, or of what a server says it holds: your own query there may be about anything."""
    content = knowledge.content
    ours = Provenance(content.version, knowledge.compiled.digest, content.article.review_status)
    stated = ((ours.version, ours.digest),) if server is None else server.published()
    if stated == ((ours.version, ours.digest),):
        return ours
    version, digest = stated[0] if len(stated) == 1 else ("not stated", "not stated")
    return Provenance(version, digest, "not stated by the endpoint")


def _shown(rows: Rows, form: str, provenance: Provenance) -> str:
    from vhkg.stores import rows_to_csv, rows_to_json, rows_to_text

    if form == "csv":
        return rows_to_csv(rows, provenance)
    if form == "json":
        return rows_to_json(rows, provenance)
    return rows_to_text(rows, provenance, width=width())
