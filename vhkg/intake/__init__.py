"""The front door: bytes become safe triples or rows, or one clear error. It fetches and opens nothing else."""

from vhkg.intake.canonical import canonical
from vhkg.intake.document import PATIENT_FILE_LIMIT, Document, Format, document, read_bytes
from vhkg.intake.json_text import Json, parse_json
from vhkg.intake.lexical import calendar_date, unprintable
from vhkg.intake.reading import read_graph
from vhkg.intake.rows import FactRow, read_rows
from vhkg.intake.terms import Blank, GraphIndex, Iri, Literal, Node, PatientGraph, Term, Triple, quoted

__all__ = [
    "PATIENT_FILE_LIMIT",
    "Blank",
    "Document",
    "FactRow",
    "Format",
    "GraphIndex",
    "Iri",
    "Json",
    "Literal",
    "Node",
    "PatientGraph",
    "Term",
    "Triple",
    "calendar_date",
    "canonical",
    "document",
    "parse_json",
    "quoted",
    "read_bytes",
    "read_graph",
    "read_rows",
    "unprintable",
]
