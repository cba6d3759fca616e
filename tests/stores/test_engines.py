"""The two engines on what they must have in common, and the one thing each does alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest

from vhkg.errors import EngineError, KnowledgeError
from vhkg.stores import EmbeddedStore, RdflibStore, Rows

DATA = b"""@prefix : <https://w3id.org/vhkg/ontology#> .
:a :b 1 , "x"@en , "2026-11-23"^^<http://www.w3.org/2001/XMLSchema#date> , <http://example.org/c> , :d .
"""
ALL = "SELECT ?o ?none WHERE { ?s ?p ?o } ORDER BY STR(?o)"


@pytest.mark.parametrize("engine", [EmbeddedStore, RdflibStore])
def test_terms_become_text(engine: type[EmbeddedStore] | type[RdflibStore]) -> None:
    rows = engine({"x.ttl": DATA, "context.jsonld": b"{}"}).select(ALL)
    assert rows == Rows(
        ("o", "none"), (("1", ""), ("2026-11-23", ""), ("http://example.org/c", ""), ("d", ""), ("x", ""))
    )


@pytest.mark.parametrize("engine", [EmbeddedStore, RdflibStore])
@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "SELECT", "SELECT * { ?s ?p"])
def test_what_is_no_select_is_an_engine_error(engine: type[EmbeddedStore] | type[RdflibStore], text: str) -> None:
    with pytest.raises(EngineError):
        engine({}).select(text)


def test_broken_knowledge_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"x\.ttl"):
        EmbeddedStore({"x.ttl": b"<a"})


def test_blank_nodes_have_the_same_names_each_time(knowledge: Mapping[str, bytes]) -> None:
    text = "SELECT ?s WHERE { ?s <http://www.w3.org/2002/07/owl#onProperty> ?o FILTER(ISBLANK(?s)) } ORDER BY STR(?s)"
    first = EmbeddedStore(knowledge).select(text)
    assert first.rows
    assert set(first.rows) == set(EmbeddedStore(knowledge).select(text).rows)


def test_rdflib_is_imported_only_when_used() -> None:
    code = "import sys, vhkg.stores; assert 'rdflib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
