"""The Article page: what the article says, sentence by sentence, and what was made of it."""

from __future__ import annotations

from collections import Counter

import msgspec

from vhkg.model.content import Content
from vhkg.rendering.site.article_ledgers import Cited, Ledgers, Silent, Tension
from vhkg.rendering.site.article_text import MARKS, Figure, Mark, Passage, figures, passages
from vhkg.rendering.site.article_values import Gathered, tensions

BECAME = {"modelled": "modelled", "deferred": "deferred", "out-of-scope": "out of scope"}
"""What a passage became, in words; the order of the bar."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the bar: so many of the passages, from the `start`-th on."""

    became: str
    words: str
    number: int
    start: int


class ArticleView(msgspec.Struct, frozen=True, kw_only=True):
    """`contradictions` are the tensions of the page with itself. `filled`: the article's text is held."""

    publisher: str
    filled: bool
    figures: tuple[Figure, ...]
    shares: tuple[Share, ...]
    claims: int
    passages: tuple[Passage, ...]
    marks: dict[Mark, str]
    contradictions: tuple[Tension, ...]
    tensions: tuple[Tension, ...]
    silences: tuple[Silent, ...]
    sources: tuple[Cited, ...]


def article_view(content: Content, gathered: Gathered) -> ArticleView:
    """All of the page; the same for every request."""
    ledgers = Ledgers(content, gathered)
    text = passages(content, gathered)
    found = ledgers.tensions()
    about = _of_the_page(content)
    return ArticleView(
        publisher=gathered.publisher,
        filled=bool(gathered.text),
        figures=figures(content),
        shares=_shares(text),
        claims=len(content.statements) - len(text),
        passages=text,
        marks=MARKS,
        contradictions=tuple(each for each in found if each.name in about),
        tensions=found,
        silences=ledgers.silences(),
        sources=ledgers.sources(),
    )


def _shares(text: tuple[Passage, ...]) -> tuple[Share, ...]:
    counts = Counter(passage.became for passage in text)
    found, start = [], 0
    for became, words in BECAME.items():
        if counts[became]:
            found.append(Share(became=became, words=words, number=counts[became], start=start))
            start += counts[became]
    return tuple(found)


def _of_the_page(content: Content) -> frozenset[str]:
    """The tensions all of whose sentences are about the article as a page."""
    about = {each.name for each in content.statements.values() if set(each.modelled_by) == {content.article.name}}
    return frozenset(
        each.name for each in tensions(content) if len(each.concerns) > 1 and about.issuperset(each.concerns)
    )
