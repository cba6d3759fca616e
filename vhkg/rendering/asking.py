"""The fifth block: at most three questions, each with the effect of both answers."""

from __future__ import annotations

from typing import NamedTuple

from vhkg.model.answer import Effect, Question, Status
from vhkg.rendering.screen import TREATMENTS, Screen
from vhkg.rendering.wording import action_quote, cited, joined, quoted

_NUMBER = 6
_EFFECT = 11
_SIDES = 9


class Side(NamedTuple):
    """One answer to a question: what it would do, in lines, and what would be asked next, empty if nothing."""

    answer: str
    effect: Effect
    lines: list[str]
    next: str


def ask(screen: Screen) -> None:
    page, answer = screen.page, screen.answer
    if screen.folded:
        page.block("ASK", [nothing_settles(screen)], indent=_NUMBER)
    elif not screen.questions and not answer.which_lesion:
        return
    heading = "ASK".ljust(_NUMBER) if not screen.folded else " " * _NUMBER
    for number, question in enumerate(screen.questions, start=1):
        page.add(question_words(screen, question), first=f"{heading}{number}  ", hang=_EFFECT)
        for side in sides(screen, question, opening=number == 1 and screen.undecided()):
            _side(screen, side)
        heading = " " * _NUMBER
    if answer.which_lesion:
        page.add(which_lesion_words(screen), first=f"{heading}-  ", hang=_EFFECT)
    if (left := len(further(screen))) and not screen.folded:
        text = f"{left} further question{'s' if left > 1 else ''} would change less"
        page.add(f"{text}{screen.hint('--full, --format json')}.", first=" " * (_NUMBER + 3))


def further(screen: Screen) -> list[Question]:
    """The questions that are not shown."""
    return [question for question in screen.answer.ask if question not in screen.questions]


def which_lesion_words(screen: Screen) -> str:
    """What was recorded without a lesion where there are several."""
    named = joined([screen.words.finding(name) for name in screen.answer.which_lesion])
    return f"Which lesion does this concern: {named}? Recorded without a lesion; it counts for none of several."


def nothing_settles(screen: Screen) -> str:
    """Why nothing is numbered where a factor holds every treatment back."""
    named = screen.words.factors(screen.factors())
    text = f"nothing in the article settles this: it does not address {named}."
    if screen.answer.ask:
        about = joined([screen.words.finding(question.finding) for question in screen.answer.ask])
        text += f" Questions that would change lines below, all NOT CONFIRMED as well: {about}."
    return text


def question_words(screen: Screen, question: Question) -> str:
    text = question.question or screen.words.finding(question.finding)
    if question.recorded == "unknown":
        text += " (recorded as unknown)"
    if not question.undefined:
        return text
    nearest = nearest_words(screen, question.finding)
    return f"{text}  The article does not define it" + (f"; nearest: {quoted(nearest)}." if nearest else ".")


def nearest_words(screen: Screen, finding: str) -> str:
    """The sentence of the article that comes nearest to a definition; empty if none is named."""
    known = screen.content.findings.get(finding)
    for silence in screen.content.silences:
        if known is not None and silence.name == known.undefined_in and silence.nearest in screen.content.statements:
            return screen.content.statements[silence.nearest].quote
    return ""


def sides(screen: Screen, question: Question, *, opening: bool) -> list[Side]:
    """Both answers; `opening`: while nothing else can be said, a branch shows its first line."""
    return [
        Side(
            name,
            effect,
            _branch(screen, effect) if opening else screen.words.effect(effect),
            ", ".join(screen.words.finding(finding) for finding in effect.next),
        )
        for name, effect in (("present", question.if_present), ("absent", question.if_absent))
    ]


def _side(screen: Screen, side: Side) -> None:
    first = f"{' ' * _EFFECT}{f'{side.answer}:'.ljust(_SIDES)}"
    for text in side.lines:
        screen.page.add(text, first=first)
        first = " " * len(first)
    if side.next:
        screen.page.add(f"next question: {side.next}", first=" " * (_EFFECT + _SIDES))


def _branch(screen: Screen, effect: Effect) -> list[str]:
    """What a branch opens, when nothing else can be said: its first line with citation and quotation."""
    words = screen.words
    lines: list[str] = []
    shown: list[str] = []
    for change in effect.gained:
        given = words.given.get(change.recommendation)
        if given is None or not given.first_line:
            continue
        condition = "" if change.after == Status.APPLIES else ", if a further fact holds"
        lines += [f"{given.label}, {given.line}{condition} · {cited(given.sources)}", quoted(action_quote(given))]
        shown.append(given.id)
    return [*lines, *words.effect(effect, leaving_out=shown, counted=True)]


def opened(screen: Screen, effect: Effect) -> int:
    """How many treatments an answer would open."""
    return sum(
        1
        for change in effect.gained
        if (given := screen.words.given.get(change.recommendation)) is not None
        and given.direction == "for"
        and given.kind in TREATMENTS
    )
