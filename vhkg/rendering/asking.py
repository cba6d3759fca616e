"""The fifth block: at most three questions, each with the effect of both answers."""

from __future__ import annotations

from vhkg.model.answer import Effect, Question, Status
from vhkg.rendering.screen import TREATMENTS, Screen
from vhkg.rendering.wording import action_quote, cited, joined, quoted

_NUMBER = 6
_EFFECT = 11
_SIDES = 9


def ask(screen: Screen) -> None:
    page, answer, words = screen.page, screen.answer, screen.words
    if screen.folded:
        page.block("ASK", [_nothing_settles(screen)], indent=_NUMBER)
    elif not screen.questions and not answer.which_lesion:
        return
    heading = "ASK".ljust(_NUMBER) if not screen.folded else " " * _NUMBER
    for number, question in enumerate(screen.questions, start=1):
        page.add(_question(screen, question), first=f"{heading}{number}  ", hang=_EFFECT)
        _sides(screen, question, opening=number == 1 and screen.undecided())
        heading = " " * _NUMBER
    if answer.which_lesion:
        named = joined([words.finding(name) for name in answer.which_lesion])
        page.add(
            f"Which lesion does this concern: {named}? Recorded without a lesion; it counts for none of several.",
            first=f"{heading}-  ",
            hang=_EFFECT,
        )
    left = len(answer.ask) - len(screen.questions)
    if left > 0 and not screen.folded:
        page.add(
            f"{left} further question{'s' if left > 1 else ''} would change less (--full, --format json).",
            first=" " * (_NUMBER + 3),
        )


def _nothing_settles(screen: Screen) -> str:
    named = screen.words.factors(screen.factors())
    text = f"nothing in the article settles this: it does not address {named}."
    if screen.answer.ask:
        about = joined([screen.words.finding(question.finding) for question in screen.answer.ask])
        text += f" Questions that would change lines below, all NOT CONFIRMED as well: {about}."
    return text


def _question(screen: Screen, question: Question) -> str:
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


def _sides(screen: Screen, question: Question, *, opening: bool) -> None:
    for name, effect in (("present:", question.if_present), ("absent:", question.if_absent)):
        first = f"{' ' * _EFFECT}{name.ljust(_SIDES)}"
        for text in _branch(screen, effect) if opening else screen.words.effect(effect):
            screen.page.add(text, first=first)
            first = " " * len(first)
        _next(screen, effect)


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


def _next(screen: Screen, effect: Effect) -> None:
    if effect.next:
        named = ", ".join(screen.words.finding(name) for name in effect.next)
        screen.page.add(f"next question: {named}", first=" " * (_EFFECT + _SIDES))


def opened(screen: Screen, effect: Effect) -> int:
    """How many treatments an answer would open."""
    return sum(
        1
        for change in effect.gained
        if (given := screen.words.given.get(change.recommendation)) is not None
        and given.direction == "for"
        and given.kind in TREATMENTS
    )
