"""Which lesions of a patient get a card, and what stands on it.

A card a visit that says nothing teaches people to close cards. So a lesion gets one only where the record says
something of the article's subject itself, and the article then has something to say or to ask. That nothing is
recorded of it is no reason; that it is recorded as not known is one.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from vhkg.answering.knowledge import Knowledge, Patient
from vhkg.model.answer import Answer, AnswerDocument, Status, Verdict
from vhkg.model.record import AssertionStatus, PatientRecord
from vhkg.rendering.layout import Page
from vhkg.rendering.screen import Detail, Screen
from vhkg.rendering.wording import capital
from vhkg.server.cds.markdown import detail
from vhkg.server.cds.protocol import LONGEST_SUMMARY, Card, Link, Source
from vhkg.server.pages.patient_link import link_to

MOST = 4
"""Cards for one patient; further lesions are counted on the last."""
_WIDTH = 110
_WHOLE = "The whole answer, and what would change it"
_STATED = ("present", "absent", "unknown")
_HOLDS = (Status.APPLIES, Status.PROVISIONAL, Status.ADVISED_AGAINST)


class Maker:
    """Makes the cards of one call. `base` is the address of the service, without a slash at the end."""

    def __init__(self, knowledge: Knowledge, base: str, call: uuid.UUID) -> None:
        self._knowledge = knowledge
        self._content = knowledge.content
        self._base = base
        self._call = call
        self._subject = subject_findings(knowledge)

    def worth_a_card(self, patient: Patient) -> list[Answer]:
        """The answers for the lesions that get one, as `Knowledge.answer` gives them."""
        return [answer for answer in self._knowledge.answer(patient) if self._worth_one(answer, patient.record)]

    def cards(self, chosen: Sequence[Answer], notes: Sequence[str]) -> tuple[Card, ...]:
        """One for each lesion, in the order of the answers."""
        left = len(chosen) - MOST
        document = self._knowledge.document(chosen)
        made = []
        for number, answer in enumerate(chosen[:MOST], start=1):
            further = []
            if left > 0 and number == MOST:
                further = [f"{left} further lesion{' has' if left == 1 else 's have'} no card."]
            made.append(self._card(document, answer, number, [*notes, *further], several=len(chosen) > 1))
        return tuple(made)

    def _worth_one(self, answer: Answer, record: PatientRecord) -> bool:
        if answer.verdict == Verdict.NOT_APPLICABLE:
            return False
        if any(given.status in _HOLDS for given in answer.recommendations):
            return True
        lesions = [*record.assertions, *(each for lesion in record.presentations for each in lesion.assertions)]
        written = any(each.finding in self._subject and each.status != AssertionStatus.ABSENT for each in lesions)
        if answer.verdict in (Verdict.INVALID, Verdict.CONTRADICTION):
            return written
        states = (answer.findings[name] for name in self._subject if name in answer.findings)
        recorded = any(state.status in ("present", "conflict") or state.recorded == "unknown" for state in states)
        return recorded and bool(answer.ask or answer.which_lesion)

    def _card(
        self, document: AnswerDocument, answer: Answer, number: int, notes: Sequence[str], *, several: bool
    ) -> Card:
        screen = Screen(Page(_WIDTH), document, answer, self._content, Detail.NORMAL, commands=False)
        facts = {name: state.recorded for name, state in answer.findings.items() if state.recorded in _STATED}
        fragment = link_to(facts, answer.readings, self._content, document.knowledge.digest)
        title = self._content.article.title
        return Card(
            uuid=str(uuid.uuid5(self._call, str(number))),
            summary=_summary(screen, several=several),
            detail=detail(screen, notes),
            indicator="warning" if answer.verdict in (Verdict.INVALID, Verdict.CONTRADICTION) else "info",
            source=Source(
                label=f"{title} ({document.knowledge.review_status}), as read by {document.knowledge.software}",
                url=f"{self._base}/article",
            ),
            links=(Link(label=_WHOLE, url=f"{self._base}/#{fragment}", type="absolute"),),
        )


def subject_findings(knowledge: Knowledge) -> frozenset[str]:
    """The findings that make a lesion one of the article's subject; none for an article without one."""
    table = knowledge.compiled.table
    goal = table.goals.get(knowledge.content.article.subject)
    rows = goal.yes if goal else ()
    return frozenset(table.atoms[literal - 1].name for row in rows for literal in row.literals if literal > 0)


def _summary(screen: Screen, *, several: bool) -> str:
    """What is asked first, or else the answer, in one sentence."""
    answer = screen.answer
    place = f"{answer.label or answer.presentation}: " if several and (answer.label or answer.presentation) else ""
    text = answer.headline.clinician
    if screen.questions and answer.verdict != Verdict.INVALID:
        first = screen.questions[0]
        asked = first.question or f"{capital(screen.words.finding(first.finding))}?"
        more = len(screen.questions) - 1
        text = f"Ask: {asked}{f' ({more} more)' if more else ''}"
    return _cut(" ".join(f"{place}{text}".split()))


def _cut(text: str) -> str:
    """
    >>> len(_cut("word " * 40)) <= LONGEST_SUMMARY
    True
    """
    if len(text) <= LONGEST_SUMMARY:
        return text
    kept = text[: LONGEST_SUMMARY - 1]
    return f"{kept.rpartition(' ')[0] or kept} …"[:LONGEST_SUMMARY].replace(" …", "…")
