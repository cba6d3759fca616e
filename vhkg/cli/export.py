"""`vhkg export`: the knowledge in the forms that other tools load, and as a page of its terms."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vhkg.cli.options import knowledge_option, load
from vhkg.errors import UsageError

FORMATS = ("ttl", "nt", "rdfxml", "jsonld", "html")


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), default="ttl", show_default=True)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="All that a query endpoint needs: shapes, mappings and what is derived, besides the ontology.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; standard output if it is left out.")
@knowledge_option
def export(form: str, everything: bool, output: str | None, folder: str | None) -> int:
    """Write the ontology as one document: Turtle, N-Triples, RDF/XML or JSON-LD; html is the page of its terms.

    The bytes are the same each time. Nothing is imported by the document, and nothing is fetched to write it.
    """
    from vhkg import exchange
    from vhkg.answering.published import published

    knowledge = load(folder)
    if form == "html":
        if everything:
            raise UsageError("the page of terms is of the ontology", place="--all", mend="leave it out")
        content = exchange.terms_page(knowledge.files.ontology, knowledge.compiled).encode()
    else:
        triples = (
            exchange.everything(published(knowledge))
            if everything
            else exchange.ontology_document(knowledge.files.ontology)
        )
        content = exchange.write(triples, form)
    if output is None:
        sys.stdout.buffer.write(content)
        return 0
    try:
        Path(output).write_bytes(content)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot be written: {reason}", place=output, mend="name another file") from error
    return 0
