"""`vhkg export`: the knowledge in the forms that other tools load, as FHIR, and as a page of its terms."""

from __future__ import annotations

import click

from vhkg.cli.options import codes_option, knowledge_option, load
from vhkg.cli.output import write_bytes
from vhkg.errors import UsageError

FORMATS = ("ttl", "nt", "rdfxml", "jsonld", "html", "plandefinition")


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), default="ttl", show_default=True)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="All that a query endpoint needs: shapes, mappings and what is derived, besides the ontology.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; standard output if it is left out.")
@codes_option
@knowledge_option
def export(form: str, everything: bool, output: str | None, codes: tuple[str, ...], folder: str | None) -> int:
    """Write the ontology as one document: Turtle, N-Triples, RDF/XML or JSON-LD; html is the page of its terms.

    plandefinition is a FHIR R4 bundle (JSON) of the recommendations, with all that they refer to.
    With --codes it is published as the knowledge that answers made with these codes rest on, for an endpoint.
    The bytes are the same each time. Nothing is imported by the document, and nothing is fetched to write it.
    """
    from vhkg import exchange
    from vhkg.answering.published import published

    knowledge = load(folder, codes)
    if form in ("html", "plandefinition"):
        if everything:
            raise UsageError(f"{form} is of the ontology alone", place="--all", mend="leave it out")
        files, compiled = knowledge.files.ontology, knowledge.compiled
        page = form == "html"
        content = exchange.terms_page(files, compiled).encode() if page else exchange.plan_definitions(files, compiled)
    else:
        triples = (
            exchange.everything(published(knowledge))
            if everything
            else exchange.ontology_document(knowledge.files.ontology)
        )
        content = exchange.write(triples, form)
    write_bytes(output, content)
    return 0
