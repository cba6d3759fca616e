"""The text of the article, passage by passage: as it stands there, with what became of each and what it rests on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from vhkg.model.content import Content, Statement
from vhkg.rendering.site.article_values import Gathered, Link, Words, is_passage, tensions, wholes, words

_BEFORE = re.compile(r"(?:^|\n)([ \t]*)([•‣◦▪*–-]\s+)?\Z")
"""White space and a bullet between the start of a line and a passage."""
_WIDTH = 2
_DEEPEST = 4


class Mark(StrEnum):
    """What a passage became; the first that holds."""

    DECISION = "decision"
    """A recommendation takes its action, condition, exclusion, line or modality from it."""
    EVIDENCE = "evidence"
    """An outcome is stated in it, or it supports a recommendation."""
    DEFINITION = "definition"
    """A finding, an intervention, a class, a plan or a reading comes from it."""
    PAGE = "page"
    """It is about the article itself."""
    NOT_MODELLED = "not modelled"


MARKS = {
    Mark.DECISION: "a decision: action, condition, line or modality of a recommendation",
    Mark.EVIDENCE: "evidence: an outcome that is stated, or support",
    Mark.DEFINITION: "a definition: a finding, a treatment, a class or a reading",
    Mark.PAGE: "a statement about the page itself",
    Mark.NOT_MODELLED: "not modelled: deferred, or out of scope",
}
"""The legend."""


class Segment(msgspec.Struct, frozen=True):
    """A run of the passage; `ids` are the claims that begin with it."""

    ids: tuple[str, ...]
    text: str


class Opposite(msgspec.Struct, frozen=True):
    """A sentence that pulls against the passage; empty where the passage alone can be read in two ways."""

    name: str
    tension: str
    words: str


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the text. `level` is that of a heading, from 1, and 0 for none. `length` counts characters.

    `spaced`: a line is left free above it. `undefined` are terms without a definition, `nearest` the silences to which
    it comes nearest.
    """

    name: str
    order: int
    became: str
    because: str
    mark: Mark
    level: int
    depth: int
    bullet: bool
    spaced: bool
    words: Words
    segments: tuple[Segment, ...]
    uncited: bool
    citations: tuple[str, ...]
    opposite: tuple[Opposite, ...]
    undefined: tuple[Link, ...]
    nearest: tuple[Link, ...]
    length: int


class Figure(msgspec.Struct, frozen=True):
    number: int
    words: str


def claims(content: Content) -> list[Statement]:
    """The clinical claims: what is quoted outside headings, in the smallest pieces into which it was cut."""
    headings = {each.name for each in content.statements.values() if each.kind == "Heading"}
    cut = {whole for each in content.statements.values() for whole in each.part_of}
    return [
        each
        for each in content.statements.values()
        if each.quote and each.name not in cut | headings and headings.isdisjoint(each.part_of)
    ]


def figures(content: Content) -> tuple[Figure, ...]:
    """The five figures of the head; each is counted in the knowledge."""
    found = claims(content)
    stated = [each for each in content.recommendations if not _not_stated(each.strength)]
    sure = [each for each in content.sources.values() if each.candidate and each.confidence]
    return (
        Figure(len(found), "clinical claims"),
        Figure(sum(not each.citations for each in found), "of them without a citation"),
        Figure(len(content.sources), "citations, as bare numbers"),
        Figure(len(sure), "of them with a candidate and a stated confidence"),
        Figure(len(stated), "recommendations with a stated strength"),
    )


def _not_stated(strength: str) -> bool:
    return not strength or strength.startswith("not stated")


def passages(content: Content, gathered: Gathered) -> tuple[Passage, ...]:
    """Every passage once, in the order of the article."""
    return tuple(_Text(content, gathered).passages())


