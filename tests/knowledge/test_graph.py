"""Triples in memory, each with its file."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, iris, local_name
from vhkg.namespaces import BASE, Owl, Rdfs

PREFIXES = (
    f"@prefix : <{BASE}> . @prefix owl: <http://www.w3.org/2002/07/owl#> ."
    " @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
P = BASE + "p"


def read(**files: str) -> Graph:
    return Graph.parse({f"{name}.ttl": (PREFIXES + text).encode() for name, text in files.items()})


def test_a_value_is_one_or_none() -> None:
    graph = read(a=":s :p 'one' ; :q 'two' , 'three' .")
    assert graph.text(BASE + "s", P) == "one"
    assert graph.value(BASE + "s", BASE + "none") is None
    assert graph.text(BASE + "s", BASE + "none") == ""
    with pytest.raises(KnowledgeError, match=r"a\.ttl: s has 2 values for q; leave one"):
        graph.value(BASE + "s", BASE + "q")


def test_values_keep_the_order_of_the_file_and_repeat_nothing() -> None:
    graph = read(a=":s :p :c , :a , :b .", b=":s :p :a , :d .")
    assert graph.names(BASE + "s", P) == ("c", "a", "b", "d")
    assert len(graph) == 4
    assert len(list(graph)) == 4


def test_names_leave_out_what_is_no_iri() -> None:
    graph = read(a=":s :p 'text' , :a , [ :p 1 ] . :t :p 'text' .")
    assert graph.names(BASE + "s", P) == ("a",)
    assert graph.name(BASE + "t", P) == ""
    assert iris(graph.values(BASE + "s", P)) == (BASE + "a",)


def test_every_triple_remembers_its_file() -> None:
    graph = read(a=":s :p :a .", b=":s :p :b .")
    subject = ox.NamedNode(BASE + "s")
    assert graph.file_of(subject) == "a.ttl"
    assert graph.file_of_triple(subject, P, ox.NamedNode(BASE + "b")) == "b.ttl"
    assert graph.file_of(BASE + "unknown") == ""
    assert graph.file_of_triple(subject, P, ox.NamedNode(BASE + "c")) == ""


def test_what_is_not_turtle_is_named() -> None:
    with pytest.raises(KnowledgeError, match=r"bad\.ttl: not Turtle: .*; correct the file"):
        read(bad=":s :p .")


def test_blank_nodes_of_two_files_stay_apart() -> None:
    graph = read(a=":s :p _:x . _:x :q 1 .", b=":s :p _:x . _:x :q 2 .")
    assert len(graph.values(BASE + "s", P)) == 2


def test_lists() -> None:
    graph = read(a=":s :p ( :a :b ) , () .")
    full, empty = graph.values(BASE + "s", P)
    assert iris(graph.members(full)) == (BASE + "a", BASE + "b")
    assert graph.members(empty) == ()


@pytest.mark.parametrize(
    "broken",
    [
        ":s :p [ rdf:first :a ] .",
        ":s :p [ rdf:rest () ] .",
        ":s :p [ rdf:first :a ; rdf:rest 'text' ] .",
        ":s :p _:l . _:l rdf:first :a ; rdf:rest _:l .",
        ":s :p [ rdf:first :a , :b ; rdf:rest () ] .",
    ],
)
def test_a_broken_list_is_an_error(broken: str) -> None:
    graph = read(a="@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . " + broken)
    with pytest.raises(KnowledgeError):
        graph.members(graph.values(BASE + "s", P)[0], place="s")


def test_subclasses_survive_a_cycle_and_start_with_the_class() -> None:
    graph = read(a=":b rdfs:subClassOf :a . :c rdfs:subClassOf :b . :a rdfs:subClassOf :c . [] rdfs:subClassOf :a .")
    assert graph.subclasses(BASE + "a") == (BASE + "a", BASE + "b", BASE + "c")
    assert graph.subclasses(BASE + "alone") == (BASE + "alone",)


def test_instances_and_kinds() -> None:
    graph = read(a=":a a owl:Class ; rdfs:label 'A'@en . :x a :a . [] a :a .")
    assert graph.instances(BASE + "a") == (BASE + "x",)
    assert graph.is_class(BASE + "a")
    assert not graph.is_class(BASE + "x")
    assert graph.label(BASE + "a") == "A"
    assert graph.definition(BASE + "a") == ""
    assert graph.predicates(BASE + "a") == ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", Rdfs.label)
    assert graph.has(BASE + "a", Rdfs.label, ox.Literal("A", language="en"))
    assert Owl.Class in iris(graph.values(BASE + "a", graph.predicates(BASE + "a")[0]))


def test_names_for_messages() -> None:
    graph = read(a=":s :p [ :q 1 ] .")
    blank = graph.values(BASE + "s", P)[0]
    assert isinstance(blank, ox.BlankNode)
    assert graph.name_of(blank) == "an anonymous class"
    assert graph.name_of(BASE + "s") == "s"
    assert local_name("http://example.org/a/b#c") == "c"
    assert local_name("http://example.org/a/b") == "b"
