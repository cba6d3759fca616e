"""`vhkg terms` and `vhkg template`."""

from __future__ import annotations

import json
from collections.abc import Iterator

import click

from vhkg.cli.options import knowledge_option, load
from vhkg.errors import InputError, UnknownName, UsageError
from vhkg.model.content import Content
from vhkg.model.terms import Term, all_terms
from vhkg.namespaces import BASE, EXAMPLE_CODES, PUBLIC_DOMAIN


@click.command()
@click.argument("word", required=False)
@click.option("--format", "form", type=click.Choice(("text", "json", "csv")), default="text", show_default=True)
@knowledge_option
def terms(word: str | None, form: str, folder: str | None) -> None:
    """The names that exist, or those in whose name, label, kind or definition WORD occurs."""
    content = load(folder).content
    every = list(all_terms(content))
    found = [term for term in every if word is None or term.matches(word.lower())]
    if not found:
        raise UnknownName(word or "", "term", [term.name for term in every] + [term.label for term in every])
    if form == "json":
        click.echo(json.dumps([term._asdict() for term in found], indent=2, ensure_ascii=False))
    elif form == "csv":
        import csv
        import sys

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(Term._fields)
        writer.writerows(found)
    else:
        _print(found)


def _print(found: list[Term]) -> None:
    widest = max(len(term.name) for term in found)
    kind = ""
    for term in found:
        if term.kind != kind and not term.kind.startswith(kind or "-"):
            kind = term.kind
            click.echo(f"\n{kind}s" if kind[-1] != "s" else f"\n{kind}")
        indent = "    " if term.kind == "reading alternative" else "  "
        click.echo(f"{indent}{term.name:<{widest}}  {term.label} · {term.note}")


@click.command()
@click.argument("form", type=click.Choice(("csv", "ttl", "codes", "statement")))
@click.option("--source", metavar="FILE", help="For statement: the text that is quoted.")
@click.option("--quote", metavar="WORDS", help="For statement: the words, exactly as they stand in the text.")
@click.option("--name", default="S00", show_default=True, metavar="NAME", help="For statement: its local name.")
@click.option("--occurrence", type=click.IntRange(1), metavar="N", help="For statement: which, if the words recur.")
@knowledge_option
def template(
    form: str, source: str | None, quote: str | None, name: str, occurrence: int | None, folder: str | None
) -> None:
    """A file to start from: csv or ttl for a patient, with every finding recorded as unknown.

    codes is a file for --codes, with a row for each finding: put your codes in place of those under LOCAL. statement
    writes the Turtle of a statement from its words in a text, with offsets and context.
    """
    if form == "statement":
        click.echo(_statement(source, quote, name, occurrence), nl=False)
        return
    knowledge = load(folder)
    findings = [finding for finding in knowledge.content.findings.values() if finding.question]
    if form == "csv":
        lines = ["patient,presentation,finding,status,date"]
        lines += [f"patient-1,,{finding.name},unknown," for finding in findings]
        click.echo("\n".join(lines))
        return
    if form == "codes":
        click.echo("\n".join(_codes(knowledge.content)))
        return
    from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
    from vhkg.patients import patient_graph, serialize

    assertions = tuple(Assertion(finding=finding.name, status=AssertionStatus.UNKNOWN) for finding in findings)
    record = PatientRecord(
        file="",
        patient="patient-1",
        presentations=(PresentationRecord(name="lesion-1", assertions=assertions),),
    )
    click.echo(serialize(patient_graph(record, knowledge.compiled.vocabulary)), nl=False)


def _codes(content: Content) -> Iterator[str]:
    """The form of SSSOM (https://mapping-commons.github.io/sssom/); the subject is the code."""
    first = next(iter(content.findings))
    space, upper = content.iris[first].removesuffix(first), BASE
    own = "vhkg" if space == upper else "own"
    spaces = {"LOCAL": f"{EXAMPLE_CODES}#", "vhkg": upper, own: space}
    yield f"#curie_map: {json.dumps(spaces)}"
    yield f"#mapping_set_id: {EXAMPLE_CODES}.tsv"
    yield f"#license: {PUBLIC_DOMAIN}"
    yield "subject_id\tsubject_label\tpredicate_id\tobject_id\tmapping_justification\tcomment"
    answers = (("yes", "Present"), ("no", "Absent"), ("unknown", "Unknown"))
    named = [(each.name, each.label, f"{own}:{each.name}") for each in content.findings.values() if each.question]
    for code, label, term in (*named, *((f"answer-{word}", word, f"vhkg:{name}") for word, name in answers)):
        yield f"LOCAL:{code}\t{label}\tskos:exactMatch\t{term}\tsemapv:ManualMappingCuration\t"


def _statement(source: str | None, quote: str | None, name: str, occurrence: int | None) -> str:
    from vhkg.cli.check import read_article
    from vhkg.exchange import statement_turtle

    if source is None or quote is None:
        raise UsageError("a statement needs a text and words", mend="give --source FILE and --quote WORDS")
    try:
        text = read_article(source).decode()
    except UnicodeDecodeError as error:
        raise InputError("the text is not UTF-8", file=source, mend="save it as UTF-8") from error
    return statement_turtle(text, quote, name=name, occurrence=occurrence, file=source)
