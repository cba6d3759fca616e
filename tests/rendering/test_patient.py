"""The patient's screen: plain, humane, and each sentence about the article hung on a sentence of the article."""

from __future__ import annotations

import re

import pytest

from tests.states import random_states
from tests.support import ROOT, answer, shipped
from tests.whole_cases import read_cases
from vhkg.model.answer import Answer, Verdict
from vhkg.rendering.text import render_text

KNOWLEDGE = shipped()
CONTENT = KNOWLEDGE.content
JARGON = (ROOT / "tests" / "data" / "jargon.txt").read_text(encoding="utf-8").split("\n")[:-1]
FRAME = ("It puts this first:", "It puts these first:", "It names one other option:", "It names other options:",
         "It does not say which of the other options is better.", "It advises against this:")  # fmt: skip


def _answers() -> list[Answer]:
    found = [a for case in read_cases() for a in KNOWLEDGE.recommend(case.patient, readings=case.readings)]
    decider = KNOWLEDGE.decider
    for literals in random_states(decider, KNOWLEDGE.compiled.table, 150, seed=11):
        atoms = {decider.evaluator.atom(x).name: "present" if x > 0 else "absent" for x in literals}
        found.append(answer(atoms or {"Pregnancy": "unknown"}))
    return found


ANSWERS = _answers()


def _screen(given: Answer, width: int = 110) -> str:
    return render_text(KNOWLEDGE.document([given]), CONTENT, audience="patient", width=width)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _ours(text: str) -> str:
    """The screen without quotations, the review status, the notice and the foot."""
    body = text.partition("What we were told")[2].partition("The plain words are ours")[0]
    return re.sub(r'"[^"]*"', "", _flat(body))


def _blocks(text: str) -> list[str]:
    """The items about the article, each with the lines below it."""
    body = text.partition("What the article says for this")[2].partition("Questions you could ask")[0]
    body = body.partition("The plain words are ours")[0]
    return [_flat(block) for block in re.split(r"\n  - ", body)[1:]]


def test_every_item_about_the_article_hangs_on_a_quotation() -> None:
    quotes = {_flat(statement.quote) for statement in CONTENT.statements.values() if statement.quote}
    seen = 0
    for given in ANSWERS:
        for block in _blocks(_screen(given)):
            found = re.findall(r'"([^"]*)"', block)
            assert found, block
            assert set(found) <= quotes
            seen += 1
    assert seen > 900


def test_no_jargon_in_what_is_ours() -> None:
    for given in ANSWERS:
        said = _ours(_screen(given)).lower()
        for word in JARGON:
            assert word not in said, (word, said)
        assert not re.search(r"\b[A-Z][a-z]+[A-Z]\w+", _ours(_screen(given)))


def test_our_sentences_are_short() -> None:
    """Plain-language guides ask for about twenty words at most on average; no sentence of ours is very long."""
    lengths = [
        len(sentence.split())
        for given in ANSWERS
        for sentence in re.split(r"(?<=[.?!:])\s+", _ours(_screen(given)))
        if sentence.strip()
    ]
    assert sum(lengths) / len(lengths) < 14
    assert max(lengths) < 45


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict is not Verdict.INVALID])
def test_each_verdict_has_a_plain_headline(verdict: Verdict) -> None:
    given = [found for found in ANSWERS if found.verdict is verdict]
    assert given
    for found in given:
        words = found.headline.patient
        assert words.endswith((".", "?"))
        assert not any(word in words.lower() for word in JARGON)
        assert words in _flat(_screen(found))


def test_what_was_not_told_is_never_no() -> None:
    given = answer({"VertebralHemangioma": "present", "BackPain": "present"})
    text = _screen(given)
    assert "Not told does not mean no." in _flat(text)
    assert "You have no nerve problem" not in _flat(text)
    assert "Do I have a nerve problem, such as weakness or numbness?" in _flat(text)
    unknown = answer({"VertebralHemangioma": "present", "NeurologicalDeficit": "unknown"})
    assert "Written down as not known: a nerve problem such as weakness or numbness." in _flat(_screen(unknown))


def test_facts_are_told_as_sentences_with_their_days() -> None:
    rows = [{"patient": "p", "finding": "NeurologicalDeficit", "status": "absent", "date": "2026-11-02"}]
    (given,) = KNOWLEDGE.recommend(rows)
    assert "- You have no nerve problem such as weakness or numbness. (2 Nov 2026)" in _screen(given)


def test_a_treatment_done_before_is_told() -> None:
    given = answer({"VertebralHemangioma": "present", "Laminectomy": "present", "Vertebrectomy": "absent"})
    text = _flat(_screen(given))
    assert "This was done: an operation that opens the back of the vertebra." in text
    assert "This was not done: removal of the vertebra." in text


def test_the_notice_is_labelled_as_ours_and_stands_first() -> None:
    text = _screen(ANSWERS[0])
    notice = text.index("(A safety notice of this software, not from the article.)")
    assert notice < text.index("What we were told")
    assert "This is not medical advice" in text[:notice]


def test_a_caution_stands_apart_from_what_is_named_for_it() -> None:
    given = answer({"VertebralHemangioma": "present", "NeurologicalDeficit": "present"})
    text = _screen(given)
    assert "It advises against this:\n  - Removing the vertebra in one piece." in text
    assert text.index("It puts this first:") < text.index("It advises against this:")


def test_every_finding_and_silence_has_plain_sentences() -> None:
    for finding in CONTENT.findings.values():
        if finding.role == "hasFinding":
            assert finding.plain_present, finding.name
            assert finding.plain_absent, finding.name
            assert finding.plain_question.endswith("?"), finding.name
    assert all(silence.plain.endswith(".") for silence in CONTENT.silences)


def test_only_the_frame_stands_between_the_items() -> None:
    for given in ANSWERS:
        body = _screen(given, width=400).partition("What the article says for this\n")[2]
        lines = body.partition("\n\n")[0].splitlines()
        for line in lines[1:]:
            plain = line.startswith("  ") and not line.startswith(("   ", "  - "))
            if plain and "more that it names would depend" not in line:
                assert line.strip() in FRAME, line
