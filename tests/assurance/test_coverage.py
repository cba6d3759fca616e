"""The ledger against the article: every character accounted for, every quotation exact."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vhkg.assurance.coverage import check_ledger, check_source, printed_citations
from vhkg.assurance.report import count, is_clinical_claim
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.content import Content, Statement

pytestmark = pytest.mark.source


@pytest.fixture(scope="module")
def content(compiled: CompiledKnowledge) -> Content:
    return compiled.content


@pytest.fixture(scope="module")
def claims(article_path: Path) -> list[dict[str, str]]:
    with article_path.with_name("claims.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _for(content: Content, text: str) -> Content:
    """The same ledger, had this text been the article that was read."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return msgspec.structs.replace(content, article=msgspec.structs.replace(content.article, sha256=digest))


def _with(content: Content, name: str, **changes: object) -> Content:
    changed: Statement = msgspec.structs.replace(content.statements[name], **changes)
    return msgspec.structs.replace(content, statements=content.statements | {name: changed})


def _checks(content: Content, text: bytes | str) -> set[tuple[str, str]]:
    return {(fault.check, fault.place) for fault in check_source(content, text)}


# --- the shipped ledger


def test_the_ledger_agrees_with_the_article(content: Content, article: bytes) -> None:
    assert check_source(content, article) == ()
    assert check_source(content, article.decode()) == ()


def test_every_claim_of_the_list_is_found_by_its_span(content: Content, claims: list[dict[str, str]]) -> None:
    by_span = {(s.start, s.end, s.name): s for s in content.statements.values()}
    for claim in claims:
        statement = by_span[int(claim["char_start"]), int(claim["char_end"]), claim["id"]]
        assert statement.line == int(claim["line"])
        assert set(statement.citations) == set(claim["citations"].split(";")) - {"uncited"}
        if claim["kind"] != "meta":
            assert statement.quote == claim["quote"]


def test_the_clinical_claims_are_those_of_the_list(content: Content, claims: list[dict[str, str]]) -> None:
    listed = {claim["id"] for claim in claims if claim["kind"] == "clinical"}
    assert len(listed) == 63
    assert {s.name for s in content.statements.values() if is_clinical_claim(content, s)} == listed
    counts = count(content)
    assert counts.clinical_claims == 63
    assert counts.uncited_clinical_claims == sum(
        claim["citations"] == "uncited" for claim in claims if claim["kind"] == "clinical"
    )


# --- any altered character, any unaccounted line


def test_any_altered_character_is_a_fault(content: Content, article: bytes) -> None:
    text = article.decode()

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, len(text) - 1), st.characters(codec="utf-8"))
    def alter(position: int, replacement: str) -> None:
        altered = text[:position] + replacement + text[position + 1 :]
        assert bool(check_source(content, altered)) == (altered != text)

    alter()


def test_an_altered_character_is_found_by_the_quotations_alone(content: Content, article: bytes) -> None:
    text = article.decode()
    visible = [position for position, character in enumerate(text) if not character.isspace()]

    @settings(max_examples=150, deadline=None)
    @given(st.sampled_from(visible), st.sampled_from("aZ7%;é"))
    def alter(position: int, replacement: str) -> None:
        altered = text[:position] + replacement + text[position + 1 :]
        assert bool(check_source(_for(content, altered), altered)) == (altered != text)

    alter()


def test_a_character_added_or_taken_away_is_a_fault(content: Content, article: bytes) -> None:
    text = article.decode()

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, len(text) - 1), st.booleans())
    def shift(position: int, added: bool) -> None:
        altered = text[:position] + ("x" + text[position:] if added else text[position + 1 :])
        assert check_source(_for(content, altered), altered)

    shift()


def test_a_passage_left_out_of_the_ledger_is_an_unaccounted_line(content: Content, article: bytes) -> None:
    for name, statement in content.statements.items():
        if not statement.part_of:
            rest = {other: kept for other, kept in content.statements.items() if other != name}
            found = check_source(msgspec.structs.replace(content, statements=rest), article)
            assert ("unaccounted", f"line {statement.line}") in {(fault.check, fault.place) for fault in found}


