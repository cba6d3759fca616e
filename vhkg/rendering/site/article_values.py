"""What the Article page is given besides the content: what others computed, and where things lie on other pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

import msgspec

from vhkg.model.content import Content, ModellingDecision, Reading, Statement
from vhkg.model.description import Part

State = tuple[tuple[str, bool], ...]
"""Findings present or absent, by name: facts of a record."""
_DIGEST = 12


class Met(msgspec.Struct, frozen=True):
    """Recommendations in force together, and the smallest states in which they are; no state where none exists."""

    recommendations: tuple[str, ...]
    states: tuple[State, ...]


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is the article, empty where it is not held.

    `rooms` are the silences that have a room on the map; `expressions` the definitions of presentation classes;
    `states` the smallest states in which each recommendation is in force; `meetings` those of the recommendations on
    the sentences of each tension; `sources` the names of the sources by marker.
    """

    digest: str
    text: str = ""
    publisher: str = ""
    expressions: Mapping[str, tuple[Part, ...]]
    states: Mapping[str, tuple[State, ...]]
    meetings: Mapping[str, tuple[Met, ...]]
    sources: Mapping[str, str]
    rooms: frozenset[str] = frozenset()


class Link(msgspec.Struct, frozen=True):
    """Some words, and the address that they lead to."""

    address: str
    words: str


class Words(msgspec.Struct, frozen=True):
    """The words that stand for a statement. `ours`: a description, since the article's words are not held.

    `filled`: they are of the file that was given, and not of the knowledge.
    """

    text: str
    ours: bool = False
    filled: bool = False


def words(statement: Statement, text: str) -> Words:
    """The quotation; else the passage in the article if that is held; else our description of it."""
    if statement.quote:
        return Words(statement.quote)
    if text:
        return Words(text[statement.start : statement.end], filled=True)
    return Words(statement.description or statement.because, ours=True)


def sentence_link(name: str) -> str:
    """The sentence's own page."""
    return f"/article/{quote(name)}"


def term_link(name: str) -> str:
    return f"/terms/{quote(name)}"


def patient_link(digest: str, state: State) -> str:
    """The Patient page with some facts set: in the fragment, which no server is told."""
    facts = ",".join(f"{quote(name)}.{'p' if present else 'a'}" for name, present in state)
    return f"/#k={digest[:_DIGEST]}&f={facts}"


def state_words(state: State, content: Content) -> str:
    """The facts of a state by their labels."""
    named = [
        f"{content.findings[name].label if name in content.findings else name} {'present' if present else 'absent'}"
        for name, present in state
    ]
    return ", ".join(named) or "any record"


def state_link(state: State, content: Content, digest: str) -> Link:
    return Link(patient_link(digest, state), state_words(state, content))


def is_passage(statement: Statement) -> bool:
    """Passages have a place in the article; claims are parts of passages."""
    return statement.order > 0


def wholes(content: Content, name: str) -> Sequence[str]:
    """The passages in which a statement stands."""
    statement = content.statements.get(name)
    return () if statement is None else statement.part_of or (name,)


def tensions(content: Content) -> list[Reading | ModellingDecision]:
    """Readings that can be switched, then decisions that were taken."""
    return [*content.readings.values(), *content.decisions.values()]
