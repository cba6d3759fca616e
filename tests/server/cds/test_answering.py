"""Calls and their cards: the answers of `recommend`, in cards that are as the specification wants them."""

from __future__ import annotations

import json
import re
import uuid
from http import HTTPStatus
from typing import Any

import jsonschema
import msgspec
import pytest

from tests.patients.many_formats.codes import write_codes
from tests.patients.many_formats.fhir import bundle
from tests.patients.many_formats.generator import generate
from tests.server.cds.calls import CARDS, DISCOVERY, call, instance, prefetch, resource, searchset
from tests.server.conftest import KETTLE
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.errors import InputError
from vhkg.intake import document
from vhkg.model.answer import Answer, Status, Verdict
from vhkg.rendering.wording import action_quote
from vhkg.server.cds.answering import discovery, respond, taken
from vhkg.server.cds.cards import MOST, Maker, subject_findings
from vhkg.server.cds.markdown import escaped
from vhkg.server.cds.prefetched import gather
from vhkg.server.cds.protocol import sent
from vhkg.server.problems import Refused
from vhkg.server.service import Settings

PATIENTS = 120
BASE = "https://vhkg.example"
EXAMPLES = ROOT.parent / "shared" / "examples"
STATUSES = {"verificationStatus": "confirmed", "clinicalStatus": "active"}
NOTHING: dict[str, Any] = {"conditions": None, "observations": None, "procedures": None}


def cards(knowledge: Knowledge, body: bytes) -> list[dict[str, Any]]:
    """The cards of a response, which is as the tables of the specification have it."""
    found = json.loads(sent(respond(knowledge, body, BASE)))
    jsonschema.validate(found, CARDS, cls=jsonschema.Draft202012Validator)
    result: list[dict[str, Any]] = found["cards"]
    return result


def plain(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown)


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return Knowledge.load(codes=write_codes(tmp_path_factory.mktemp("codes")))


def _without_file(answers: list[Answer]) -> list[Any]:
    """The answers but for the file and the numbers of nodes, which follow the order of the entries."""
    found = [msgspec.to_builtins(msgspec.structs.replace(answer, file="")) for answer in answers]
    for answer in found:
        noted = [{**each, "focusNode": ""} for each in answer["violations"]]
        answer["violations"] = sorted(noted, key=lambda each: sorted(each.items()))
    return found


def test_the_answers_are_those_of_the_command_and_each_card_is_of_one(knowledge: Knowledge) -> None:
    compared = made = silent = 0
    subject = subject_findings(knowledge)
    for seed in range(PATIENTS):
        patient = generate(seed)
        content = bundle(patient)
        given = prefetch(json.loads(content))
        answers = knowledge.recommend(document("b.json", content))
        gathered = gather(given, patient.name)
        assert gathered.missing == ()
        assert _without_file(knowledge.recommend(gathered.bundle)) == _without_file(answers)
        compared += len(answers)
        found = cards(knowledge, call(given, patient.name, hookInstance=instance(seed)))
        made += len(found)
        silent += not found
        recorded = any(
            answer.findings[name].recorded not in ("", "absent")
            for answer in answers
            if answer.verdict != Verdict.INVALID
            for name in subject & set(answer.findings)
        )
        if recorded and not any(answer.verdict == Verdict.NOT_APPLICABLE for answer in answers):
            assert found, patient
        for card in found:
            _harmless(card)
            assert any(plain(card["detail"]).startswith(f"**{each.headline.clinician}**") for each in answers)
        if len(answers) == 1 and found and answers[0].verdict != Verdict.INVALID:
            _says_what_the_answer_says(answers[0], found[0])
    assert compared >= PATIENTS
    assert made > PATIENTS // 2
    assert silent


def _harmless(card: dict[str, Any]) -> None:
    """No suggestion, no action; the link holds facts and nothing of the patient."""
    assert "suggestions" not in card
    assert card["indicator"] in ("info", "warning")
    (link,) = card["links"]
    assert re.fullmatch(rf"{BASE}/#k=[0-9a-f]{{12}}(&f=[A-Za-z]+\.[pau](,[A-Za-z]+\.[pau])*)?", link["url"])


