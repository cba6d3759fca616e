"""The answer as text: ten blocks in a fixed order, the same in every format."""

from __future__ import annotations

from vhkg.model.answer import Answer, AnswerDocument, Status, Verdict
from vhkg.model.content import Content
from vhkg.rendering import asking, frame, lines, who
from vhkg.rendering.layout import Page
from vhkg.rendering.patient import patient_screen
from vhkg.rendering.screen import Detail, Screen
from vhkg.rendering.wording import Words

__all__ = ["Detail", "render_text", "verdict_words"]

OVERVIEW = ("patient", "lesion", "verdict", "first question")
VERDICTS = {
    Verdict.FIRST_LINE: "first line named",
    Verdict.PROVISIONAL: "first line named, if a further fact holds",
    Verdict.UNDECIDED: "no treatment can be read yet",
    Verdict.OUTSIDE: "outside the article",
    Verdict.NOT_APPLICABLE: "the article does not apply",
    Verdict.GAP: "no branch of the article covers this",
    Verdict.CONTRADICTION: "the record contradicts itself",
    Verdict.INVALID: "the record cannot be used",
}


def render_text(
    document: AnswerDocument,
    content: Content,
    *,
    detail: Detail = Detail.NORMAL,
    audience: str = "clinician",
    width: int = 80,
    commands: bool = True,
) -> str:
    """All answers of a document; for several presentations a table comes first.

    `audience` is clinician or patient; a patient's screen has one length and takes no `detail`. Without `commands`
    the text says nothing of options and commands, for readers who have no command line.
    """
    page = Page(width)
    if len(document.answers) > 1:
        _table(page, document, content)
    for answer in document.answers:
        page.gap()
        if len(document.answers) > 1:
            page.lines += ["-" * page.width, ""]
        if audience == "patient":
            patient_screen(page, document, answer, content)
        else:
            _answer(Screen(page, document, answer, content, detail, commands=commands))
    return page.text()


def _table(page: Page, document: AnswerDocument, content: Content) -> None:
    several = len({answer.file for answer in document.answers}) > 1
    rows = [overview(document, answer, content) for answer in document.answers]
    if several:
        rows = [[answer.file, *row] for answer, row in zip(document.answers, rows, strict=True)]
    page.table(["file", *OVERVIEW] if several else OVERVIEW, rows)


def overview(document: AnswerDocument, answer: Answer, content: Content) -> list[str]:
    """What a table of several answers says of one, under `OVERVIEW`."""
    questions = Screen(Page(0), document, answer, content, Detail.NORMAL).questions
    first = questions[0].question if questions else "-"
    return [answer.patient or "-", answer.label or answer.presentation or "-", verdict_words(answer, content), first]


def verdict_words(answer: Answer, content: Content) -> str:
    """A verdict in words; with its name where the first line applies."""
    words = Words(content, answer)
    named = [
        words.recommendation(given.id)
        for given in answer.recommendations
        if given.first_line and given.direction == "for" and given.status in (Status.APPLIES, Status.PROVISIONAL)
    ]
    if answer.verdict == Verdict.FIRST_LINE and named:
        return f"first line: {'; '.join(named)}"
    if answer.verdict == Verdict.PROVISIONAL and named:
        return f"first line, if a further fact holds: {'; '.join(named)}"
    return VERDICTS[answer.verdict]


def _answer(screen: Screen) -> None:
    page, detail = screen.page, screen.detail
    who.who(screen)
    page.gap()
    frame.answer(screen)
    frame.notices(screen)
    page.gap()
    if screen.answer.verdict == Verdict.INVALID:
        frame.violations(screen)
        frame.foot(screen)
        return
    asking.ask(screen)
    page.gap()
    if detail == Detail.BRIEF:
        lines.names_only(screen)
        page.gap()
        frame.colophon(page, screen.content, screen.document.knowledge)
        return
    lines.treatments(screen)
    page.gap()
    for block in (lines.companions, lines.cautions, lines.others, frame.silences):
        block(screen)
    if detail == Detail.FULL:
        frame.classes(screen)
    frame.violations(screen)
    frame.foot(screen)