class _Text:
    def __init__(self, content: Content, gathered: Gathered) -> None:
        self._content, self._text = content, gathered.text
        self._ordered = sorted(filter(is_passage, content.statements.values()), key=lambda each: each.order)
        self._parts: defaultdict[str, list[Statement]] = defaultdict(list)
        for claim in content.statements.values():
            for whole in claim.part_of:
                self._parts[whole].append(claim)
        clinical = {each.name for each in claims(content)}
        self._clinical = clinical | {whole for name in clinical for whole in content.statements[name].part_of}
        self._marks = marks(content)
        self._opposite = self._tensions()

    def passages(self) -> Iterator[Passage]:
        before: Statement | None = None
        depth = 0
        for each in self._ordered:
            same_line = before is not None and before.line == each.line
            bullet = False
            if not same_line:
                depth, bullet = self._indent(each)
            yield Passage(
                name=each.name,
                order=each.order,
                became=each.disposition,
                because=each.because,
                mark=self._mark(each),
                level=len(each.section.split(" > ")) if each.kind == "Heading" and each.quote else 0,
                depth=depth,
                bullet=bullet,
                spaced=before is not None and each.line - before.line > 1,
                words=words(each, self._text),
                segments=self._segments(each),
                uncited=each.name in self._clinical and not each.citations,
                citations=each.citations,
                opposite=tuple(self._opposite.get(each.name, ())),
                undefined=self._undefined(each),
                nearest=self._nearest(each),
                length=each.end - each.start,
            )
            before = each

    def _indent(self, each: Statement) -> tuple[int, bool]:
        """As in the article: from its text, or from what the quotation says stands before it."""
        before = self._text[: each.start] if self._text else each.prefix
        found = _BEFORE.search(before)
        if found is None:
            return 0, False
        return min(_DEEPEST, len(found[1].expandtabs(_WIDTH)) // _WIDTH), bool(found[2])

    def _segments(self, each: Statement) -> tuple[Segment, ...]:
        """Cut where claims begin. A claim that begins in the passage before keeps its place there."""
        text = words(each, self._text).text if each.quote or self._text else ""
        starts: defaultdict[int, list[str]] = defaultdict(list)
        for claim in self._parts[each.name]:
            if each.name == self._first(claim):
                starts[max(0, min(claim.start - each.start, len(text)))].append(claim.name)
        cuts = sorted({0, *starts})
        return tuple(
            Segment(tuple(starts[cut]), text[cut:end]) for cut, end in zip(cuts, [*cuts[1:], len(text)], strict=True)
        )

    def _first(self, claim: Statement) -> str:
        """The passage in which the claim begins."""
        known = (self._content.statements[name] for name in claim.part_of if name in self._content.statements)
        return min(known, key=lambda each: each.start).name

    def _mark(self, each: Statement) -> Mark:
        found = {self._marks.get(name) for name in (each.name, *(part.name for part in self._parts[each.name]))}
        if each.disposition != "modelled":
            return Mark.NOT_MODELLED
        if own := [mark for mark in Mark if mark in found]:
            return own[0]
        about = set(each.modelled_by) == {self._content.article.name}
        return Mark.PAGE if about else Mark.DEFINITION

    def _tensions(self) -> dict[str, list[Opposite]]:
        """For each passage, the sentences that it pulls against, each once; those of the narrowest tensions first."""
        content = self._content
        found: defaultdict[str, dict[str, Opposite]] = defaultdict(dict)
        concerned = [
            (tension, list(dict.fromkeys(whole for name in tension.concerns for whole in wholes(content, name))))
            for tension in tensions(content)
        ]
        for tension, names in sorted(concerned, key=lambda each: (len(each[1]) == 1, len(each[1]))):
            for name in names:
                for other in [each for each in names if each != name] or [""]:
                    found[name].setdefault(other, Opposite(other, tension.name, tension.label))
        return {name: list(others.values()) for name, others in found.items()}

    def _undefined(self, each: Statement) -> tuple[Link, ...]:
        """The terms of the passage that the article does not define."""
        near = {each.name, *(part.name for part in self._parts[each.name])}
        silences = {silence.name: silence for silence in self._content.silences}
        return tuple(
            Link(f"#silence-{finding.undefined_in}", f"{finding.label}: {silences[finding.undefined_in].label}")
            for finding in self._content.findings.values()
            if finding.undefined_in in silences and not near.isdisjoint(finding.derived_from)
        )

    def _nearest(self, each: Statement) -> tuple[Link, ...]:
        """The silences to which the passage comes nearest."""
        near = {each.name, *(part.name for part in self._parts[each.name])}
        return tuple(
            Link(f"#silence-{silence.name}", silence.label)
            for silence in self._content.silences
            if silence.nearest in near
        )


def marks(content: Content) -> dict[str, Mark]:
    """For each statement that something comes from, the first of the marks."""
    found: dict[str, Mark] = {}
    ranked = list(Mark)

    def note(names: Sequence[str], mark: Mark) -> None:
        for name in names:
            found[name] = min(mark, found.get(name, mark), key=ranked.index)

    for recommendation in content.recommendations:
        for use in recommendation.uses:
            note((use.statement,), Mark.EVIDENCE if use.role == "support" else Mark.DECISION)
    for outcome in content.outcomes.values():
        note(outcome.statements, Mark.EVIDENCE)
    for plan in content.plans.values():
        for step in plan.steps:
            note(step.statements, Mark.DECISION)
    for finding in content.findings.values():
        note(finding.derived_from, Mark.DEFINITION)
    return found