def _says_what_the_answer_says(answer: Answer, card: dict[str, Any]) -> None:
    detail = plain(card["detail"])
    against = detail.partition("**Against")[2]
    for given in answer.recommendations:
        if given.status == Status.DOES_NOT_APPLY:
            continue
        assert action_quote(given) in detail
        if given.direction == "against":
            assert action_quote(given) in against
    if any(given.status == Status.ADVISED_AGAINST for given in answer.recommendations):
        assert "ADVISED AGAINST" in against


def test_the_shared_example() -> None:
    knowledge = Knowledge.load(codes=[EXAMPLES / "codes.tsv"])
    content = (EXAMPLES / "bundle.json").read_bytes()
    given = prefetch(json.loads(content))
    identity = given["patient"]["id"]
    assert _without_file(knowledge.recommend(gather(given, identity).bundle)) == _without_file(
        knowledge.recommend(document("b.json", content))
    )
    (card,) = cards(knowledge, call(given, identity))
    assert card["summary"].startswith("Ask: ")


def test_what_is_not_recorded_gets_no_card_and_what_is_recorded_does() -> None:
    def of(*conditions: dict[str, Any]) -> list[dict[str, Any]]:
        return cards(shipped(), call(NOTHING | {"conditions": searchset(*({"resource": each} for each in conditions))}))

    confirmed: dict[str, Any] = {name: {"coding": [{"code": code}]} for name, code in STATUSES.items()}
    refuted: dict[str, Any] = {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    pain = resource("Condition", "BackPain", "c1", **confirmed)
    assert of() == []
    assert of(pain) == []
    assert len(of(pain, resource("Condition", "VertebralHemangioma", "c2", **confirmed))) == 1
    assert of(pain, resource("Condition", "VertebralHemangioma", "c2", **refuted)) == []


def test_lesions_without_a_card_are_counted_on_the_last() -> None:
    levels = ["T5", "T6", "T7", "T8", "T9", "T10"]
    knowledge = shipped()
    rows = [
        {"patient": "p", "presentation": level, "finding": "VertebralHemangioma", "status": "present"}
        for level in levels
    ]
    maker = Maker(knowledge, BASE, uuid.UUID(int=1))
    chosen = [answer for patient in knowledge.read(rows) for answer in maker.worth_a_card(patient)]
    made = maker.cards(chosen, [])
    assert len(chosen) == len(levels)
    assert len(made) == MOST
    assert len({card.uuid for card in made}) == MOST
    assert "2 further lesions have no card" in plain(made[-1].detail)
    assert all("further lesion" not in card.detail for card in made[:-1])
    assert {card.summary.partition(":")[0] for card in made} <= set(levels)


@pytest.mark.parametrize("left_out", ["conditions", "observations", "procedures"])
def test_what_was_not_sent_is_told_and_never_taken_for_nothing(left_out: str) -> None:
    given = {key: value for key, value in NOTHING.items() if key != left_out}
    with pytest.raises(Refused) as caught:
        respond(shipped(), call(given), BASE)
    assert caught.value.status == 412
    assert left_out in caught.value.detail
    where = "observations" if left_out == "conditions" else "conditions"
    confirmed: dict[str, Any] = {
        "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "clinicalStatus": {"coding": [{"code": "active"}]},
    }
    known = {
        "conditions": resource("Condition", "VertebralHemangioma", "c1", **confirmed),
        "observations": resource("Observation", "VertebralHemangioma", "o1", status="final", valueBoolean=True),
    }[where]
    (card,) = cards(shipped(), call(given | {where: searchset({"resource": known})}))
    assert f"Not sent, or not as a whole: {left_out}." in plain(card["detail"])


@pytest.mark.parametrize("given", [None, {}, {"patient": None}, {"conditions": {"resourceType": "OperationOutcome"}}])
def test_without_prefetch_nothing_can_be_said(given: Any) -> None:
    with pytest.raises(Refused) as caught:
        respond(shipped(), call(given), BASE)
    assert caught.value.status == 412


def test_no_entry_of_another_patient_is_ever_read() -> None:
    other = resource("Condition", "VertebralHemangioma", "c1", patient="q")
    with pytest.raises(InputError):
        respond(shipped(), call(NOTHING | {"conditions": searchset({"resource": other})}), BASE)
    with pytest.raises(Refused) as caught:
        respond(shipped(), call(NOTHING | {"patient": {"resourceType": "Patient", "id": "q"}}), BASE)
    assert caught.value.status == 400


WHOLE = json.loads(call(NOTHING))
BROKEN: dict[str, Any] = {
    "no hook": {**WHOLE, "hook": None},
    "no instance": {key: value for key, value in WHOLE.items() if key != "hookInstance"},
    "an instance that is no UUID": {**WHOLE, "hookInstance": "canary"},
    "no context": {key: value for key, value in WHOLE.items() if key != "context"},
    "no user": {**WHOLE, "context": {"patientId": "p"}},
    "an empty user": {**WHOLE, "context": {"patientId": "p", "userId": ""}},
    "no patient": {**WHOLE, "context": {"userId": "u"}},
    "a patient that is no id": {**WHOLE, "context": {"userId": "u", "patientId": "canary/../1"}},
    "a patient that is a number": {**WHOLE, "context": {"userId": "u", "patientId": 1}},
    "prefetch of texts": {**WHOLE, "prefetch": {"patient": "canary"}},
    "another hook": {**WHOLE, "hook": "order-sign"},
    "a list": [WHOLE],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_call_is_refused_without_its_values(name: str) -> None:
    with pytest.raises(Refused) as caught:
        respond(shipped(), json.dumps(BROKEN[name]).encode(), BASE)
    assert caught.value.status == 400
    assert "canary" not in caught.value.detail


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 40 + b"]" * 40, b'{"hook": 1, "hook": 2}', b"\xff", b'{"a": "\0"}'])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(Refused) as caught:
        respond(shipped(), body, BASE)
    assert caught.value.status == 400


