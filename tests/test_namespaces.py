"""Every IRI is named once, in one module, and no clinical term is named in any."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox
import pytest

import vhkg
from vhkg import namespaces
from vhkg.knowledge.content import read_content
from vhkg.knowledge.graph import Graph
from vhkg.namespaces import BASE, RESERVED, Owl, Rdf, Rdfs, Vhkg
from vhkg.resources import knowledge_files

_PACKAGE = Path(vhkg.__file__).parent
_MODULES = sorted(_PACKAGE.rglob("*.py"))
_KINDS = (Owl.Class, Owl.ObjectProperty, Owl.DatatypeProperty, Owl.AnnotationProperty, Owl.NamedIndividual)


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module that are no docstrings, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def _enums() -> list[type[StrEnum]]:
    return [each for each in vars(namespaces).values() if isinstance(each, type) and issubclass(each, StrEnum)]


@pytest.fixture(scope="module")
def upper() -> Graph:
    return Graph.parse({"vhkg.ttl": knowledge_files().ontology["vhkg.ttl"]})


@pytest.mark.parametrize("term", list(Vhkg), ids=lambda term: term.name)
def test_each_term_of_ours_is_declared_in_the_upper_vocabulary(upper: Graph, term: Vhkg) -> None:
    assert any(upper.has(term, Rdf.type, ox.NamedNode(kind)) for kind in _KINDS)
    assert upper.label(term)
    assert upper.definition(term)


def test_a_member_is_named_as_its_iri_ends() -> None:
    for enum in _enums():
        for member in enum:
            ending = re.split("[#/]", member.value)[-1].removeprefix("IAO_0000115") or member.name
            assert member.name.rstrip("_") == ending or enum.__name__ in ("Iao", "Sh"), member.value


def test_no_iri_is_named_twice() -> None:
    iris = [member.value for enum in _enums() for member in enum]
    assert len(iris) == len(set(iris))


def test_our_terms_are_reserved() -> None:
    assert BASE.startswith(RESERVED)
    assert Rdfs.label.startswith(RESERVED)


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.relative_to(_PACKAGE).as_posix())
def test_no_iri_is_written_elsewhere(path: Path) -> None:
    if path == Path(namespaces.__file__):
        return
    found = [(line, text) for line, text in _strings(path) if re.search(r"https?://(?!example\.org)\w", text)]
    assert not found, "name it in vhkg/namespaces.py"


# --- no clinical term


_ORDINARY = {
    "another", "cause", "caused", "considered", "during", "factor", "follow", "gross", "local", "total", "using",
    "computed", "extension", "recurrence", "examination", "reconstruction", "suspected", "compression",
    "candidate", "addressed", "lesion", "treatment", "surgical", "after", "disease",
}  # fmt: skip
"""Words of labels that are also everyday words, words of mathematics, or values of the upper vocabulary."""


@pytest.fixture(scope="module")
def labels() -> set[str]:
    """The labels of findings and interventions, longer than four letters."""
    files = knowledge_files().ontology
    graph = Graph.parse({name: data for name, data in files.items() if name.endswith(".ttl") and "/" not in name})
    roots = [root.value for root, _ in graph.pairs(Vhkg.assertedThrough) if isinstance(root, ox.NamedNode)]
    found = {graph.label(iri).lower() for root in roots for iri in graph.subclasses(root)[1:]}
    assert len(found) > 40
    return {label for label in found if len(label) > 4}


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.relative_to(_PACKAGE).as_posix())
def test_no_clinical_term_stands_in_code(path: Path, labels: set[str]) -> None:
    words = {word for label in labels for word in re.findall(r"[a-z]{5,}", label)} - _ORDINARY
    assert "laminectomy" in words
    assert "hemangioma" in words
    text = path.read_text(encoding="utf-8").lower()
    assert not {term for term in labels | words if re.search(rf"(?<![a-z]){re.escape(term)}(?![a-z])", text)}


@pytest.fixture(scope="module")
def names() -> set[str]:
    """The names of clinical classes and individuals, longer than seven letters; doctests may show one."""
    files = knowledge_files().ontology
    graph = Graph.parse({name: data for name, data in files.items() if name.endswith(".ttl") and "/" not in name})
    content = read_content(graph)
    recommendations = (recommendation.name for recommendation in content.recommendations)
    found = {
        *content.findings,
        *content.plans,
        *content.classes,
        *content.outcomes,
        *content.readings,
        *recommendations,
    }
    return {name for name in found if len(name) > 7}


@pytest.mark.parametrize("path", _MODULES, ids=lambda path: path.relative_to(_PACKAGE).as_posix())
def test_no_name_of_a_clinical_class_stands_in_code(path: Path, names: set[str]) -> None:
    text = re.sub(r">>>.*", "", path.read_text(encoding="utf-8"))
    assert not names & set(re.findall(r"\w+", text))
