"""The Patient page from its parts: one answer, the facts behind it, the readings, and what goes with them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from vhkg.model.answer import Answer, AnswerDocument, Effect
from vhkg.model.content import Content
from vhkg.rendering.layout import Page
from vhkg.rendering.patient import Line, patient_lines
from vhkg.rendering.report import grouped_results
from vhkg.rendering.screen import Detail, Screen
from vhkg.rendering.site.patient_answer import AnswerView, answer_view
from vhkg.rendering.site.patient_facts import UNKNOWN
from vhkg.rendering.text import overview, render_text
from vhkg.rendering.wording import FINDING_ROLE, capital

_WIDTH = 80
_WIDE = 1000


class UndoView(msgspec.Struct, frozen=True, kw_only=True):
    """A change in words, and the value of the button that takes it back; `kind` is the name of that button."""

    text: str
    more: int
    fewer: int
    kind: str
    value: str


class LesionView(msgspec.Struct, frozen=True):
    """A row of the table of lesions; `value` chooses it."""

    value: str
    cells: tuple[str, ...]


class ReportView(msgspec.Struct, frozen=True):
    """A report on a sentence, to be sent by whoever makes it; nothing of a patient is in it."""

    id: str
    quote: str
    text: str


class PlainBlock(msgspec.Struct, frozen=True):
    """A part of the screen for patients. Of the kind list it holds items, each with what stands under it."""

    kind: str
    text: str = ""
    items: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One answer in every form that the page has. `plain` is the screen for patients, `note` the text for a record."""

    answer: AnswerView
    plain: tuple[PlainBlock, ...]
    violations: str
    note: str


def screen_of(document: AnswerDocument, content: Content) -> Screen:
    """The one answer of a document, in words without commands."""
    return Screen(Page(0), document, document.answers[0], content, Detail.NORMAL, commands=False)


def shown(screen: Screen, audience: str) -> Shown:
    document, answer, content = screen.document, screen.answer, screen.content
    return Shown(
        answer=answer_view(screen),
        plain=_blocks(patient_lines(document, answer, content)) if audience == "patient" else (),
        violations=_violations(answer),
        note=render_text(document, content, audience=audience, width=_WIDTH, commands=False),
    )


def _blocks(lines: Iterable[Line]) -> tuple[PlainBlock, ...]:
    """Items that follow each other as one list."""
    blocks: list[PlainBlock] = []
    for line in lines:
        items = blocks[-1].items if blocks and blocks[-1].kind == "list" else ()
        if line.kind == "item":
            added = PlainBlock("list", items=(*items, (line.text, ())))
        elif line.kind == "under" and items:
            text, under = items[-1]
            added = PlainBlock("list", items=(*items[:-1], (text, (*under, line.text))))
        else:
            blocks.append(PlainBlock(line.kind, line.text))
            continue
        blocks[len(blocks) - bool(items) :] = [added]
    return tuple(blocks)


def _violations(answer: Answer) -> str:
    """What the shapes say of the record, as lines."""
    if not answer.violations:
        return ""
    page = Page(_WIDE)
    grouped_results(page, answer.violations, indent=0)
    return page.text()


def fact_set(screen: Screen, finding: str, status: str, effect: Effect, undo: str) -> UndoView:
    """A fact that was changed, with what that did; `screen` is that of the answer since."""
    known = screen.content.findings[finding]
    done = known.role != FINDING_ROLE
    words = {
        "present": "done" if done else "present",
        "absent": "not done" if done else "absent",
        "unknown": UNKNOWN,
    }.get(status, "not recorded")
    said = "; ".join(screen.words.effect(effect))
    return UndoView(
        text=f"{capital(known.label)} set to {words}: {said}.",
        more=len(effect.gained),
        fewer=len(effect.lost),
        kind="set",
        value=undo,
    )


def reading_flipped(screen: Screen, reading: str, before: str, effect: Effect) -> UndoView:
    """A reading that was flipped, with what that did."""
    now = screen.words.alternative(reading, screen.answer.readings[reading])
    said = "; ".join(screen.words.effect(effect))
    return UndoView(
        text=f"{capital(screen.words.reading(reading))} is now read as: {now}; {said}.",
        more=len(effect.gained),
        fewer=len(effect.lost),
        kind="read",
        value=f"{reading}={before}",
    )


def lesions(document: AnswerDocument, values: list[str], content: Content) -> tuple[LesionView, ...]:
    """The table that comes before several answers; `values` choose them, in the order of the document."""
    return tuple(
        LesionView(value, tuple(overview(document, answer, content)))
        for value, answer in zip(values, document.answers, strict=True)
    )


def sentence_report(document: AnswerDocument, content: Content, statement: str) -> ReportView | None:
    """None where the knowledge has no such sentence."""
    known = content.statements.get(statement)
    if known is None:
        return None
    knowledge = document.knowledge
    lines = (
        f"Sentence {known.name}, {known.section}, characters {known.start} to {known.end}",
        f'"{known.quote}"' if known.quote else f"({known.description})",
        "",
        f"{knowledge.software}, knowledge {knowledge.version}, digest {knowledge.digest}",
        f"Made of it: {', '.join(known.modelled_by) or known.disposition}",
        "",
        "What is wrong:",
        "What it should be, and why:",
    )
    return ReportView(known.name, known.quote, "\n".join(lines) + "\n")
