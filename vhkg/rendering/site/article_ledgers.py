"""What stands below the text: tensions, silences and sources, each with its sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from vhkg.model.content import Content, Reading, Source, Statement
from vhkg.rendering.site.article_text import claims
from vhkg.rendering.site.article_values import (
    Gathered,
    Link,
    State,
    Words,
    is_passage,
    sentence_link,
    state_link,
    tensions,
    words,
)
from vhkg.rendering.wording import joined

MOST_STATES = 3
_ALIKE = 0.3
"""Sentences that share less of their letters, in words longer than `_SHORT`, are not compared word by word."""
_SHORT = 3
_TOKEN = re.compile(r"\S+|\s+")
_LETTERS = re.compile(r"[^\w]+")


class Run(msgspec.Struct, frozen=True):
    """Some words of a sentence; `differs` from the others beside it."""

    text: str
    differs: bool


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence beside others, in the passage that holds it. `ours`: our description, since its words are not held."""

    name: str
    address: str
    before: str
    after: str
    runs: tuple[Run, ...]
    ours: bool
    citations: tuple[str, ...]
    section: str


class Meeting(msgspec.Struct, frozen=True):
    """What is in force together, and the smallest records in which it is; `more` are left out."""

    recommendations: str
    states: tuple[Link, ...]
    more: int


class Tension(msgspec.Struct, frozen=True, kw_only=True):
    """`switch`: another reading can be chosen; else a decision was taken. `apart`: never all in force together.

    `idle`: no recommendation hangs on the sentences.
    """

    name: str
    label: str
    tension: str
    switch: bool
    question: str
    taken: str
    rejected: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    meetings: tuple[Meeting, ...]
    apart: bool
    idle: bool


class Silent(msgspec.Struct, frozen=True, kw_only=True):
    """What the article does not state although asked: in the presentations `raised_by`. `room`: the map has one."""

    name: str
    label: str
    question: str
    gap: bool
    room: bool
    nearest: Sentence | None
    raised_by: tuple[str, ...]


class Withdrawn(msgspec.Struct, frozen=True):
    """A recommendation's sentence if a citation is withdrawn; `left` are those that it cites besides."""

    recommendation: str
    label: str
    statement: str
    left: tuple[str, ...]


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """A citation with the passages that give it. `claims` counts the claims in them."""

    source: Source
    name: str
    passages: tuple[Sentence, ...]
    claims: int
    falls: tuple[Withdrawn, ...]
    stands: tuple[Withdrawn, ...]
    unchanged: int


def compared(texts: Sequence[str]) -> tuple[tuple[Run, ...], ...]:
    """Each text in runs, with the words marked that differ; none are, where they share hardly any.

    Two are aligned; of more, a word differs if it occurs in no other.
    """
    tokens = [_TOKEN.findall(text) for text in texts]
    keys = [[_LETTERS.sub("", token).lower() for token in each] for each in tokens]
    common = _aligned(*keys) if len(texts) == 2 else _elsewhere(keys)
    shares = [
        sum(len(each[place]) for place in held if len(each[place]) > _SHORT) / (sum(map(len, each)) or 1)
        for each, held in zip(keys, common, strict=True)
    ]
    if max(shares, default=0) < _ALIKE:
        return tuple((Run(text, False),) for text in texts)
    return tuple(
        _runs(each, [bool(key) and place not in held for place, key in enumerate(those)])
        for each, those, held in zip(tokens, keys, common, strict=True)
    )


def _aligned(first: Sequence[str], second: Sequence[str]) -> list[set[int]]:
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return [
        {block.a + n for block in blocks for n in range(block.size)},
        {block.b + n for block in blocks for n in range(block.size)},
    ]


def _elsewhere(keys: Sequence[Sequence[str]]) -> list[set[int]]:
    found = []
    for place, each in enumerate(keys):
        others = {key for other in (*keys[:place], *keys[place + 1 :]) for key in other}
        found.append({n for n, key in enumerate(each) if key in others})
    return found


def _runs(tokens: Sequence[str], differs: Sequence[bool]) -> tuple[Run, ...]:
    """Neighbours that differ become one run, with the space between them."""
    found: list[Run] = []
    for place, (token, marked) in enumerate(zip(tokens, differs, strict=True)):
        between = token.isspace() and 0 < place < len(tokens) - 1 and differs[place - 1] and differs[place + 1]
        run = marked or between
        if found and found[-1].differs == run:
            found[-1] = Run(found[-1].text + token, run)
        else:
            found.append(Run(token, run))
    return tuple(found)


