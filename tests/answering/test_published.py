"""What is published of a knowledge: the same each time, all of it Turtle, nothing derived with a blank node."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.published import DERIVED, published
from vhkg.errors import KnowledgeError
from vhkg.namespaces import Owl, Rdf, Vhkg
from vhkg.resources import shipped_folder

PARTS = published(shipped())


def test_it_holds_every_turtle_file_and_the_derived_parts() -> None:
    files = {name: text for name, text in shipped().files.ontology.items() if name.endswith(".ttl")}
    assert {name: PARTS[name] for name in files} == files
    assert {name.removeprefix(DERIVED) for name in set(PARTS) - set(files)} >= {"knowledge.ttl", "mappings.ttl"}
    assert list(PARTS) == sorted(PARTS)


def test_what_is_derived_is_the_same_each_time_and_has_no_blank_nodes() -> None:
    assert published(Knowledge.load()) == PARTS
    for name, text in PARTS.items():
        if name.startswith(DERIVED):
            for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
                assert not isinstance(quad.subject, ox.BlankNode)
                assert not isinstance(quad.object, ox.BlankNode)


def test_it_says_which_knowledge_it_is() -> None:
    said = {
        (q.predicate.value, q.object.value)
        for q in ox.parse(PARTS[f"{DERIVED}knowledge.ttl"], format=ox.RdfFormat.TURTLE)
    }
    assert (Vhkg.knowledgeVersion, shipped().content.version) in said
    assert (Vhkg.knowledgeDigest, shipped().compiled.digest) in said
    assert (Rdf.type, Vhkg.PublishedKnowledge) in said


def test_every_property_and_class_of_what_is_derived_is_declared() -> None:
    kinds = {Owl.Class, Owl.AnnotationProperty, Owl.ObjectProperty}
    declared = {
        quad.subject.value
        for name, text in PARTS.items()
        if not name.startswith(DERIVED)
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == Rdf.type and quad.object.value in kinds and isinstance(quad.subject, ox.NamedNode)
    }
    used: set[str] = set()
    for name, text in PARTS.items():
        if name.startswith(DERIVED):
            for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
                used.add(quad.object.value if quad.predicate.value == Rdf.type else quad.predicate.value)
    assert used - {Owl.NamedIndividual.value, "http://www.w3.org/2000/01/rdf-schema#comment"} <= declared


def test_a_fault_in_a_mapping_file_is_named_before_any_record_is_read_by_it(tmp_path: Path) -> None:
    for name, text in shipped().files.ontology.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.replace(b"0.99", b"9.9") if name == "mappings/hp.sssom.tsv" else text)
    with pytest.raises(KnowledgeError, match=r"mappings/hp\.sssom\.tsv, line \d+: the confidence '9\.9'"):
        Knowledge.load(str(tmp_path))


def test_mappings_count_in_the_digest(tmp_path: Path) -> None:
    folder = shipped_folder("ontology")
    for path in [*folder.glob("*.ttl"), *folder.glob("shapes/*.ttl"), *folder.glob("context.jsonld")]:
        target = tmp_path / path.relative_to(folder)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    without = Knowledge.load(str(tmp_path))
    assert without.compiled.digest != shipped().compiled.digest
    assert published(without)[f"{DERIVED}mappings.ttl"] == b""
