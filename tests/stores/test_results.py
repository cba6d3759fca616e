"""Rows: local names, list cells and their order."""

from __future__ import annotations

from vhkg.stores.results import Rows, shown_iri, sort_lists


def test_terms_of_the_ontology_are_shown_by_local_name() -> None:
    assert shown_iri("https://w3id.org/vhkg/ontology#C20") == "C20"
    assert shown_iri("https://w3id.org/vhkg/answer/a") == "https://w3id.org/vhkg/answer/a"


def test_list_cells_are_sorted_and_others_left_alone() -> None:
    rows = Rows(("a", "b"), (("10. z | 2. y | 2. y", "z | a"), ("", "")))
    assert sort_lists(rows, ["a", "absent"]).rows == (("2. y | 10. z", "z | a"), ("", ""))
    assert sort_lists(rows, []) is rows
