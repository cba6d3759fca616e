"""What every block of one answer's screen needs."""

from __future__ import annotations

from enum import StrEnum

from vhkg.model.answer import Answer, AnswerDocument, RecommendationAnswer, Status, Verdict
from vhkg.model.content import Content
from vhkg.rendering.layout import Page
from vhkg.rendering.status import MOST_ASKED, asked, numbering
from vhkg.rendering.wording import Words

TREATMENTS = ("treatment", "surgical-option")
"""The kinds that stand under FOR, in this order; the other kinds stand under WITH."""


class Detail(StrEnum):
    """BRIEF: up to the questions, then names only. FULL: every statement, reason, reading and class."""

    BRIEF = "brief"
    NORMAL = "normal"
    FULL = "full"


class Screen:
    """One answer on its way to a page. `commands`: the reader has a command line, so that options may be named.

    `folded`: a factor holds every treatment back and no question can change that, so that none is numbered and
    what is open is only counted.
    """

    def __init__(
        self,
        page: Page,
        document: AnswerDocument,
        answer: Answer,
        content: Content,
        detail: Detail,
        *,
        commands: bool = True,
    ) -> None:
        self.page = page
        self.commands = commands
        self.document = document
        self.answer = answer
        self.content = content
        self.detail = detail
        self.words = Words(content, answer)
        self.folded = answer.verdict == Verdict.OUTSIDE and bool(self.factors()) and not self.full
        most = len(answer.ask) if self.full else MOST_ASKED
        self.questions = () if self.folded else asked(answer, content, most)
        self.numbers = numbering(self.questions)

    @property
    def full(self) -> bool:
        return self.detail == Detail.FULL

    def hint(self, text: str) -> str:
        """What to type for more, in parentheses; nothing where there is nowhere to type it."""
        return f" ({text})" if self.commands else ""

    def treatments(self) -> list[RecommendationAnswer]:
        """What FOR lists: treatments, then surgical options, each in the article's order, whatever the status."""
        return sorted(
            (
                given
                for given in self.answer.recommendations
                if given.direction == "for" and given.kind in TREATMENTS and given.status != Status.DOES_NOT_APPLY
            ),
            key=lambda given: (TREATMENTS.index(given.kind), given.order),
        )

    def companions(self) -> list[RecommendationAnswer]:
        """What WITH lists: examinations and follow-up."""
        return [
            given
            for given in self.answer.recommendations
            if given.direction == "for" and given.kind not in TREATMENTS and given.status != Status.DOES_NOT_APPLY
        ]

    def cautions(self) -> list[RecommendationAnswer]:
        """What AGAINST lists."""
        return [
            given
            for given in self.answer.recommendations
            if given.direction == "against" and given.status != Status.DOES_NOT_APPLY
        ]

    def refused(self) -> list[RecommendationAnswer]:
        """Treatments that the article offers to others."""
        return [
            given
            for given in self.answer.recommendations
            if given.direction == "for" and given.kind in TREATMENTS and given.status == Status.DOES_NOT_APPLY
        ]

    def factors(self) -> tuple[str, ...]:
        """The factors that hold back every treatment listed, in the order of the first one's."""
        listed = self.treatments()
        if not listed:
            return ()
        return tuple(
            name for name in listed[0].not_addressed if all(name in given.not_addressed for given in listed[1:])
        )

    def undecided(self) -> bool:
        """Treatments are possible and nothing can be said of any of them yet."""
        listed = self.treatments()
        return bool(listed) and all(given.status == Status.UNDETERMINED for given in listed)
