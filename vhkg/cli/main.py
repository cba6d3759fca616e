"""The command group and its only error handler.

Exit codes: 0 done; 1 the data do not conform, or a check fails; 2 usage; 3 unreadable input; 4 an engine failed.
Each command is imported when it is called, so that `vhkg --help` stays quick.
"""

from __future__ import annotations

import importlib
import keyword
import os
import sys

import click

from vhkg.errors import VhkgError
from vhkg.version import __version__

_COMMANDS = {
    "demo": ("vhkg.cli.answers", "A shipped patient, the whole way, in one screen."),
    "recommend": ("vhkg.cli.answers", "The treatments that the article supports for a patient."),
    "explain": ("vhkg.cli.explain", "Why, why not, and what would decide it; what-if with --if."),
    "validate": ("vhkg.cli.validate", "The SHACL report on patient files, grouped by cause."),
    "import": ("vhkg.cli.import_", "FHIR, phenopackets, OMOP and CSV as patient graphs, with counts of what was read."),
    "cohort": ("vhkg.cli.cohort", "Many patients: answers as Parquet, and a report over them; resumable."),
    "audit": ("vhkg.cli.audit", "Was the treatment given one that the article names, on the facts known that day?"),
    "query": ("vhkg.cli.query", "A named competency question, or your own SPARQL."),
    "publish": ("vhkg.cli.publish", "The knowledge, and answers, into a graph store of yours."),
    "link": ("vhkg.cli.link", "A bridge to your HPO, MONDO, MAXO or NCIT, for `query --link`."),
    "terms": ("vhkg.cli.terms", "The names that exist: findings, recommendations, readings."),
    "template": ("vhkg.cli.terms", "A patient file to start from."),
    "export": ("vhkg.cli.export", "The ontology for other tools: Turtle, RDF/XML, JSON-LD; a page of its terms."),
    "compile": ("vhkg.cli.compile", "The decision table as SQL, SPARQL or JSON, for where your data already are."),
    "serve": ("vhkg.cli.serve", "Pages, an HTTP API, a SPARQL endpoint and CDS Hooks, on this machine."),
    "check": ("vhkg.cli.check", "The knowledge itself: consistency, quotations, coverage, gaps."),
}


class _Commands(click.Group):
    """Commands in their declared order, each imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(
            importlib.import_module(_COMMANDS[cmd_name][0]), f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        )
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="vhkg")
def vhkg() -> None:
    """From one clinical article to sourced, explained answers.

    Exit codes: 0 done; 1 the data do not conform, or a check fails; 2 usage; 3 unreadable input; 4 an engine failed.
    """


def main() -> None:
    """Run the command line; every foreseen failure ends here as one sentence on standard error."""
    try:
        status = vhkg.main(standalone_mode=False)
    except click.exceptions.Abort:
        status = 130
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except VhkgError as error:
        click.echo(f"vhkg: {error}", err=True)
        status = error.exit_code
    except SystemExit:
        # click ends so when the reader of the output went away, as `head` does: the rest is not wanted.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status if isinstance(status, int) else 0)
