"""Answers as text, JSON, Turtle and CSV. Sees the model only; every word on medicine comes from its content."""

from vhkg.rendering.csvout import render_csv
from vhkg.rendering.explain import render_explanation
from vhkg.rendering.jsonout import render_json, render_jsonl, schema
from vhkg.rendering.layout import visible
from vhkg.rendering.rdf import answer_iri, answer_ntriples, render_turtle
from vhkg.rendering.report import render_report_text
from vhkg.rendering.screen import Detail
from vhkg.rendering.text import render_text
from vhkg.rendering.whatif import render_what_if

__all__ = [
    "Detail",
    "answer_iri",
    "answer_ntriples",
    "render_csv",
    "render_explanation",
    "render_json",
    "render_jsonl",
    "render_report_text",
    "render_text",
    "render_turtle",
    "render_what_if",
    "schema",
    "visible",
]
