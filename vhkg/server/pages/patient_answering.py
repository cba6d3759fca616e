"""What the Patient page shows of what was asked: the answer, what each change would do, and what the file said."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import lru_cache

from vhkg.answering.algorithm import algorithm, standings
from vhkg.answering.influence import between, idle
from vhkg.answering.knowledge import Knowledge
from vhkg.answering.placement import place
from vhkg.model.answer import Answer, AnswerDocument
from vhkg.model.content import Content
from vhkg.rendering.screen import Screen
from vhkg.rendering.site.map import COLUMN, PHONE, picture
from vhkg.rendering.site.patient import (
    LesionView,
    Shown,
    UndoView,
    fact_set,
    lesions,
    reading_flipped,
    screen_of,
    shown,
)
from vhkg.rendering.site.patient_facts import Entered, groups
from vhkg.rendering.site.patient_readings import Difference, mattering, readings_view, shown_readings, together
from vhkg.server.pages.patient_facts import Entry, Subject, entry_of, stated
from vhkg.server.pages.patient_form import Asked
from vhkg.server.pages.patient_held import Held, written
from vhkg.server.pages.patient_link import link_to

_CHOICES = 64
_WIDTHS = {"phone": (PHONE,), "column": (COLUMN,)}
_BOTH = (PHONE, COLUMN)
"""The column of the picture is never as wide as a page."""


class Answering:
    """Prepared once for a knowledge; it holds nothing of any request but how the readings were chosen."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._defaults = {name: each.default for name, each in knowledge.content.readings.items()}

        @lru_cache(_CHOICES)
        def drawn(chosen: tuple[tuple[str, str], ...]) -> object:
            return algorithm(knowledge, dict(chosen))

        self._drawn = drawn

    @property
    def _content(self) -> Content:
        return self._knowledge.content

    def answer(self, subject: Subject, readings: Mapping[str, str], as_of: datetime.date | None) -> Answer:
        """The answer for the lesion that the page is about."""
        knowledge = self._knowledge
        record = subject.record(self._content.findings)
        if subject.held is not None and subject.held.at is not None:
            unusable = subject.held.patients[subject.held.at.patient].violations
            if unusable:
                placed = place(record, self._content.findings)
                mine = next(each for each in placed if each.presentation.name == subject.presentation)
                return knowledge.composer.invalid(record, mine, unusable)
        patient = knowledge.admit(record)
        return knowledge.answer(patient, readings=readings, as_of=as_of, presentation=subject.presentation)[0]

    def document(self, asked: Asked) -> AnswerDocument:
        return self._knowledge.document([self.answer(asked.subject, asked.readings, asked.as_of)])

    def values(self, asked: Asked, size: str = "") -> dict[str, object]:
        """What the templates take. `size` names that of the picture, phone or column; otherwise there are both."""
        held = asked.subject.held
        common = {"asked": asked, "held": written(held), "file": held, "table": None, "undo": None}
        if held is not None and held.at is None:
            return common | {"table": self.table(held, asked), "usable": False, "groups": self._groups(asked, None)}
        document = self.document(asked)
        answer, screen = document.answers[0], screen_of(document, self._content)
        found: Shown = shown(screen, asked.audience)
        return common | {
            "shown": found,
            "answer": found.answer,
            "note": found.note,
            "usable": answer.conforms,
            "groups": self._groups(asked, answer),
            "readings": self._readings(asked, screen),
            "together": together(screen),
            "chosen": {name: value for name, value in answer.readings.items() if self._defaults.get(name) != value},
            "mattering": len(mattering(answer)),
            "total_readings": len(self._defaults),
            "undo": self._undo(asked, screen),
            "map": self._map(answer, size),
            "link": self._link(asked, answer),
        }

    def table(self, held: Held, asked: Asked) -> tuple[LesionView, ...]:
        """Every lesion of the file with its verdict and first question."""
        values, answers = [], []
        for at in held.places:
            values.append(f"{at.patient}.{at.lesion}")
            answers.append(self.answer(Subject(held.chosen(at)), asked.readings, asked.as_of))
        return lesions(self._knowledge.document(answers), values, self._content)

    def _entries(self, asked: Asked) -> dict[str, Entered]:
        given = stated(asked.subject, self._content.findings, asked.as_of)
        rows = {}
        for name in self._content.findings:
            file = tuple(given.get(name, ()))
            change = asked.subject.changes.get(name)
            entry = change or entry_of(file)
            if entry != Entry() or file:
                rows[name] = Entered(
                    status=entry.status,
                    date=entry.date,
                    mixed=entry.mixed,
                    changed=change is not None,
                    file=file,
                )
        return rows

    def _groups(self, asked: Asked, answer: Answer | None) -> object:
        if answer is None or not answer.conforms:
            return groups(self._content, None, {}, ())
        found = idle(
            self._knowledge.decider,
            asked.subject.record(self._content.findings),
            asked.subject.presentation,
            readings=answer.readings,
            as_of=asked.as_of or answer.as_of,
        )
        return groups(self._content, answer, self._entries(asked), found)

    def _readings(self, asked: Asked, screen: Screen) -> object:
        if not screen.answer.conforms:
            return ()
        differences = {}
        for name in shown_readings(screen.answer, self._defaults):
            for each in self._content.readings[name].alternatives:
                if each.name != screen.answer.readings[name]:
                    then = self.answer(asked.subject, {**asked.readings, name: each.name}, asked.as_of)
                    differences[name, each.name] = Difference(between(screen.answer, then), then.headline.clinician)
        return readings_view(screen, differences)

    def _undo(self, asked: Asked, screen: Screen) -> UndoView | None:
        if not screen.answer.conforms:
            return None
        if asked.step is not None:
            before = self.answer(asked.step.before, asked.readings, asked.as_of)
            entry = self._entries(asked).get(asked.step.finding, Entered())
            effect = between(before, screen.answer)
            return fact_set(screen, asked.step.finding, entry.status, effect, asked.step.undo)
        if asked.read_before is not None:
            before = self.answer(asked.subject, asked.read_before, asked.as_of)
            for name, value in before.readings.items():
                if screen.answer.readings[name] != value:
                    return reading_flipped(screen, name, value, between(before, screen.answer))
        return None

    def _map(self, answer: Answer, size: str) -> object:
        if not answer.conforms:
            return None
        drawn = self._drawn(tuple(sorted(answer.readings.items())))
        return picture(drawn, standings(drawn, answer), widths=_WIDTHS.get(size, _BOTH))  # type: ignore[arg-type]  # lru_cache forgets the type

    def _link(self, asked: Asked, answer: Answer) -> str:
        facts = {name: entered.status for name, entered in self._entries(asked).items()}
        return link_to(facts, answer.readings, self._content, self._knowledge.compiled.digest)
