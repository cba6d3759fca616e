from __future__ import annotations

import pytest

from vhkg.mapping.hierarchy import Collector, Hierarchy, compact, expanded
from vhkg.namespaces import OBO

EX = "https://example.org/"


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("HP:0003418", OBO + "HP_0003418"),
        ("NCIT:C6477", OBO + "NCIT_C6477"),
        ("EX:1", EX + "1"),
        ("https://example.org/1", "https://example.org/1"),
        ("part_of", "part_of"),
        ("HP:two words", "HP:two words"),
    ],
)
def test_ids_are_expanded_by_the_spaces_of_the_file_or_by_the_rule_of_obo(curie: str, iri: str) -> None:
    assert expanded(curie, {"EX": EX}) == iri


@pytest.mark.parametrize(
    ("iri", "shown"),
    [
        (OBO + "HP_0003418", "HP:0003418"),
        (EX + "1", "EX:1"),
        (EX, EX),
        ("urn:x:1", "urn:x:1"),
        (OBO + "hp.owl", OBO + "hp.owl"),
    ],
)
def test_iris_are_shown_as_people_write_them(iri: str, shown: str) -> None:
    assert compact(iri, {"EX": EX}) == shown


def made(**edges: str) -> Hierarchy:
    collector = Collector()
    for below, above in edges.items():
        for each in above.split():
            collector.parents[below].add(each)
    return collector.hierarchy("f", "v")


def test_above_ends_on_a_circle_and_takes_every_way() -> None:
    assert made(a="b c", b="d", c="d", d="a", e="a").above(["a"]) == {"a", "b", "c", "d"}
    assert made(a="b").above(["z"]) == set()


def test_a_label_is_english_or_of_no_language_before_others() -> None:
    collector = Collector()
    for text, language in (("douleur", "fr"), ("Pain", "en"), ("Ache", "en-GB"), ("Weh", "de")):
        collector.label("a", text, language)
    collector.classes.add("a")
    collector.label("b", "douleur", "fr")
    collector.classes.add("b")
    terms = collector.hierarchy("f", "").terms
    assert (terms["a"].label, terms["a"].language) == ("Pain", "en")
    assert (terms["b"].label, terms["b"].language) == ("douleur", "fr")


def test_what_is_deprecated_or_absorbed_is_obsolete_and_nobodys_parent() -> None:
    collector = Collector()
    collector.classes |= {"a", "b", "live", "old"}
    collector.parents["a"] |= {"b", "old"}
    collector.deprecated.add("old")
    collector.replaced["old"] |= {"b"}
    collector.absorbed["merged"].add("b")
    collector.absorbed["live"].add("a")
    found = collector.hierarchy("f", "")
    assert found.obsolete == {"old": ("b",), "merged": ("b",)}
    assert set(found.terms) == {"a", "b", "live"}
    assert found.terms["a"].parents == ("b",)
