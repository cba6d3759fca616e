"""Questions 33 and 34 against the mapping files, read here in another way; narrowed to one target, on three engines."""

from __future__ import annotations

import csv

import pytest

from tests.support import shipped
from vhkg.stores import Catalogue, EmbeddedStore, Endpoint, Engine, RdflibStore, run

CATALOGUE = Catalogue(shipped().files.queries)
MATCHED, WITHOUT = CATALOGUE.get("33"), CATALOGUE.get("34")
TERMS = set(shipped().content.findings)
ROWS = [
    row | {"file": name}
    for name, text in shipped().files.ontology.items()
    if name.endswith(".sssom.tsv")
    for row in csv.DictReader((x for x in text.decode().splitlines() if not x.startswith("#")), delimiter="\t")
]
VERIFIED = [row for row in ROWS if row["mapping_justification"] == "semapv:ManualMappingCuration"]
LEADS = [row for row in ROWS if row not in VERIFIED]
FOUND = [row for row in VERIFIED if row["object_id"] != "sssom:NoTermFound"]
TARGETS = sorted({row["object_id"].partition(":")[0] for row in FOUND})


def answer(row: dict[str, str]) -> tuple[str, str]:
    relation = f"{'not ' if row['predicate_modifier'] else ''}{row['predicate_id'].removeprefix('skos:')}"
    return row["subject_id"].removeprefix("vhkg:"), f"{relation} {row['object_id']} {row['object_label']}".strip()


@pytest.fixture(scope="module")
def engines(embedded: EmbeddedStore, rdflib_store: RdflibStore, endpoint: Endpoint) -> list[Engine]:
    return [embedded, rdflib_store, endpoint]


def test_every_verified_row_is_a_match_and_no_lead_is(embedded: EmbeddedStore) -> None:
    rows = run(MATCHED, embedded).dicts()
    assert sorted((row["item"], row["answer"]) for row in rows) == sorted(map(answer, FOUND))
    text = " ".join(row["answer"] for row in rows)
    known = {row["object_id"] for row in FOUND}
    assert LEADS
    for lead in LEADS:
        assert lead["object_id"] in known or f"{lead['object_id']} " not in f"{text} "
        assert answer(lead) not in {(row["item"], row["answer"]) for row in rows}


def test_rejected_matches_say_so_and_why(embedded: EmbeddedStore) -> None:
    rejected = [row for row in run(MATCHED, embedded).dicts() if row["answer"].startswith("not ")]
    assert len(rejected) == 7
    assert all("rejected" in row["flags"].split(" | ") for row in rejected)
    assert all("; evidence: " in row["condition"] for row in rejected)


def test_each_match_says_how_it_was_checked(embedded: EmbeddedStore) -> None:
    for row in run(MATCHED, embedded).dicts():
        assert row["condition"].startswith("manual curation, confidence 0.")
        assert "; read in " in row["condition"]
        assert row["answer_kind"] == "candidate"


@pytest.mark.parametrize("target", [*TARGETS, "nowhere"])
def test_one_terminology_at_a_time(target: str, engines: list[Engine]) -> None:
    there = [row for row in FOUND if row["object_id"].partition(":")[0] == target]
    counterparts = {
        row["subject_id"].removeprefix("vhkg:")
        for row in there
        if not row["predicate_modifier"] and row["predicate_id"] in ("skos:exactMatch", "skos:closeMatch")
    }
    for engine in engines:
        matched = run(MATCHED, engine, {"target": target}).dicts()
        assert sorted((row["item"], row["answer"]) for row in matched) == sorted(map(answer, there))
        without = run(WITHOUT, engine, {"target": target}).dicts()
        assert sorted(row["item"] for row in without) == sorted(TERMS - counterparts)
        named = [each for row in without for each in row["condition"].split(" | ") if f" {target}:" in f" {each}"]
        wanted = [answer(row)[1] for row in there if answer(row)[0] not in counterparts]
        assert sorted(named) == sorted(wanted)


def test_a_term_of_ours_is_matched_or_without_a_counterpart_or_both_only_in_part(embedded: EmbeddedStore) -> None:
    close = {
        row["subject_id"].removeprefix("vhkg:")
        for row in FOUND
        if not row["predicate_modifier"] and row["predicate_id"] in ("skos:exactMatch", "skos:closeMatch")
    }
    without = run(WITHOUT, embedded).dicts()
    assert {row["item"] for row in without} == TERMS - close
    assert len(without) == len(TERMS - close)
    searched = {row["item"] for row in without if "searched" in row["answer"]}
    assert searched == {row["subject_id"].removeprefix("vhkg:") for row in VERIFIED if row not in FOUND}
    assert all("searched: " in row["condition"] for row in without if row["item"] in searched)


def test_a_target_that_does_not_exist_matches_nothing(embedded: EmbeddedStore) -> None:
    assert run(MATCHED, embedded, {"target": "XX"}).rows == ()
