"""Ontologies in RDF: what is taken, what is left, what is refused."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.mapping.support import edge, ontology
from vhkg.errors import InputError, RefusedInput
from vhkg.mapping import Hierarchy, read_hierarchy
from vhkg.namespaces import OBO, Iao, Oio, Owl, Rdf, Rdfs

EX = "https://example.org/"
TRUE = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
PART_OF = f"""@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <{EX}> .
e:o a owl:Ontology ; owl:imports <https://example.org/nowhere.owl> .
e:body a owl:Class ; rdfs:subClassOf e:bone ,
    [ a owl:Restriction ; owl:onProperty e:partOf ; owl:someValuesFrom e:column ] .
e:column a owl:Class ; owl:equivalentClass e:spine .
"""


def read(folder: Path, content: bytes | str, name: str = "o.ttl") -> Hierarchy:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_hierarchy(str(path))


def test_part_of_and_equivalence_are_no_subclass(tmp_path: Path) -> None:
    found = read(tmp_path, PART_OF)
    assert found.terms[EX + "body"].parents == (EX + "bone",)
    assert found.terms[EX + "column"].parents == ()
    assert set(found.terms) == {EX + "body", EX + "bone", EX + "column"}


def test_the_version_is_the_version_iri_else_the_ontology(tmp_path: Path) -> None:
    assert read(tmp_path, PART_OF).version == EX + "o"
    assert read(tmp_path, ontology(edge(EX + "a", EX + "b"), version=EX + "2")).version == EX + "2"
    assert read(tmp_path, ontology(edge(EX + "a", EX + "b"))).version == ""


def test_obsolete_terms_and_what_replaces_them(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        ontology(
            edge(EX + "a", EX + "b"),
            (OBO + "HP_1", Owl.deprecated, TRUE),
            (OBO + "HP_1", Iao.termReplacedBy, ox.Literal("HP:2")),
            (OBO + "HP_3", Owl.deprecated, TRUE),
            (OBO + "HP_3", Iao.termReplacedBy, OBO + "HP_4"),
            (OBO + "HP_5", Owl.deprecated, ox.Literal("false")),
            (OBO + "HP_5", Rdf.type, Owl.Class),
            (OBO + "HP_5", Oio.hasAlternativeId, ox.Literal("HP:6")),
            (OBO + "HP_7", Owl.deprecated, TRUE),
        ),
    )
    assert found.obsolete == {
        OBO + "HP_1": (OBO + "HP_2",),
        OBO + "HP_3": (OBO + "HP_4",),
        OBO + "HP_6": (OBO + "HP_5",),
        OBO + "HP_7": (),
    }
    assert OBO + "HP_5" in found.terms


def test_labels_of_what_is_no_class_do_not_make_it_one(tmp_path: Path) -> None:
    found = read(tmp_path, ontology(edge(EX + "a", EX + "b"), (EX + "p", Rdfs.label, ox.Literal("part of"))))
    assert set(found.terms) == {EX + "a", EX + "b"}


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("o.ttl", "<urn:x:a> <urn:x:b> .", "not Turtle"),
        ("o.ttl", "<a> <b> <c> .", "not Turtle"),
        ("o.ttl", "<<( <urn:x:a> <urn:x:b> <urn:x:c> )>> <urn:x:b> <urn:x:c> .", "statement about a statement"),
        ("o.ttl", "<urn:x:a> <urn:x:b> " + "[<urn:x:b> " * 100 + "1" + "]" * 100 + " .", "nested deeper"),
        ("o.owl", '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">', "not XML"),
        ("o.owl", "<rdf:RDF>" + "<a>" * 100, "not XML|nested deeper"),
        ("o.owl", "<?xml version='1.0'?><!DOCTYPE a SYSTEM 'http://192.0.2.1/'><rdf:RDF/>", "document type"),
        ("o.owl", "<?xml version='1.0' encoding='latin-1'?><rdf:RDF/>", "encoding"),
    ],
)
def test_what_is_wrong_or_hostile_is_one_sentence(tmp_path: Path, name: str, content: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault) as caught:
        read(tmp_path, content, name)
    assert caught.value.file == str(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_an_entity_bomb_is_refused_unread(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with pytest.raises(RefusedInput):
        read(
            tmp_path, f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "x">{entities}]><rdf:RDF>&e11;</rdf:RDF>', "o.owl"
        )
