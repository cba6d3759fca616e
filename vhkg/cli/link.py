"""`vhkg link`: a bridge from our terms to a user's copy of another ontology."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from vhkg.cli.options import knowledge_option, load
from vhkg.cli.output import write_bytes

if TYPE_CHECKING:
    from vhkg.answering.knowledge import Knowledge
    from vhkg.mapping import Bridge


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("-o", "--output", metavar="BRIDGE", help="Write to BRIDGE; standard output if it is left out.")
@click.option("--format", "form", type=click.Choice(("ttl", "nt")), default="ttl", show_default=True)
@knowledge_option
def link(files: tuple[str, ...], output: str | None, form: str, folder: str | None) -> int:
    """Place our terms under the classes of your HPO, MONDO, MAXO, NCIT or UBERON, for `vhkg query --link BRIDGE`.

    FILE is OBO, RDF/XML (OWL), Turtle or N-Triples, perhaps with gzip; - is standard input. Nothing is fetched, and
    no import is followed. The bridge holds subclass axioms only, upwards only: no answer changes by it.
    """
    from vhkg import exchange

    bridge = linked(load(folder), files)
    content = exchange.write(list(bridge.triples), form)
    write_bytes(output, content)
    return 0


def linked(knowledge: Knowledge, files: Iterable[str]) -> Bridge:
    """The bridge to some ontologies, or from bridges, made anew; says on standard error what was taken."""
    from vhkg import mapping

    hierarchies = []
    for file in files:
        hierarchies.append(mapping.read_hierarchy(file))
        read = hierarchies[-1]
        click.echo(f"{read.name}: {len(read.terms)} classes read; version {read.version or 'not stated'}", err=True)
    bridge = mapping.build(knowledge, hierarchies)
    for difference in bridge.differences:
        click.echo(
            f"{difference.file}: {difference.curie} is called {difference.theirs!r} there and {difference.ours!r} "
            "in the mapping; check that it means the same",
            err=True,
        )
    left = ", ".join(f"{each.rows} {each.reason}" for each in bridge.unpromoted)
    click.echo(
        f"terms linked: {bridge.terms}, by {bridge.rows} mappings to {bridge.mapped} classes; levels of "
        f"lesions: {bridge.levels}; with {bridge.ancestors} classes above these; not promoted: {left or 'none'}; ids "
        f"not found: {', '.join(bridge.missing) or 'none'}; labels that differ: {len(bridge.differences)}",
        err=True,
    )
    return bridge
