"""Over generated answers: no channel says *applies* of what a scope limit holds back or the article advises against."""

from __future__ import annotations

import json

import msgspec
import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rendering.samples import Given, answer, content, document, fact
from tests.rendering.test_csvout import rows
from vhkg.model.answer import Answer, Status, Verdict
from vhkg.model.content import Recommendation
from vhkg.namespaces import BASE, Vhkg
from vhkg.rendering.csvout import render_csv
from vhkg.rendering.explain import render_explanation
from vhkg.rendering.jsonout import render_json
from vhkg.rendering.rdf import answer_iri, answer_ntriples
from vhkg.rendering.screen import Detail
from vhkg.rendering.text import render_text
from vhkg.rendering.whatif import render_what_if

S = Status
FOR_BASES = (S.APPLIES, S.PROVISIONAL, S.UNDETERMINED, S.DOES_NOT_APPLY)
AGAINST_BASES = (S.ADVISED_AGAINST, S.PROVISIONAL, S.UNDETERMINED, S.DOES_NOT_APPLY)
FACTORS = ("Pregnancy", "Childhood")


@st.composite
def statuses(draw: st.DrawFn, known: Recommendation, factors: tuple[str, ...]) -> Given:
    """What answering may give: a cap lowers applies to provisional, and only for something."""
    base = draw(st.sampled_from(AGAINST_BASES if known.direction == "against" else FOR_BASES))
    capped = bool(factors) and known.direction == "for"
    return Given(
        status=S.PROVISIONAL if capped and base is S.APPLIES else base,
        base=base,
        because=("VertebralHemangioma",) if base is not S.UNDETERMINED else (),
        needs=draw(st.sampled_from(((), ("SpinalStenosis",), ("-SpinalInstability", "SpinalStenosis")))),
        capped_by=factors if capped else (),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    factors = draw(st.sampled_from(((), FACTORS[:1], FACTORS)))
    given = {known.name: draw(statuses(known, factors)) for known in content().recommendations}
    verdict = (
        Verdict.OUTSIDE if factors else draw(st.sampled_from((Verdict.FIRST_LINE, Verdict.UNDECIDED, Verdict.GAP)))
    )
    return answer(
        "p",
        "T1",
        file="p.csv",
        verdict=verdict,
        headline="Headline.",
        described_as="described",
        facts={"VertebralHemangioma": None, **dict.fromkeys(factors)},
        given=given,
    )


def held_back(made: Answer) -> set[str]:
    return {r.id for r in made.recommendations if r.direction == "against" or r.status is not S.APPLIES}


@settings(max_examples=40, deadline=None)
@given(answers())
def test_machine_channels(made: Answer) -> None:
    held, doc = held_back(made), document(made)
    for read in json.loads(render_json(doc))["answers"][0]["recommendations"]:
        assert read["id"] not in held or read["status"] != "applies"
    for row in rows(render_csv(doc, content())):
        assert row["recommendation"] not in held or "applies" not in row.values()
    store = ox.Store()
    store.load(answer_ntriples(doc, content()), format=ox.RdfFormat.N_TRIPLES)
    iri = answer_iri(made, doc.knowledge.digest)
    said = {str(quad.subject).strip("<>") for quad in store.quads_for_pattern(None, None, ox.Literal("applies"))}
    assert said == {f"{iri}/{r.id}" for r in made.recommendations if r.id not in held}
    named = store.quads_for_pattern(None, ox.NamedNode(Vhkg.ofRecommendation), None)
    assert {str(quad.object).strip("<>") for quad in named} == {BASE + r.id for r in made.recommendations}


@settings(max_examples=40, deadline=None)
@given(answers(), st.sampled_from([60, 80, 110]))
def test_words(made: Answer, width: int) -> None:
    applying = [r.label for r in made.recommendations if r.id not in held_back(made)]
    for detail in Detail:
        text = render_text(document(made), content(), detail=detail, width=width)
        assert ("APPLIES" in text) <= bool(applying)
        assert max(map(len, text.splitlines())) <= width
    assert "APPLIES" not in render_text(document(made), content(), audience="patient", width=width)
    for each in made.recommendations:
        text = render_explanation(made, content(), each.id, width)
        assert ("APPLIES" in text) == (each.label in applying and each.status is S.APPLIES)
    text = render_what_if(made, [("b", made)], content(), width)
    assert "No status changes." in text


@settings(max_examples=20, deadline=None)
@given(answers(), answers())
def test_what_if_tells_every_difference(before: Answer, after: Answer) -> None:
    text = render_what_if(before, [("then", after)], content(), 110)
    held = held_back(before) & held_back(after)
    if len(held) == len(before.recommendations):
        assert "APPLIES" not in text


def test_a_factor_that_only_flags_is_still_named() -> None:
    known = content().recommendations[0]
    made = answer(
        "p",
        "T1",
        file="p.csv",
        verdict=Verdict.FIRST_LINE,
        headline="Headline.",
        described_as="described",
        facts={"Pregnancy": None},
        given={known.name: Given(status=S.APPLIES, capped_by=("Pregnancy",))},
    )
    flat = " ".join(render_text(document(made), content(), width=110).split())
    assert "APPLIES, pregnancy NOT CONSIDERED" in flat
    assert msgspec.structs.asdict(fact("Pregnancy"))["status"] == "present"
