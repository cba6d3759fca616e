"""`vhkg serve`: pages, an HTTP API, a SPARQL endpoint and CDS Hooks on this machine."""

from __future__ import annotations

import hashlib
import importlib.util

import click

from vhkg.cli.options import codes_option, knowledge_option, load
from vhkg.errors import InputError, UsageError

_NEEDED = ("starlette", "uvicorn", "jinja2", "python_multipart")
_LEVELS = ("debug", "info", "warning", "error")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address of this machine to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--base", default="", metavar="URL", help="The address by which others reach it, for links.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A host name to answer to, beside this machine's loopback names; * for any.",
)
@click.option(
    "--allow-origin", "origins", multiple=True, metavar="ORIGIN", help="A web origin that may call CDS Hooks."
)
@click.option("--data", multiple=True, metavar="FILE", help="Patient files, whose answers the SPARQL endpoint holds.")
@click.option("--source", metavar="FILE", help="A copy of the article; the Article page shows it in full.")
@click.option("--log-level", type=click.Choice(_LEVELS), default="info", show_default=True)
@codes_option
@knowledge_option
def serve(
    host: str,
    port: int,
    base: str,
    hosts: tuple[str, ...],
    origins: tuple[str, ...],
    data: tuple[str, ...],
    source: str | None,
    log_level: str,
    codes: tuple[str, ...],
    folder: str | None,
) -> int:
    """Pages for a browser, an HTTP API (/api/openapi.json), SPARQL (/sparql) and CDS Hooks (/cds-services).

    Nothing is stored or fetched. What is sent of a patient stands in no log. There is no login: for more than this
    machine, put it behind a server that knows who may ask.
    """
    _installed()
    from vhkg.server.running import serve as run
    from vhkg.server.service import LOOPBACK, Service, Settings

    knowledge = load(folder, codes)
    answers = b""
    if data:
        from vhkg.cli.held import answers_held

        answers, worst = answers_held(knowledge, data, {}, None)
        if worst > 1:
            return worst
    article = "" if source is None else _article(source, knowledge.content.article.sha256)
    settings = Settings(base=base.rstrip("/"), hosts=(*LOOPBACK, *_own(host), *hosts), origins=origins)
    run(
        Service(knowledge, settings, answers, article),
        host=host,
        port=port,
        level=log_level,
        ready=lambda address: click.echo(f"vhkg serves on {address} (stop it with Ctrl+C)", err=True),
    )
    return 0


def _article(source: str, sha256: str) -> str:
    """The text, if it is the one that was read. It is held in memory only."""
    from vhkg.cli.check import read_article

    content = read_article(source)
    if hashlib.sha256(content).hexdigest() != sha256:
        fault = "the sha256 of the file is not that of the article that was read"
        raise InputError(fault, file=source, mend="give the same file")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise InputError("the article is not UTF-8", file=source, mend="give the file that was read") from error


def _own(host: str) -> tuple[str, ...]:
    """The address listened on, if it is one and not all of them."""
    if host in ("0.0.0.0", "::"):
        return ()
    return (f"[{host}]" if ":" in host else host,)


def _installed() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"serving needs {', '.join(missing).replace('_', '-')}",
            mend="install the extra: pip install 'vhkg[server]'",
        )
