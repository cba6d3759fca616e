"""`vhkg check`: the knowledge itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from vhkg.cli.options import knowledge_option, load, width
from vhkg.errors import InputError

if TYPE_CHECKING:
    from vhkg.answering.knowledge import Knowledge
    from vhkg.assurance.report import Check

ARTICLE_LIMIT = 2 * 1024 * 1024


@click.command()
@click.option("--source", metavar="FILE", help="A copy of the article, to check its hash, quotations and every line.")
@click.option("--reasoner", type=click.Choice(("hermit",)), help="Also put every row of the table to HermiT (Java).")
@click.option(
    "--profile", is_flag=True, help="Also check that the ontology is OWL 2 DL and each class satisfiable (Java)."
)
@click.option(
    "--certificate",
    metavar="DIR",
    help="Also compare every class that decides a status with HermiT (Java), and write the evidence to DIR.",
)
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@knowledge_option
def check(
    source: str | None, reasoner: str | None, profile: bool, certificate: str | None, form: str, folder: str | None
) -> int:
    """Check the knowledge: consistency, shapes, terms, coverage of the article, quotations, gaps with their names.

    Exit code 1 if a check fails. Without --source the quotations are not compared with the article.
    """
    from vhkg.assurance.report import check_knowledge

    knowledge = load(folder)
    article = None if source is None else read_article(source)
    report = check_knowledge(knowledge.files, knowledge.content, knowledge.compiled.table, article)
    if reasoner:
        from vhkg.assurance.reference import table_agreement

        report = msgspec.structs.replace(report, checks=(*report.checks, table_agreement(knowledge)))
    if profile:
        from vhkg.assurance.profile import profile_checks

        report = msgspec.structs.replace(report, checks=(*report.checks, *profile_checks(knowledge)))
    if certificate is not None:
        report = msgspec.structs.replace(report, checks=(*report.checks, *_certified(knowledge, certificate, folder)))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(report), indent=2))
    else:
        from vhkg.cli.checked import report_text

        click.echo(report_text(report, source, width()), nl=False)
    return 0 if report.ok else 1


def _certified(knowledge: Knowledge, certificate: str, folder: str | None) -> tuple[Check, ...]:
    """One check for each way of comparing; a bar shows how far it is where a person looks on."""
    from vhkg.answering.compiled import targets
    from vhkg.assurance import reference

    command = f"vhkg check --certificate {certificate}" + (f" --knowledge {folder}" if folder else "")
    found = reference.certificate(knowledge, Path(certificate), command)
    goals = len(targets(knowledge.content))
    hidden = not sys.stderr.isatty()
    with click.progressbar(found, length=goals, label="HermiT", file=sys.stderr, hidden=hidden) as bar:
        return reference.certificate_checks(bar)


def read_article(path: str) -> bytes:
    """The bytes as they are: the hash is over them, so nothing is normalised."""
    try:
        content = sys.stdin.buffer.read(ARTICLE_LIMIT + 1) if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            f"the article cannot be read: {(error.strerror or str(error)).lower()}", file=path, mend="correct the path"
        ) from error
    if len(content) > ARTICLE_LIMIT:
        raise InputError("it is larger than 2 MiB", file=path, mend="give the article's text alone")
    return content
