"""`vhkg publish`: the knowledge, and the answers for patients, into a graph store of the user's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from vhkg.cli.held import answers_held, held_parts
from vhkg.cli.options import codes_option, knowledge_option, load, parse_date, parse_readings, reading_options
from vhkg.cli.output import write_bytes
from vhkg.errors import InputError, UsageError
from vhkg.stores.credentials import LONGEST, Credentials

PASSWORD = "VHKG_PASSWORD"
"""The variable of the environment that may hold the password."""


@click.command()
@click.option(
    "--endpoint",
    required=True,
    metavar="URL",
    help="Where the store takes graphs by the SPARQL 1.1 Graph Store HTTP Protocol, as /store on Oxigraph.",
)
@click.option("--graph", metavar="IRI", help="The graph to put it into.  [default: the default graph]")
@click.option("--data", multiple=True, metavar="FILE", help="Patient files, whose answers are put there too.")
@click.option(
    "--link", "links", multiple=True, metavar="FILE", help="Your copy of HPO, MONDO, MAXO or NCIT, or a bridge to it."
)
@click.option("--replace", is_flag=True, help="Replace what the graph holds; without it, only an empty one is filled.")
@click.option("--username", metavar="NAME", help="Who asks, where the store wants to know (Digest, or Basic by https).")
@click.option(
    "--password-file",
    metavar="FILE",
    help=f"A file whose first line is the password; - is standard input.  [default: the variable {PASSWORD}]",
)
@click.option("--dry-run", is_flag=True, help="Send nothing: write what would be sent, as N-Triples.")
@reading_options
@codes_option
@knowledge_option
def publish(
    endpoint: str,
    graph: str | None,
    data: tuple[str, ...],
    links: tuple[str, ...],
    replace: bool,
    username: str | None,
    password_file: str | None,
    dry_run: bool,
    readings: tuple[str, ...],
    as_of: str | None,
    codes: tuple[str, ...],
    folder: str | None,
) -> int:
    """Put what `vhkg query --endpoint` asks about into a store: the knowledge, and the answers for --data.

    One request puts it all, so a graph is never half of it. A file that cannot be read is reported, and then nothing
    is sent. The password is never an option, and no message shows it.
    """
    from vhkg import exchange
    from vhkg.stores.graph_store import GraphStore

    store = GraphStore(endpoint, graph, credentials=_credentials(username, password_file))
    knowledge = load(folder, codes)
    parts = held_parts(knowledge, links)
    chosen = parse_readings(readings, knowledge.content)
    answers, worst = answers_held(knowledge, data, chosen, parse_date(as_of))
    if worst > 1:
        raise InputError("not all files were read, so nothing is sent", place="--data", mend="leave out the others")
    triples = exchange.everything(parts | {"answers": answers})
    content = exchange.write(triples, "nt")
    digest = knowledge.compiled.digest
    what = f"{len(triples)} triples, knowledge {knowledge.content.version} ({digest[:12]})"
    if dry_run:
        click.echo(f"vhkg: would put {what} there; nothing was sent.", err=True)
        write_bytes(None, content)
        return worst
    put = store.put(content, replace=replace)
    where = "the default graph" if put.graph is None else f"the graph <{put.graph}>"
    before = "in place of what was there" if put.replaced else "which was empty"
    click.echo(f"{put.store} holds {what} in {where}, {before}.")
    return worst


def _credentials(name: str | None, password_file: str | None) -> Credentials | None:
    """Raises UsageError where one of the two is missing, and InputError for a file that cannot be read."""
    if name is None:
        if password_file is not None:
            raise UsageError("a password without a name", place="--password-file", mend="give --username")
        return None
    if password_file is not None:
        return Credentials(name, _first_line(password_file))
    if PASSWORD not in os.environ:
        raise UsageError(
            "a name without a password", place="--username", mend=f"give --password-file, or set {PASSWORD}"
        )
    return Credentials(name, os.environ[PASSWORD])


def _first_line(path: str) -> str:
    try:
        if path == "-":
            content = sys.stdin.buffer.readline(LONGEST * 4)
        else:
            with Path(path).open("rb") as stream:
                content = stream.readline(LONGEST * 4)
        return content.decode("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        fault = (error.strerror or "").lower() if isinstance(error, OSError) else "not UTF-8"
        raise InputError(f"the password cannot be read: {fault}", file=path, mend="correct the path") from error
