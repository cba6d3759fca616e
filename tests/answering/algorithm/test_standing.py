"""How a patient stands to the picture is what the answer says: for the patients of the design, and for random facts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.algorithms import FOLDERS, boxes, knowledge, placed
from tests.support import answer
from vhkg.answering.algorithm import algorithm, standings
from vhkg.answering.knowledge import Knowledge
from vhkg.errors import UsageError
from vhkg.model.algorithm import Algorithm, Door, Room, Standings, State
from vhkg.model.answer import Answer, Status

P, A = "present", "absent"
SUBJECT = {"VertebralHemangioma": P}


def stand(facts: dict[str, str], **options: object) -> Standings:
    return standings(algorithm(knowledge("article")), answer(facts, **options))


def test_without_a_patient_everything_is_open() -> None:
    found = standings(algorithm(knowledge("article")))
    assert not found.patient
    assert {each.state for each in found.elements.values()} == {State.OPEN}


def test_every_element_has_a_standing() -> None:
    drawn = algorithm(knowledge("article"))
    assert stand(SUBJECT).elements.keys() == standings(drawn).elements.keys()


def test_pain_without_a_deficit() -> None:
    found = stand({**SUBJECT, "BackPain": P, "NeurologicalDeficit": A, "ExtraosseousExtension": A})
    first = found.of("PercutaneousVertebroplastyFirstLine")
    assert (first.state, first.ask) == (State.OPEN, ("VertebroplastyCandidacy",))
    assert [fact.finding for fact in first.pending] == ["VertebroplastyCandidacy"]
    assert found.of("TransarterialEmbolizationAlone").state is State.TAKEN
    closed = found.of("DecompressionWithPreoperativeEmbolization")
    assert closed.state is State.CLOSED
    assert [(fact.finding, fact.status) for fact in closed.facts] == [("NeurologicalDeficit", A)]
    assert found.of("AsymptomaticLesion").state is State.CLOSED


def test_a_deficit_that_is_not_recorded_reaches_no_arm() -> None:
    found = stand({**SUBJECT, "BackPain": P})
    fork = found.of("way-fork-NeurologicalDeficit")
    assert (fork.state, fork.ask) == (State.OPEN, ("NeurologicalDeficit",))
    for name in ("PercutaneousVertebroplastyFirstLine", "DecompressionWithPreoperativeEmbolization"):
        assert found.of(name).state is State.NOT_REACHED
    assert found.of("DiagnosticMRI").state is State.TAKEN


@pytest.mark.parametrize(("facts", "recorded"), [({}, ""), ({"NeurologicalDeficit": "unknown"}, "unknown")])
def test_silence_and_unknown_are_told_apart(facts: dict[str, str], recorded: str) -> None:
    fork = stand({**SUBJECT, **facts}).of("way-fork-NeurologicalDeficit")
    assert (fork.state, fork.recorded) == (State.OPEN, recorded)


def test_a_contradiction_opens_what_it_leaves_undecided() -> None:
    rows = [{"patient": "p", "finding": "VertebralHemangioma", "status": status} for status in (P, A)]
    known = knowledge("article")
    found = standings(algorithm(known), known.recommend(rows)[0]).of("way-gate-VertebralHemangioma")
    assert (found.state, found.recorded) == (State.OPEN, "conflict")


def test_a_factor_that_is_not_addressed_confirms_nothing() -> None:
    found = stand({**SUBJECT, "NeurologicalDeficit": P, "Pregnancy": P})
    first = found.of("DecompressionWithPreoperativeEmbolization")
    assert (first.state, first.not_addressed) == (State.OPEN, ("Pregnancy",))
    assert found.of("door-DecompressionWithPreoperativeEmbolization").state is State.TAKEN
    assert found.of("AvoidEnBlocResection").state is State.TAKEN
    assert found.of("PregnancyLimit").state is State.HERE
    assert found.of("UnaddressedFactorLimit").state is not State.HERE


def test_symptoms_of_another_cause_close_the_gate_and_hold_nothing_back() -> None:
    found = stand({**SUBJECT, "NeurologicalDeficit": P, "SymptomsDueToAnotherCause": P})
    assert found.of("gate-OtherCauseLimit").state is State.CLOSED
    assert found.of("way-NeurologicalDeficit-present").state is State.TAKEN
    assert found.of("DecompressionWithPreoperativeEmbolization").state is State.OPEN


def test_a_patient_sees_themself_in_the_empty_room() -> None:
    found = stand({**SUBJECT, "NeurologicalDeficit": A, "Pain": A})
    assert found.of("AsymptomaticLesion").state is State.HERE
    assert found.of("way-NeurologicalDeficit-absent-gate-Pain").state is State.CLOSED
    assert found.of("PercutaneousVertebroplastyFirstLine").state is State.CLOSED


def test_what_is_refuted_closes_everything_behind() -> None:
    found = stand({"VertebralHemangioma": A})
    (fact,) = found.of("way-fork-NeurologicalDeficit").facts
    assert (fact.finding, fact.status) == ("VertebralHemangioma", A)
    assert found.of("FractureWithoutDeficitSilence").state is State.CLOSED


def test_a_record_that_cannot_be_used_is_no_patient() -> None:
    known = knowledge("article")
    (patient,) = known.read([{"patient": "p", "finding": "Pain", "status": P}])
    invalid = known.composer.invalid(patient.record, None, ())
    assert not standings(algorithm(knowledge("article")), invalid).patient


def test_an_answer_under_other_readings_is_refused() -> None:
    with pytest.raises(UsageError):
        stand(SUBJECT, readings={"ExtentReading": "ExtentWithoutDeficitToo"})


# --- the law


def facts_of(known: Knowledge) -> st.SearchStrategy[dict[str, str]]:
    names = sorted(known.decider.evaluator.atom(n).name for n in known.decider.place_of_atom)
    subject = known.compiled.table.goals[known.content.article.subject].yes[0].literals[0]
    first = known.decider.evaluator.atom(subject).name
    status = st.sampled_from([P, P, A, A, "unknown"])
    return st.builds(
        lambda sure, others: {**others, **sure},
        st.sampled_from([{first: P}, {first: P}, {first: P}, {}]),
        st.dictionaries(st.sampled_from(names), status, max_size=9),
    )


def readings_of(known: Knowledge) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {},
        optional={
            reading.name: st.sampled_from([each.name for each in reading.alternatives])
            for reading in known.content.readings.values()
        },
    )


@pytest.mark.parametrize("name", FOLDERS)
@settings(max_examples=60)
@given(data=st.data())
def test_the_picture_says_what_the_answer_says(name: str, data: st.DataObject) -> None:
    known = knowledge(name)
    readings = data.draw(readings_of(known))
    facts = data.draw(facts_of(known))
    rows = [{"patient": "p", "finding": finding, "status": status} for finding, status in facts.items()]
    rows = rows or [{"patient": "p", "finding": next(iter(known.content.findings)), "status": "unknown"}]
    (found,) = known.recommend(rows, readings=readings)
    drawn = algorithm(known, readings)
    _agree(drawn, found, standings(drawn, found))


def _agree(drawn: Algorithm, found: Answer, stood: Standings) -> None:
    given = {each.id: each for each in found.recommendations}
    silent = {each.id for each in found.silent}
    for box in boxes(drawn):
        status, state = given[box.name].status, stood.of(box.name).state
        assert (state is State.TAKEN) == (status in (Status.APPLIES, Status.ADVISED_AGAINST))
        assert (state is State.CLOSED) == (status is Status.DOES_NOT_APPLY)
        assert (state in (State.OPEN, State.NOT_REACHED)) == (status in (Status.PROVISIONAL, Status.UNDETERMINED))
        assert state is not State.NOT_REACHED or status is Status.UNDETERMINED
        if state is State.CLOSED:
            assert stood.of(box.name).facts
        if status is not given[box.name].base_status:
            assert state is State.OPEN
            assert stood.of(box.name).not_addressed
    for each in placed(drawn):
        names = [*(gate.name for gate in each.gates), *each.arms]
        before = {stood.of(name).state for name in names}
        inside = [stood.of(box.name).state for box in each.what.boxes] if isinstance(each.what, Door) else []
        state = stood.of(each.what.name).state
        if state is State.TAKEN:
            assert before <= {State.TAKEN}
        if State.CLOSED in before:
            assert state is State.CLOSED or isinstance(each.what, Room)
            assert set(inside) <= {State.CLOSED}
        if state is State.NOT_REACHED:
            assert before & {State.OPEN, State.NOT_REACHED}
        if state is State.OPEN and State.TAKEN not in inside and isinstance(each.what, Door):
            base = {given[box.name].base_status for box in each.what.boxes}
            assert before <= {State.TAKEN} or base == {Status.PROVISIONAL}
        if isinstance(each.what, Room) and each.what.silence in silent:
            assert state is State.HERE
        if isinstance(each.what, Room) and state is State.HERE and each.what not in drawn.factors:
            assert each.what.silence in silent
    for fork in [drawn.way.fork] if drawn.way.fork else []:
        arms = [stood.of(arm.name).state for arm in (fork.absent, fork.present)]
        assert arms.count(State.TAKEN) < 2
        assert (State.TAKEN in arms) <= (State.CLOSED in arms)
    for standing in stood.elements.values():
        for asked in standing.ask:
            assert found.findings[asked].status in ("unknown", "conflict")


@pytest.mark.parametrize("state", list(State))
def test_random_facts_reach_every_state(state: State) -> None:
    """The law above is not about pictures in which nothing happens."""
    seen = {
        each.state
        for facts in (
            {**SUBJECT, "NeurologicalDeficit": A, "Pain": A},
            {**SUBJECT, "BackPain": P},
            {**SUBJECT, "NeurologicalDeficit": P},
        )
        for each in stand(facts).elements.values()
    }
    assert state in seen
