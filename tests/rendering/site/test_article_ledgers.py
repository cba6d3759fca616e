"""Tensions, silences and sources on the Article page: complete, true to the queries, with marks that lose no letter."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rendering.site.article_support import values
from tests.support import shipped
from vhkg.answering.algorithm import algorithm, standings
from vhkg.answering.published import published
from vhkg.rendering.site.article import article_view
from vhkg.rendering.site.article_ledgers import Ledgers, compared
from vhkg.rendering.site.map import picture
from vhkg.stores import Catalogue, EmbeddedStore, run

CONTENT = shipped().content
ALGORITHM = algorithm(shipped())
FOUND = Ledgers(CONTENT, values())


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore(published(shipped()))


@given(st.lists(st.text(st.sampled_from("ab,. \n"), max_size=30), max_size=4))
def test_no_letter_is_lost_by_comparing(texts: list[str]) -> None:
    assert ["".join(run.text for run in runs) for runs in compared(texts)] == texts


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=1), st.integers(2, 4))
def test_the_same_words_do_not_differ(text: str, times: int) -> None:
    assert not any(run.differs for runs in compared([text] * times) for run in runs)


@pytest.mark.parametrize(
    ("texts", "marked"),
    [
        (["deficit WITH pain here", "deficit WITHOUT pain here"], [["WITH"], ["WITHOUT"]]),
        (["boil the kettle, twice", "boil the kettle twice"], [[], []]),
        (["boil vinegar in the kettle", "boil the kettle with vinegar"], [["vinegar in"], ["with vinegar"]]),
        (["one thing", "quite another matter"], [[], []]),
        (["alone"], [[]]),
        (["rinse the kettle once", "rinse the kettle often", "never rinse it"], [["once"], ["often"], ["never", "it"]]),
    ],
)
def test_what_differs_is_marked_where_sentences_are_alike(texts: list[str], marked: list[list[str]]) -> None:
    assert [[run.text for run in runs if run.differs] for runs in compared(texts)] == marked


def test_every_tension_has_its_sentences_and_says_where_they_meet() -> None:
    found = {each.name: each for each in FOUND.tensions()}
    assert set(found) == {*CONTENT.readings, *CONTENT.decisions}
    for name, each in found.items():
        known = CONTENT.readings.get(name) or CONTENT.decisions[name]
        assert [said.name for said in each.sentences] == list(known.concerns)
        for said in each.sentences:
            statement = CONTENT.statements[said.name]
            text = "".join(run.text for run in said.runs)
            assert text == (statement.quote or statement.description)
            assert said.ours is not bool(statement.quote)
            if len(statement.part_of) == 1 and not said.ours:
                whole = CONTENT.statements[statement.part_of[0]].quote
                assert said.before + text + said.after == whole
        met = [met for met in values().meetings[name] if met.states]
        assert len(each.meetings) == len(met)
        assert each.idle is not bool(values().meetings[name])
    assert sum(bool(each.meetings) for each in found.values()) > 20


def test_every_silence_has_its_nearest_sentence() -> None:
    found = {each.name: each for each in FOUND.silences()}
    assert list(found) == [silence.name for silence in CONTENT.silences]
    for silence in CONTENT.silences:
        nearest = found[silence.name].nearest
        assert nearest is not None
        assert nearest.name == silence.nearest
    assert {name for name, each in found.items() if each.gap} == {s.name for s in CONTENT.silences if s.gap}
    rooms = {name for name, each in found.items() if each.room}
    drawn = str(picture(ALGORITHM, standings(ALGORITHM)))
    assert rooms == set(re.findall(r'data-silence="(\w+)"', drawn))


def test_what_falls_with_a_citation_is_what_the_query_says(store: EmbeddedStore) -> None:
    question = Catalogue(shipped().files.queries).get("withdrawn-citation")
    for each in FOUND.sources():
        rows = run(question, store, {"withdrawn": each.source.marker})
        answers = [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
        said = {(row["item"], row["statement"]): row["answer"] for row in answers}
        assert {key for key, text in said.items() if "falls" in text} == {
            (lost.recommendation, lost.statement) for lost in each.falls
        }
        for kept in each.stands:
            assert said[kept.recommendation, kept.statement].endswith(f"stands on {', '.join(kept.left)}")
        assert sum("unchanged" in text for text in said.values()) == each.unchanged
        assert len(said) == len(each.falls) + len(each.stands) + each.unchanged


def test_each_source_has_the_passages_that_cite_it() -> None:
    for each in FOUND.sources():
        marker = each.source.marker
        expected = [s.name for s in CONTENT.statements.values() if s.order and marker in s.citations]
        assert [said.name for said in each.passages] == expected
        assert not any(run.differs for said in each.passages for run in said.runs)


def test_the_bar_counts_every_passage_once() -> None:
    view = article_view(CONTENT, values())
    counts = Counter(s.disposition for s in CONTENT.statements.values() if s.order)
    assert {share.became: share.number for share in view.shares} == counts
    assert [share.start for share in view.shares] == [
        sum(share.number for share in view.shares[:place]) for place in range(len(view.shares))
    ]
    assert sum(counts.values()) + view.claims == len(CONTENT.statements)


def test_the_contradiction_of_the_page_with_itself_is_a_tension_of_sentences_about_it() -> None:
    (found,) = article_view(CONTENT, values()).contradictions
    assert len(found.sentences) == 2
    for said in found.sentences:
        assert CONTENT.statements[said.name].modelled_by == (CONTENT.article.name,)
