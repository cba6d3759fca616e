"""The text on the Article page: every passage once, as it stands in the article, and figures that can be counted."""

from __future__ import annotations

import pytest

from tests.rendering.site.article_support import values
from tests.support import SOURCE, shipped
from vhkg.answering.published import published
from vhkg.rendering.site.article_text import Mark, claims, figures, marks, passages
from vhkg.stores import Catalogue, EmbeddedStore, run

CONTENT = shipped().content
BARE = passages(CONTENT, values())
FILLED = passages(CONTENT, values(filled=True))


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore(published(shipped()))


def test_every_passage_is_there_once_in_order() -> None:
    expected = sorted((s for s in CONTENT.statements.values() if s.order), key=lambda s: s.start)
    for found in (BARE, FILLED):
        assert [each.name for each in found] == [each.name for each in expected]


def test_every_claim_has_one_place() -> None:
    placed = [name for each in BARE for segment in each.segments for name in segment.ids]
    assert sorted(placed) == sorted(s.name for s in CONTENT.statements.values() if not s.order)


def test_a_claim_begins_where_its_segment_does() -> None:
    for each in FILLED:
        start = CONTENT.statements[each.name].start
        for segment in each.segments:
            assert all(CONTENT.statements[name].start == start for name in segment.ids)
            start += len(segment.text)


def test_the_words_are_those_of_the_article() -> None:
    article = SOURCE.read_text(encoding="utf-8")
    for each in FILLED:
        statement = CONTENT.statements[each.name]
        assert "".join(segment.text for segment in each.segments) == article[statement.start : statement.end]
        assert each.length == statement.end - statement.start
    for each in BARE:
        statement = CONTENT.statements[each.name]
        assert "".join(segment.text for segment in each.segments) == statement.quote
        assert each.words.ours is not bool(statement.quote)


def test_the_indentation_is_that_of_the_article() -> None:
    """Quotations say what stands before them, so that both ways agree."""
    every = CONTENT.statements.values()
    lines = SOURCE.read_text(encoding="utf-8").split("\n")
    for bare, filled in zip(BARE, FILLED, strict=True):
        statement = CONTENT.statements[bare.name]
        line = lines[statement.line - 1]
        assert filled.depth == (len(line) - len(line.lstrip())) // 2
        assert filled.bullet is line.lstrip().startswith("•")
        first = not any(s.order and s.line == statement.line and s.start < statement.start for s in every)
        assert filled.spaced is (first and statement.line > 1 and not lines[statement.line - 2].strip())
        if statement.quote:
            assert (bare.depth, bare.bullet) == (filled.depth, filled.bullet)


def test_the_figures_are_those_of_the_queries(store: EmbeddedStore) -> None:
    catalogue = Catalogue(shipped().files.queries)
    cited = run(catalogue.get("citations"), store)
    row = [dict(zip(cited.columns, each, strict=True)) for each in cited.rows]
    searched = {each["searched"] for each in row} - {""}
    strength = run(catalogue.get("strength-and-certainty"), store)
    kinds = [dict(zip(strength.columns, each, strict=True))["answer_kind"] for each in strength.rows]
    assert len(kinds) == len(CONTENT.recommendations)
    uncited = store.select("""
        PREFIX cito: <http://purl.org/spar/cito/> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX vhkg: <https://w3id.org/vhkg/ontology#>
        SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE {
          ?claim a vhkg:Claim ; oa:hasSelector/oa:exact ?text ; dcterms:isPartOf ?whole .
          FILTER NOT EXISTS { ?claim dcterms:isPartOf/a vhkg:Heading }
          FILTER NOT EXISTS { ?claim cito:citesAsEvidence ?source }
        }""")
    numbers = [each.number for each in figures(CONTENT)]
    assert searched == {f"{numbers[0]} of {numbers[0]}"}
    assert numbers[1] == int(uncited.rows[0][0])
    assert numbers[2] == len({each["item"] for each in row})
    assert numbers[3] == len({each["item"] for each in row if "confidence" in each["answer"]})
    assert numbers[4] == sum(kind != "not-stated" for kind in kinds)


def test_what_is_underlined_is_what_cites_nothing() -> None:
    uncited = {whole for each in claims(CONTENT) if not each.citations for whole in each.part_of}
    assert {each.name for each in BARE if each.uncited} == uncited
    assert all(not each.citations for each in BARE if each.uncited)


def test_the_mark_is_the_first_that_holds() -> None:
    by_name = {each.name: each for each in BARE}
    actions = {use.statement for r in CONTENT.recommendations for use in r.uses if use.role == "action"}
    for name in actions & set(by_name):
        assert by_name[name].mark is Mark.DECISION
    for each in BARE:
        assert (each.mark is Mark.NOT_MODELLED) is (each.became != "modelled")
        about = set(CONTENT.statements[each.name].modelled_by) == {CONTENT.article.name}
        assert (each.mark is Mark.PAGE) is about
    assert set(marks(CONTENT).values()) == {Mark.DECISION, Mark.EVIDENCE, Mark.DEFINITION}
    assert {each.mark for each in BARE} == set(Mark)


def test_opposites_are_mutual() -> None:
    pairs = {(each.name, other.name, other.tension) for each in BARE for other in each.opposite if other.name}
    assert len(pairs) > 40
    assert {(b, a, tension) for a, b, tension in pairs} == pairs


def test_what_is_not_defined_is_marked_where_the_term_comes_from() -> None:
    marked = {link.address for each in BARE for link in each.undefined}
    assert marked == {f"#silence-{f.undefined_in}" for f in CONTENT.findings.values() if f.undefined_in}
    nearest = {link.address for each in BARE for link in each.nearest}
    assert nearest == {f"#silence-{silence.name}" for silence in CONTENT.silences if silence.nearest}
