"""The detail of a card in GitHub Flavored Markdown (https://github.github.com/gfm/): the words of the screens.

All text is escaped, so that nothing in a record or in the knowledge becomes a link, an image or HTML in the client.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vhkg.model.answer import RecommendationAnswer, Verdict
from vhkg.rendering.asking import nothing_settles, question_words, sides, which_lesion_words
from vhkg.rendering.frame import flipped, notice_words, rests_on
from vhkg.rendering.lines import harms, refused_words
from vhkg.rendering.screen import Screen
from vhkg.rendering.status import status_words
from vhkg.rendering.who import recorded_facts
from vhkg.rendering.wording import action_quote, capital, cited, quoted

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&:@/.$^=-])")
_DIGEST = 12


def escaped(text: str) -> str:
    r"""One line in which no character means anything.

    >>> escaped("a <b>[c](http://d)")
    'a \\<b\\>\\[c\\]\\(http\\:\\/\\/d\\)'
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def detail(screen: Screen, notes: Sequence[str]) -> str:
    """The answer for one lesion; `notes` are about the request, and come first."""
    return "\n\n".join(part for part in _parts(screen, notes) if part) + "\n"


def _parts(screen: Screen, notes: Sequence[str]) -> Iterator[str]:
    answer = screen.answer
    yield f"**{escaped(answer.headline.clinician)}**"
    yield from (f"*{escaped(note)}*" for note in notes)
    yield from (escaped(text) for text in flipped(screen))
    yield f"Rests on {escaped(rests_on(screen))}"
    yield from (f"Notice: {escaped(text)}" for text in notice_words(screen))
    if answer.verdict == Verdict.INVALID:
        messages = dict.fromkeys(escaped(result.message) for result in answer.violations)
        yield "\n".join(f"- {message}" for message in messages)
    else:
        yield _recorded(screen)
        yield _block("Ask", _questions(screen), numbered=bool(screen.questions))
        yield _block("For, in the article's order", [_line(screen, given) for given in screen.treatments()])
        yield _block("With", [_line(screen, given) for given in screen.companions()])
        yield _block("Against: what the article advises against", [_line(screen, each) for each in screen.cautions()])
        if screen.refused():
            yield f"Not for this patient: {escaped(refused_words(screen))}"
        if answer.silent:
            yield f"The article is silent on: {escaped('; '.join(each.label for each in answer.silent))}"
    known = screen.document.knowledge
    yield f"{escaped(screen.document.disclaimer)} {escaped(known.software)} · knowledge {known.digest[:_DIGEST]}"


def _block(heading: str, items: Sequence[str], *, numbered: bool = False) -> str:
    if not items:
        return ""
    listed = (f"{number}. {item}" if numbered else f"- {item}" for number, item in enumerate(items, start=1))
    return "\n".join((f"**{heading}**", "", *listed))


def _recorded(screen: Screen) -> str:
    present, others = recorded_facts(screen)
    facts = [escaped(screen.words.dated([fact])) for fact in (*present, *others)]
    return f"Recorded: {'; '.join(facts)}" if facts else ""


def _questions(screen: Screen) -> list[str]:
    if screen.folded:
        return [escaped(nothing_settles(screen))]
    items = []
    for question in screen.questions:
        answers = [
            f"\n   - {side.answer}: {escaped('; '.join(side.lines))}" for side in sides(screen, question, opening=False)
        ]
        items.append(escaped(question_words(screen, question)) + "".join(answers))
    if screen.answer.which_lesion:
        items.append(escaped(which_lesion_words(screen)))
    return items


def _line(screen: Screen, given: RecommendationAnswer) -> str:
    """Name, line, status, citations; then the sentence of the action, and the harm that goes with a benefit."""
    status = status_words(given, screen.numbers, screen.words)
    named = f"{escaped(capital(given.label))} ({escaped(given.line)})" if given.line else escaped(capital(given.label))
    lines = [f"{named}: **{escaped(status)}** · {escaped(cited(given.sources))}"]
    if quote := action_quote(given):
        lines.append(f"  > {escaped(quoted(quote))}")
    for harm in harms(given):
        lines += ["  >", f"  > {escaped(harm)}"]
    return "\n".join(lines)
