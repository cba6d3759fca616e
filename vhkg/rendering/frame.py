"""What stands around the lines: the answer with what it rests on, notices, violations, silences, the foot."""

from __future__ import annotations

import shlex

from vhkg.model.answer import KnowledgeShown, NoticeShown, RecommendationAnswer, SilenceShown, Verdict
from vhkg.model.content import Content
from vhkg.model.record import STANDARD_INPUT
from vhkg.rendering.layout import Page
from vhkg.rendering.report import grouped_results
from vhkg.rendering.screen import Screen
from vhkg.rendering.who import not_recorded
from vhkg.rendering.wording import day, joined, quoted, sentence

_MARGIN = 10
_FLAGS = {
    "pending-review": "",
    "citations-without-bibliography": "",
    "strength-not-stated": "",
    "invalid": "",
    "conflict": "facts set aside because they conflict",
    "superseded": "older facts superseded",
    "later-facts-ignored": "facts after the as-of date not used",
    "lesion-not-recorded": "facts without a lesion not used",
}
"""Words for flags of an answer; empty where the same is said by the document, the foot or another block."""
_DIGEST = 12


def answer(screen: Screen) -> None:
    page = screen.page
    page.block("ANSWER", [screen.answer.headline.clinician], indent=_MARGIN)
    for text in flipped(screen):
        page.block("READING", [text], indent=_MARGIN)
    page.block("RESTS ON", [rests_on(screen)], indent=_MARGIN)


def flipped(screen: Screen) -> list[str]:
    """The readings chosen that are not the default."""
    return [
        f"{known.label} is read as: {screen.words.alternative(name, chosen)} ({name}={chosen}; not the default)."
        for name, chosen in sorted(screen.answer.readings.items())
        if (known := screen.content.readings.get(name)) is not None and known.default != chosen
    ]


def rests_on(screen: Screen) -> str:
    """What is the same for every line, said once. Flags that only some lines have stand in those lines."""
    knowledge = screen.document.knowledge
    parts = ["one article", knowledge.review_status]
    if knowledge.sources and all(source.standing != "identified" for source in knowledge.sources.values()):
        parts.append("citations without bibliography")
    if "not a guideline" in screen.document.disclaimer:
        parts.append("not a guideline")
    parts += [
        said for flag in screen.answer.flags if ":" not in flag and (said := _FLAGS.get(flag, flag.replace("-", " ")))
    ]
    return sentence("; ".join(filter(None, parts)))


def notices(screen: Screen) -> None:
    screen.page.block("NOTICE", notice_words(screen), indent=_MARGIN)


def notice_words(screen: Screen) -> list[str]:
    """The notices of the software, each said to be that."""
    shown = for_audience(screen.answer.notices, "clinician")
    return [f"{sentence(notice.text)} (Of this software, not of the article.)" for notice in shown]


def for_audience(given: tuple[NoticeShown, ...], audience: str) -> list[NoticeShown]:
    return [notice for notice in given if notice.audience in (audience, "both", "")]


def violations(screen: Screen) -> None:
    if screen.answer.violations:
        screen.page.add("VALIDATION")
        grouped_results(screen.page, screen.answer.violations, indent=2)


def silences(screen: Screen) -> None:
    """The labels; with question and nearest sentence where the article leaves the whole answer open."""
    shown = screen.answer.silent
    if not shown:
        return
    screen.page.add(" · ".join(silence.label for silence in shown), first="SILENT  ")
    for silence in shown if screen.full else telling(screen):
        nearest = f"  The nearest sentence: {quoted(silence.quote)}" if silence.quote else ""
        screen.page.add(f"{silence.question}{nearest}", first=" " * 8, hang=10)


def telling(screen: Screen) -> list[SilenceShown]:
    """The silences about what puts this record outside the article, if something does."""
    if screen.answer.verdict not in (Verdict.OUTSIDE, Verdict.GAP):
        return []
    factors = set(screen.factors())
    known = {silence.name: silence for silence in screen.content.silences}
    return [
        silence
        for silence in screen.answer.silent
        if silence.id in known and (known[silence.id].gap or factors.intersection(known[silence.id].concerns))
    ]


def foot(screen: Screen) -> None:
    page, given = screen.page, screen.answer
    page.gap()
    page.add(" ".join(filter(None, (strength(given.recommendations), readings(screen), records(screen)))))
    colophon(page, screen.content, screen.document.knowledge)
    if given.file == STANDARD_INPUT or not screen.commands:
        return  # there is no command that reads it again
    file = shlex.quote(given.file or "-")
    if not given.conforms:
        return
    explain = f"vhkg explain {file}"
    asked = f"What if: {explain} --if {screen.questions[0].finding}=present,absent" if screen.questions else ""
    hints = [f"All sentences: {explain}", *filter(None, [asked])]
    together = "      ".join(hints)
    for hint in [together] if len(together) <= page.width else hints:
        page.add(hint)


def colophon(page: Page, content: Content, knowledge: KnowledgeShown | None) -> None:
    """What every output carries: disclaimer, version, digest. The review status stands at RESTS ON."""
    made = f"{knowledge.software} · " if knowledge is not None else ""
    digest = f" · {knowledge.digest[:_DIGEST]}" if knowledge is not None else ""
    if knowledge is not None and knowledge.codes:
        digest += f" with the codes of {', '.join(each.file for each in knowledge.codes)}"
    page.add(f"{sentence(content.article.disclaimer)} {made}knowledge {content.version}{digest}")


def strength(recommendations: tuple[RecommendationAnswer, ...]) -> str:
    """One statement where all lines agree, as they do while the article states none."""
    stated = sorted({text for given in recommendations for text in (given.strength, given.certainty) if text})
    if not stated:
        return ""
    if len(stated) == 1:
        return f"Strength and certainty: {stated[0]}."
    by_line = [f"{given.label}: {given.strength}, {given.certainty}" for given in recommendations]
    return f"Strength and certainty: {'; '.join(by_line)}."


def readings(screen: Screen) -> str:
    given = screen.answer.recommendations
    mattering = {reading.id for each in given for reading in each.readings if reading.matters}
    if mattering:
        return f"{len(mattering)} of {len(screen.content.readings)} readings matter here."
    return "This holds under every reading." if given else ""


def records(screen: Screen) -> str:
    if not screen.answer.conforms:
        return ""
    silent = not_recorded(screen)
    as_of = f"As of {day(screen.answer.as_of)}. " if screen.answer.as_of else ""
    if not silent:
        return as_of.strip()
    if screen.full:
        return f"{as_of}Not recorded: {joined([screen.words.finding(name) for name in silent])}."
    return f"{as_of}{len(silent)} finding{'s' if len(silent) > 1 else ''} not recorded."


def classes(screen: Screen) -> None:
    """Under --full: the presentation classes, in their labels."""
    for heading, names in (
        ("CLASSES", screen.answer.classes.entailed),
        ("OPEN CLASSES", screen.answer.classes.undetermined),
    ):
        if names:
            screen.page.add(" · ".join(screen.words.finding(name) for name in names), first=f"{heading}  ", hang=8)