def test_a_line_after_the_last_is_unaccounted(content: Content, article: bytes) -> None:
    longer = article.decode() + "\n\nOne more line."
    assert ("unaccounted", "line 108") in _checks(_for(content, longer), longer)


def test_another_file_is_told_by_its_digest(content: Content, article: bytes) -> None:
    assert ("sha256", "Article") in _checks(content, article + b" ")
    assert ("encoding", "byte 0") in _checks(content, b"\xff" + article)


def test_faults_do_not_repeat_what_the_ledger_does_not_quote(content: Content, article: bytes) -> None:
    faults = check_source(content, article.upper())
    assert faults
    assert not any("ADVISORY" in str(fault) for fault in faults)


# --- each rule, on one changed statement


@pytest.mark.parametrize(
    ("name", "changes", "check"),
    [
        ("C20", {"quote": "Percutaneous vertebroplasty."}, "quotation"),
        ("C20", {"quote": "", "span_sha256": ""}, "quotation"),
        ("C20", {"start": 1601}, "quotation"),
        ("C20", {"end": 99999}, "span"),
        ("C20", {"start": -1}, "span"),
        ("C20", {"prefix": "before"}, "prefix"),
        ("C20", {"prefix": ""}, "prefix"),
        ("C20", {"suffix": "after"}, "suffix"),
        ("C20", {"line": 44}, "line"),
        ("M01", {"span_sha256": "0" * 64}, "span-hash"),
        ("C20", {"part_of": ()}, "containment"),
        ("C20", {"part_of": ("S32",)}, "containment"),
        ("C20", {"part_of": ("Nowhere",)}, "containment"),
        ("C20", {"citations": ("2",)}, "citation"),
        ("S39", {"citations": ("2",)}, "citation"),
        ("S32", {"citations": ("1",)}, "citation"),
        ("S31", {"order": 99}, "order"),
        ("S32", {"order": 31}, "order"),
        ("C20", {"disposition": "perhaps"}, "disposition"),
        ("C20", {"modelled_by": ()}, "disposition"),
        ("C20", {"modelled_by": ("Nothing",)}, "disposition"),
        ("C20", {"modelled_by": ("DiagnosticMRI",)}, "disposition"),
        ("C65", {"because": ""}, "disposition"),
        ("C65", {"modelled_by": ("DiagnosticMRI",)}, "disposition"),
        ("C65", {"quote": "", "span_sha256": "0" * 64}, "quotation"),
        ("C20", {"section": "Another heading"}, "section"),
        ("C20", {"section": "Surgical Approaches"}, "section"),
    ],
)
def test_a_changed_statement_is_a_fault(
    content: Content, article: bytes, name: str, changes: dict[str, object], check: str
) -> None:
    found = _checks(_with(content, name, **changes), article)
    assert check in {rule for rule, _ in found}


def test_a_passage_that_begins_before_another_ends_is_a_fault(content: Content, article: bytes) -> None:
    assert ("order", "S32") in _checks(_with(content, "S31", end=content.statements["S32"].end), article)


def test_a_title_that_is_not_printed_is_a_fault(content: Content, article: bytes) -> None:
    renamed = msgspec.structs.replace(content.article, title="A title that nobody read")
    assert ("title", "Article") in _checks(msgspec.structs.replace(content, article=renamed), article)


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("Surgical decompression with preoperative embolization 2, 3", ("2", "3")),
        ("with follow-up of 5.8 years 1", ("1",)),
        ("(observed in 12.5% of cases) 1", ("1",)),
        ("with follow-up of 5.8", ()),
        ("Last updated: August 26, 2025", ()),
        ("A sentence with a full stop 12.", ("12",)),
        ("no marker", ()),
        ("1", ()),
    ],
)
def test_citations_are_the_numbers_that_close_a_passage(text: str, markers: tuple[str, ...]) -> None:
    assert printed_citations(text) == markers


def test_the_ledger_alone_is_sound_without_the_article(content: Content) -> None:
    assert check_ledger(content) == ()
