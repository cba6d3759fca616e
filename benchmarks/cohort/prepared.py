"""What peers are given that they need not work out: facts that count, as literals, and the classes of each lesion.

Ours writes it, before anything is measured, for the patients of an N-Triples file. Classes are worked out for the first
`PATIENTS` of them and repeated under other names for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from benchmarks.cohort.data import Cohorts, Form
from benchmarks.cohort.rdf import PATIENT
from vhkg.answering.knowledge import Knowledge
from vhkg.assurance.reference import recorded_literals
from vhkg.decision.theory import read_theory
from vhkg.intake import document
from vhkg.knowledge.graph import Graph
from vhkg.model.answer import Status
from vhkg.namespaces import Rdf, Vhkg
from vhkg.reasoner.query import QueryLiteral

PATIENTS = 2000
_AT_ONCE = 200


class Lesion(msgspec.Struct, frozen=True):
    """The facts of a lesion that count, its classes by local name, and how many recommendations are of which status."""

    patient: str
    presentation: str
    literals: tuple[QueryLiteral, ...]
    classes: tuple[str, ...]
    entailed: int
    refuted: int


class Prepared(NamedTuple):
    literals: Path
    types: Path
    rows: Path


def prepared(cohorts: Cohorts, patients: int, knowledge: Knowledge) -> Prepared:
    """Beside the patients: lesions as JSON, a line each; their classes as N-Triples, and as Parquet."""
    folder = cohorts.folder(patients)
    made = Prepared(*(folder / name for name in ("lesions.jsonl", "types.nt", "types.parquet")))
    if not all(each.exists() for each in made):
        if patients > PATIENTS:
            made.literals.write_bytes(prepared(cohorts, PATIENTS, knowledge).literals.read_bytes())
        else:
            lesions = _lesions(cohorts.file(patients, Form.NTRIPLES), patients, knowledge)
            made.literals.write_bytes(b"".join(msgspec.json.encode(lesion) + b"\n" for lesion in lesions))
        _write_types(made, read_lesions(made.literals), patients, knowledge)
    return made


def read_lesions(file: Path) -> list[Lesion]:
    return [msgspec.json.decode(line, type=Lesion) for line in file.read_bytes().splitlines()]


def graphs(file: Path, patients: int, limit: int = 0) -> Iterator[str]:
    """The patients of contiguous N-Triples in graphs of so many, all or the first `limit` of them."""
    first = f" <{Rdf.type}> <{Vhkg.Patient}> .\n"
    lines: list[str] = []
    seen = 0
    with file.open(encoding="utf-8") as source:
        for line in source:
            if line.endswith(first):
                if seen and seen % patients == 0:
                    yield "".join(lines)
                    lines.clear()
                if limit and seen == limit:
                    return
                seen += 1
            lines.append(line)
    if lines:
        yield "".join(lines)


def _lesions(file: Path, patients: int, knowledge: Knowledge) -> Iterator[Lesion]:
    theory = read_theory(Graph.parse({n: text for n, text in knowledge.files.ontology.items() if n.endswith(".ttl")}))
    for graph in graphs(file, _AT_ONCE, patients):
        for answer in knowledge.recommend(document(file.name, graph.encode())):
            if answer.conforms:
                base = [each.base_status for each in answer.recommendations]
                yield Lesion(
                    answer.patient,
                    answer.presentation,
                    tuple(recorded_literals(theory, answer)),
                    answer.classes.entailed,
                    sum(status in (Status.APPLIES, Status.ADVISED_AGAINST) for status in base),
                    base.count(Status.DOES_NOT_APPLY),
                )


def _write_types(made: Prepared, lesions: list[Lesion], patients: int, knowledge: Knowledge) -> None:
    import polars as pl

    rows = [
        (int(lesion.patient.rsplit("/", 1)[-1]), lesion.presentation, name)
        for lesion in lesions
        for name in lesion.classes
    ]
    base = pl.DataFrame(rows, schema=["number", "presentation", "class"], orient="row")
    base = base.with_columns(pl.col("presentation").str.split("/").list.last())
    parts = [base.with_columns(pl.col("number") + start) for start in range(0, patients, PATIENTS)]
    frame = pl.concat(parts).filter(pl.col("number") < patients)
    name = pl.col("number").cast(pl.String).str.zfill(7)
    frame = frame.select(name.alias("patient"), "presentation", "class")
    frame.write_parquet(made.rows)
    patient = pl.concat_str(pl.lit(f"<{PATIENT}"), "patient", pl.lit(">"))
    lesion = pl.concat_str(pl.lit(f"<{PATIENT}"), "patient", pl.lit("/"), "presentation", pl.lit(">"))
    unfinished = made.types.with_name("unfinished-types.nt")
    with unfinished.open("wb") as out:
        has = pl.concat_str(patient, pl.lit(f" <{Vhkg.hasPresentation}> "), lesion, pl.lit(" ."))
        frame.select("patient", "presentation").unique(maintain_order=True).select(has).write_csv(
            out, include_header=False, quote_style="never"
        )
        iri = pl.col("class").replace_strict(knowledge.content.iris)
        typed = pl.concat_str(lesion, pl.lit(f" <{Rdf.type}> <"), iri, pl.lit("> ."))
        frame.select(typed).write_csv(out, include_header=False, quote_style="never")
    unfinished.rename(made.types)