def test_a_name_of_a_lesion_means_nothing_to_a_client() -> None:
    for hostile in ("<img src=x>", "[a](javascript:1)", "# a", "![x](http://a)", "www.a.example", "a@b.example", "`a`"):
        told = escaped(hostile)
        assert plain(told) == hostile
        assert not re.search(r"(?<!\\)[<>\[\]()`#!@:._*|&]", told)


def test_another_article() -> None:
    kettle = Knowledge.load(str(KETTLE))
    found = json.loads(sent(discovery(kettle.content)))
    jsonschema.validate(found, DISCOVERY, cls=jsonschema.Draft202012Validator)
    assert "hemangioma" not in json.dumps(found).lower()
    assert cards(kettle, call(NOTHING)) == []


def test_the_service_is_described_as_the_specification_has_it() -> None:
    found = json.loads(sent(discovery(shipped().content)))
    jsonschema.validate(found, DISCOVERY, cls=jsonschema.Draft202012Validator)
    (service,) = found["services"]
    assert service["hook"] == "patient-view"
    for key, template in service["prefetch"].items():
        token = r"\{\{context\.patientId\}\}"
        assert re.fullmatch(rf"Patient/{token}|[A-Z][A-Za-z]+\?patient={token}", template), key


@pytest.mark.parametrize(
    ("feedback", "fits"),
    [
        ({"feedback": [{"card": "c", "outcome": "overridden", "outcomeTimestamp": "2020-12-11T00:00:00Z"}]}, True),
        ({"feedback": []}, True),
        ({"feedback": [{"card": "c", "outcome": "canary", "outcomeTimestamp": "2020"}]}, False),
        ({"feedback": [{"card": "c"}]}, False),
        ({}, False),
    ],
)
def test_feedback_is_checked_and_not_kept(feedback: Any, fits: bool) -> None:
    body = json.dumps(feedback).encode()
    if fits:
        taken(body)
        return
    with pytest.raises(Refused) as caught:
        taken(body)
    assert (caught.value.status, "canary" in caught.value.detail) == (400, False)


def test_more_lesions_or_facts_than_one_request_may_hold_are_refused() -> None:
    confirmed: dict[str, Any] = {name: {"coding": [{"code": code}]} for name, code in STATUSES.items()}
    found = resource("Condition", "VertebralHemangioma", "c", **confirmed)
    body = call(NOTHING | {"conditions": searchset({"resource": found})})
    assert respond(shipped(), body, BASE, Settings(lesions=1, facts=1)).cards
    for settings in (Settings(lesions=0), Settings(facts=0)):
        with pytest.raises(Refused) as refused:
            respond(shipped(), body, BASE, settings)
        assert refused.value.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
