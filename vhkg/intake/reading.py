"""RDF through the whole door: guards, parser, vocabulary gate."""

from __future__ import annotations

from vhkg.intake.document import Document
from vhkg.intake.terms import PatientGraph
from vhkg.model.vocabulary import Vocabulary


def read_graph(document: Document, vocabulary: Vocabulary, *, context: bytes = b"") -> PatientGraph:
    """The document's patient graph; an error names the first fault. Blank nodes still have the file's labels.

    `context` is the content of ontology/context.jsonld, needed for JSON-LD only. The parser is imported here,
    since the facts CSV does without it.
    """
    from vhkg.intake.gate import admit
    from vhkg.intake.rdf import parse_triples

    return admit(parse_triples(document, context=context), document, vocabulary)
