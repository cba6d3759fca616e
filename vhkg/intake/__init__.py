"""The front door: bytes become safe triples or rows, or one clear error. It fetches and opens nothing else."""

from vhkg.intake.canonical import canonical
from vhkg.intake.document import PATIENT_FILE_LIMIT, Document, Format, document, read_bytes, unreadable
from vhkg.intake.json_text import Json, parse_json
from vhkg.intake.json_values import parse_json_fast
from vhkg.intake.lexical import calendar_date, unprintable
from vhkg.intake.lines import read_lines
from vhkg.intake.reading import read_graph
from vhkg.intake.rows import MAX_FIELD_LENGTH, FactRow, read_rows
from vhkg.intake.terms import Blank, GraphIndex, Iri, Literal, Node, PatientGraph, Term, Triple, quoted

__all__ = [
    "MAX_FIELD_LENGTH",
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
    "parse_json_fast",
    "quoted",
    "read_bytes",
    "read_graph",
    "read_lines",
    "read_rows",
    "unprintable",
    "unreadable",
]