class Ledgers:
    """The three ledgers of one knowledge, in the order of the page."""

    def __init__(self, content: Content, gathered: Gathered) -> None:
        self._content, self._gathered = content, gathered
        self._recommendations = {each.name: each.label for each in content.recommendations}

    def tensions(self) -> tuple[Tension, ...]:
        content = self._content
        found = []
        for each in tensions(content):
            met = self._gathered.meetings.get(each.name, ())
            switch = isinstance(each, Reading)
            options = each.alternatives if isinstance(each, Reading) else ()
            default = each.default if isinstance(each, Reading) else ""
            taken = next((option.label for option in options if option.name == default), "")
            found.append(
                Tension(
                    name=each.name,
                    label=each.label,
                    tension=each.tension,
                    switch=switch,
                    question=each.question if isinstance(each, Reading) else "",
                    taken=taken if isinstance(each, Reading) else each.decision,
                    rejected=tuple(option.label for option in options if option.name != default),
                    sentences=self._sentences(each.concerns),
                    meetings=tuple(self._meeting(m.recommendations, m.states) for m in met if m.states),
                    apart=len(met) > 1,
                    idle=not met,
                )
            )
        return tuple(found)

    def silences(self) -> tuple[Silent, ...]:
        content = self._content
        return tuple(
            Silent(
                name=each.name,
                label=each.label,
                question=each.question,
                gap=each.gap,
                room=each.name in self._gathered.rooms,
                nearest=next(iter(self._sentences((each.nearest,))), None),
                raised_by=tuple(
                    content.classes[name].label if name in content.classes else name for name in each.raised_by
                ),
            )
            for each in content.silences
        )

    def sources(self) -> tuple[Cited, ...]:
        return tuple(self._cited(source) for source in self._content.sources.values())

    def _cited(self, source: Source) -> Cited:
        content, marker = self._content, source.marker
        citing = [each.name for each in content.statements.values() if marker in each.citations and is_passage(each)]
        hit: list[Withdrawn] = []
        unchanged = 0
        for recommendation in content.recommendations:
            for use in recommendation.uses:
                if use.role != "action" or use.statement not in content.statements:
                    continue
                cites = content.statements[use.statement].citations
                left = tuple(other for other in cites if other != marker)
                if marker in cites:
                    hit.append(Withdrawn(recommendation.name, recommendation.label, use.statement, left))
                else:
                    unchanged += 1
        return Cited(
            source=source,
            name=self._gathered.sources.get(marker, ""),
            passages=self._sentences(citing, compare=False),
            claims=sum(marker in claim.citations for claim in claims(content)),
            falls=tuple(each for each in hit if not each.left),
            stands=tuple(each for each in hit if each.left),
            unchanged=unchanged,
        )

    def _sentences(self, names: Sequence[str], *, compare: bool = True) -> tuple[Sentence, ...]:
        known = [self._content.statements[name] for name in names if name in self._content.statements]
        shown: list[Words] = [words(each, self._gathered.text) for each in known]
        # a description of ours is no sentence of the article: its words are not compared
        held = [each.text for each in shown if not each.ours]
        compare = compare and len(held) == len(shown)
        runs = iter(compared(held) if compare else tuple((Run(text, False),) for text in held))
        return tuple(
            Sentence(
                name=each.name,
                address=sentence_link(each.name),
                before=self._around(each, said)[0],
                after=self._around(each, said)[1],
                runs=(Run(said.text, False),) if said.ours else next(runs),
                ours=said.ours,
                citations=each.citations,
                section=each.section,
            )
            for each, said in zip(known, shown, strict=True)
        )

    def _around(self, each: Statement, said: Words) -> tuple[str, str]:
        """What stands before and after a claim in its passage, if one passage holds all of it."""
        whole = self._content.statements.get(each.part_of[0]) if len(each.part_of) == 1 else None
        text = words(whole, self._gathered.text) if whole is not None else None
        if whole is None or text is None or text.ours or said.ours:
            return "", ""
        return text.text[: each.start - whole.start], text.text[each.end - whole.start :]

    def _meeting(self, names: Sequence[str], states: Sequence[State]) -> Meeting:
        return Meeting(
            joined([self._recommendations.get(name, name) for name in names]),
            tuple(state_link(state, self._content, self._gathered.digest) for state in states[:MOST_STATES]),
            max(0, len(states) - MOST_STATES),
        )
