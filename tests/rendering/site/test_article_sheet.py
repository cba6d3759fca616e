"""The sheet of a sentence: all that was made of it, where it decides, a citation, a letter without patients."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.rendering.site.article_support import values
from tests.support import shipped
from vhkg.model.answer import Status
from vhkg.rendering.site.article_sheet import Sheet, sheet
from vhkg.rendering.site.article_values import Link, tensions

CONTENT = shipped().content
ALL = {name: sheet(CONTENT, values(), name) for name in CONTENT.statements}
IN_FORCE = (Status.APPLIES, Status.ADVISED_AGAINST)


def rows(link: Link) -> list[dict[str, str]]:
    """The facts of a link to the Patient page, as a record."""
    address = urlsplit(link.address)
    assert (address.path, address.query) == ("/", "")
    fragment = parse_qs(address.fragment, strict_parsing=True)
    assert set(fragment) == {"k", "f"}
    assert shipped().compiled.digest.startswith(fragment["k"][0])
    assert len(fragment["k"][0]) == 12
    facts = [unquote(each).rsplit(".", 1) for each in fragment["f"][0].split(",")]
    return [
        {"patient": "p", "finding": name, "status": {"p": "present", "a": "absent"}[letter]} for name, letter in facts
    ]


@pytest.mark.parametrize("recommendation", CONTENT.recommendations, ids=lambda each: each.name)
def test_its_sentences_lead_to_the_smallest_records_in_which_it_is_in_force(recommendation) -> None:  # type: ignore[no-untyped-def]
    action = next(use.statement for use in recommendation.uses if use.role == "action")
    (made,) = [each for each in ALL[action].made if each.name == recommendation.name]
    assert made.states

    def status(facts: list[dict[str, str]]) -> Status:
        (found,) = shipped().recommend(facts)
        return next(each.base_status for each in found.recommendations if each.id == recommendation.name)

    for link in made.states:
        facts = rows(link)
        assert status(facts) in IN_FORCE
        for place in range(len(facts) if len(facts) > 1 else 0):
            assert status(facts[:place] + facts[place + 1 :]) not in IN_FORCE


def test_whatever_uses_a_sentence_stands_on_its_sheet() -> None:
    for recommendation in CONTENT.recommendations:
        for use in recommendation.uses:
            (made,) = [each for each in ALL[use.statement].made if each.name == recommendation.name]
            assert use.role in made.roles
            assert made.expression
            assert made.condition.name == recommendation.condition
            assert (made.exclusion.name if made.exclusion else "") == recommendation.exclusion
            assert made.modality == recommendation.modality
            assert made.verb == ("recommends" if recommendation.direction == "for" else "advises against")
            assert made.action.label != recommendation.target
    for outcome in CONTENT.outcomes.values():
        assert all(outcome.id in {each.name for each in ALL[name].evidence} for name in outcome.statements)
    for finding in CONTENT.findings.values():
        assert all(finding.name in {each.name for each in ALL[name].definitions} for name in finding.derived_from)
    for tension in tensions(CONTENT):
        assert all(tension.name in {each.name for each in ALL[name].chosen} for name in tension.concerns)
    for silence in CONTENT.silences:
        assert silence.name in {each.name for each in ALL[silence.nearest].silences}


def test_every_alternative_is_chosen_or_rejected() -> None:
    for reading in CONTENT.readings.values():
        (found,) = [each for each in ALL[reading.concerns[0]].chosen if each.name == reading.name]
        labels = [found.chosen, *(each.label for each in found.rejected)]
        assert labels[0] == next(a.label for a in reading.alternatives if a.name == reading.default)
        assert sorted(labels) == sorted(a.label for a in reading.alternatives)


def test_every_claim_is_on_the_sheet_of_its_passage() -> None:
    for name, statement in CONTENT.statements.items():
        for whole in statement.part_of:
            assert name in {piece.name for piece in ALL[whole].pieces}
            assert whole in ALL[name].part_of


def test_neighbours_are_those_of_the_text() -> None:
    ordered = [s.name for s in sorted(CONTENT.statements.values(), key=lambda s: s.order) if s.order]
    assert [ALL[name].after for name in ordered] == [*ordered[1:], ""]
    assert [ALL[name].before for name in ordered] == ["", *ordered[:-1]]


@pytest.mark.parametrize("name", ["S31", "C20", "M04"])
def test_the_citation_identifies_the_words(name: str) -> None:
    found: Sheet = ALL[name]
    statement = found.statement
    for part in (
        statement.name, f"{statement.start}-{statement.end}", CONTENT.article.sha256, CONTENT.article.title,
        CONTENT.article.review_status, shipped().compiled.digest, statement.quote or statement.description,
    ):  # fmt: skip
        assert part in found.citation
    assert (f'"{statement.quote}"' in found.citation) is bool(statement.quote)


def test_the_letter_is_about_the_sentence_and_has_no_receiver() -> None:
    for name, found in ALL.items():
        letter = urlsplit(found.report)
        assert (letter.scheme, letter.path) == ("mailto", "")
        said = parse_qs(letter.query)
        assert re.search(rf"\b{name}\b", said["subject"][0])
        assert found.citation in said["body"][0]
