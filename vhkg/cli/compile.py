"""`vhkg compile`: the decision table for a warehouse, a triple store, or a program of yours."""

from __future__ import annotations

import click

from vhkg.cli.options import knowledge_option, load, parse_date, parse_readings, reading_options
from vhkg.cli.output import write_bytes
from vhkg.errors import UnknownName, UsageError

TARGETS = ("sql", "sparql", "json")


@click.command()
@click.option("--to", "target", type=click.Choice(TARGETS), required=True, help="What to write.")
@click.option(
    "--dialect", metavar="NAME", help="With --to sql: duckdb (the default), spark, or another that sqlglot knows."
)
@click.option("--presentations", "listed", is_flag=True, help="With --to sql: lesions are also listed in a table.")
@click.option("-o", "--output", metavar="FILE", help="Write to FILE; standard output if it is left out.")
@reading_options
@knowledge_option
def compile(
    target: str,
    dialect: str | None,
    listed: bool,
    output: str | None,
    readings: tuple[str, ...],
    as_of: str | None,
    folder: str | None,
) -> int:
    """Write the decision table so that it runs where your data are.

    sql reads a table of facts and gives one row per lesion and recommendation. sparql is an update that reads patient
    graphs and writes answers into a graph of their own. json is the table itself, with the readings chosen.
    What contradicts itself is marked, never guessed: `vhkg recommend` and `vhkg cohort` weigh it.
    """
    for name, given in (("--dialect", dialect), ("--presentations", listed)):
        if given and target != "sql":
            raise UsageError(f"{target} has no such choice", place=name, mend="leave it out, or write --to sql")
    day = parse_date(as_of)
    if target == "json" and day:
        raise UsageError("the table itself is of no day", place="--as-of", mend="leave it out")
    knowledge = load(folder)
    from vhkg.engines.chosen import chosen_table
    from vhkg.engines.provenance import Provenance

    content, article = knowledge.content, knowledge.content.article
    chosen = knowledge.decider.guards.chosen(parse_readings(readings, content))
    table = chosen_table(knowledge.compiled.table, content, chosen)
    provenance = Provenance(content.version, knowledge.compiled.digest, article.review_status, article.disclaimer)
    if target == "json":
        from vhkg.engines.table_json import table_json

        write_bytes(output, table_json(table, provenance))
        return 0
    if target == "sparql":
        from vhkg.engines.sparql import update

        write_bytes(output, update(table, content.iris, provenance, as_of=day).encode())
        return 0
    from vhkg.engines.sql.query import dialects
    from vhkg.engines.sql.script import script

    dialect = (dialect or "duckdb").lower()
    if dialect not in dialects():
        raise UnknownName(dialect, "dialect", dialects(), listed_by="vhkg compile --help", place="--dialect")
    write_bytes(output, script(table, provenance, dialect, as_of=day, listed=listed).encode())
    return 0
