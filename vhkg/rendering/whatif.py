"""What other facts would do: one branch told beside what holds now, or several side by side."""

from __future__ import annotations

from collections.abc import Sequence

from vhkg.model.answer import Answer, KnowledgeShown, RecommendationAnswer
from vhkg.model.content import Content
from vhkg.rendering.frame import colophon
from vhkg.rendering.layout import Page, visible
from vhkg.rendering.status import asked, numbering, status_words
from vhkg.rendering.wording import Words, capital, joined, sentence

_MARGIN = 10


class _Side:
    """One column: an answer with the words for its statuses."""

    def __init__(self, label: str, answer: Answer, content: Content) -> None:
        self.label = label
        self.answer = answer
        self.words = Words(content, answer)
        self._numbers = numbering(asked(answer, content))

    def state(self, name: str) -> object:
        given = self.words.given.get(name)
        return (given.status, given.not_addressed) if given is not None else None

    def status(self, name: str) -> str:
        """In words without question numbers: they would number another list than the one on screen."""
        given = self.words.given.get(name)
        return status_words(given, {}, self.words) if given is not None else "-"


def render_what_if(
    before: Answer,
    after: Sequence[tuple[str, Answer]],
    content: Content,
    width: int = 80,
    *,
    knowledge: KnowledgeShown | None = None,
) -> str:
    """Branches, each with a label, beside the answer as it stands: what changes, what is asked, what stays.

    All answers are for the same presentation; `before` is the answer without the assumption.
    """
    page = Page(width)
    now = _Side("now", before, content)
    sides = [_Side(label, answer, content) for label, answer in after]
    lesion = before.label or before.presentation
    parts = [visible(before.file), f"patient {visible(before.patient)}", f"lesion {visible(lesion)}" if lesion else ""]
    page.add(" · ".join(filter(None, parts)), hang=2)
    page.gap()
    page.block("NOW", [before.headline.clinician], indent=_MARGIN)
    for side in sides:
        page.add(f"IF {side.label}: {side.answer.headline.clinician}", hang=_MARGIN)
    _statuses(page, now, sides)
    for side in sides:
        _questions(page, now, side)
    page.gap()
    page.add(f"The article: {sentence(content.article.review_status)}")
    colophon(page, content, knowledge)
    return page.text()


def _statuses(page: Page, now: _Side, sides: Sequence[_Side]) -> None:
    columns = [now, *sides]
    shown: dict[str, RecommendationAnswer] = {}
    for side in columns:
        for given in side.answer.recommendations:
            shown.setdefault(given.id, given)
    differing = [name for name in shown if len({side.state(name) for side in columns}) > 1]
    page.gap()
    if differing:
        rows = [[capital(shown[name].label), *(side.status(name) for side in columns)] for name in differing]
        page.table(["", *(side.label for side in columns)], rows)
    else:
        page.add("No status changes.")
    same = len(shown) - len(differing)
    if differing and same:
        page.add(f"{same} other recommendation{'s keep' if same > 1 else ' keeps'} the same status.")


def _questions(page: Page, now: _Side, side: _Side) -> None:
    old = [question.finding for question in now.answer.ask]
    new = [question.finding for question in side.answer.ask]
    opened = [side.words.finding(name) for name in new if name not in old]
    closed = [side.words.finding(name) for name in old if name not in new]
    for heading, names in (("new questions", opened), ("no longer asked", closed)):
        if names:
            page.add(f"If {side.label}: {heading}: {joined(names)}", hang=4)
