"""The words of states: the capped status, never the one without the cap, and no colour in place of a word."""

from __future__ import annotations

import datetime

import pytest

from tests.algorithms import boxes, knowledge
from vhkg.answering.algorithm import algorithm
from vhkg.model.algorithm import Condition, Literal, Standing, State
from vhkg.model.answer import FactShown
from vhkg.rendering.site.map.words import (
    box_words,
    condition_words,
    fact_words,
    gate_question,
    literal_words,
    met_words,
    state_words,
    status_words,
    way_out,
)

DRAWN = algorithm(knowledge("article"))
BOXES = {box.name: box for box in boxes(DRAWN)}
FIRST, AGAINST = BOXES["PercutaneousVertebroplastyFirstLine"], BOXES["AvoidEnBlocResection"]
DAY = datetime.date(2026, 11, 2)
DEFICIT = FactShown(finding="NeurologicalDeficit", status="absent", date=DAY)
CANDIDATE = FactShown(finding="VertebroplastyCandidacy", status="present")
DONE = FactShown(finding="Vertebroplasty", status="present")


def literal(name: str, present: bool = True) -> Literal:
    known = DRAWN.findings[name]
    return known if present else known.turned()


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing(state=State.TAKEN), "applies"),
        (Standing(state=State.TAKEN, not_addressed=("Pregnancy",)), "applies, pregnancy not considered"),
        (Standing(state=State.OPEN, pending=(CANDIDATE,), ask=("VertebroplastyCandidacy",)),
         "if candidate for vertebroplasty"),
        (Standing(state=State.OPEN, ask=("VertebroplastyCandidacy",)), "open"),
        (Standing(state=State.OPEN, not_addressed=("Pregnancy",)), "not confirmed: pregnancy"),
        (Standing(state=State.OPEN, ask=("Pain",), not_addressed=("Pregnancy",)), "open; not confirmed: pregnancy"),
        (Standing(state=State.CLOSED, facts=(DEFICIT,)), "closed: neurological deficit absent, 2 Nov 2026"),
        (Standing(state=State.NOT_REACHED), "not reached"),
    ],
)  # fmt: skip
def test_words_of_a_box(standing: Standing, words: str) -> None:
    assert box_words(FIRST, standing, DRAWN) == words


def test_what_is_advised_against_never_applies() -> None:
    assert box_words(AGAINST, Standing(state=State.TAKEN), DRAWN) == "advised against"


def test_words_of_other_elements() -> None:
    assert state_words(Standing(state=State.HERE), DRAWN) == "this patient is here"
    assert state_words(Standing(state=State.CLOSED, facts=(DEFICIT,)), DRAWN, facts=False) == "closed"
    asked = Standing(state=State.OPEN, ask=("Pain",))
    assert state_words(asked, DRAWN) == "open: not recorded"
    unknown = Standing(state=State.OPEN, ask=("Pain",), recorded="unknown")
    assert state_words(unknown, DRAWN) == "open: recorded as unknown"
    assert state_words(Standing(state=State.OPEN), DRAWN) == "open"
    assert met_words(Standing(state=State.TAKEN, facts=(DEFICIT,)), DRAWN) == "Absent, 2 Nov 2026"
    assert fact_words(DONE, DRAWN) == "vertebroplasty done"


def test_words_of_conditions() -> None:
    assert literal_words(literal("SpinalInstability", False)) == "no spinal instability"
    assert literal_words(algorithm(knowledge("kettle")).findings["Crust"].turned()) == "no crust of chalk"
    assert literal_words(literal("SubtotalResection")) == "subtotal resection done"
    assert status_words(literal("SubtotalResection", False)) == "not done"
    both = Condition((literal("Pain"),), ((literal("HighVascularity"),), (literal("SpinalStenosis"),)))
    assert condition_words(both) == "pain and either high vascularity or spinal stenosis caused by the lesion"


def test_words_of_gates() -> None:
    subject, limit = DRAWN.way.gates
    assert gate_question(subject) == "Is there a vertebral hemangioma?"
    assert (way_out(subject), way_out(limit)) == ("the article does not apply", "nothing is confirmed")
    assert DRAWN.way.fork is not None
    assert way_out(DRAWN.way.fork.absent.gates[0]) == ""
    clocks = algorithm(knowledge("clocks")).way.fork
    assert clocks is not None
    assert gate_question(clocks.absent.gates[0]) == "Hour drift or minute drift?"
