"""The parts of FHIR resources that are read: what fits them, and the path of what does not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from tests.patients.records import concept, condition, observation, resource
from vhkg.patients.fhir.types import READ, Coding, Condition, Observation, Patient


def converted(value: Any) -> Any:
    return msgspec.convert(value, READ[value["resourceType"]])


def test_the_names_of_elements_are_those_of_fhir() -> None:
    found = converted(
        condition(recordedDate="2026", bodySite=[concept("a"), {"text": "b"}], abatementAge={"value": 40})
    )
    assert isinstance(found, Condition)
    assert (found.recorded_date, found.abatement_age) == ("2026", {"value": 40})
    assert [site.text for site in found.body_site] == ["", "b"]
    assert found.verification_status is not None
    assert found.verification_status.coding == (Coding("", "confirmed"),)


def test_what_is_missing_is_told_from_what_is_empty() -> None:
    found = converted(observation())
    assert isinstance(found, Observation)
    assert (found.value_boolean, found.value_quantity, found.data_absent_reason) == (None, None, None)
    assert converted(observation(valueString="")).value_string == ""
    assert converted(observation(valueBoolean=False)).value_boolean is False


def test_elements_that_say_nothing_of_the_meaning_are_passed_over() -> None:
    plain = converted(condition())
    more = condition(
        meta={"tag": []}, text={"div": "<div/>"}, note=[{"text": "x"}], extension=[{"url": "urn:x"}], _id=1
    )
    assert converted(more) == plain


def test_what_modifies_the_meaning_is_kept() -> None:
    found = converted(condition(modifierExtension=[{"url": "urn:x"}], implicitRules="urn:y"))
    assert (found.modifier_extension, found.implicit_rules) == ([{"url": "urn:x"}], "urn:y")
    assert msgspec.convert({"resourceType": "Patient", "implicitRules": "urn:y"}, Patient).implicit_rules == "urn:y"


MISFITS: list[tuple[Any, str]] = [
    ({**condition(), "code": "text"}, "Expected `object | null`, got `str` - at `$.code`"),
    (condition(code={"coding": {"code": "a"}}), "Expected `array`, got `object` - at `$.code.coding`"),
    (condition(code={"coding": [{"code": 7}]}), "Expected `str`, got `int` - at `$.code.coding[0].code`"),
    (condition(code={"coding": [None]}), "Expected `object`, got `null` - at `$.code.coding[0]`"),
    (condition(bodySite=concept("a")), "Expected `array`, got `object` - at `$.bodySite`"),
    (condition(recordedDate=2026), "Expected `str`, got `int` - at `$.recordedDate`"),
    (condition(recordedDate=None), "Expected `str`, got `null` - at `$.recordedDate`"),
    (condition(verificationStatus="refuted"), "Expected `object | null`, got `str` - at `$.verificationStatus`"),
    (condition(subject=[]), "Expected `object | null`, got `array` - at `$.subject`"),
    (condition(modifierExtension={}), "Expected `array`, got `object` - at `$.modifierExtension`"),
    (condition(id=7), "Expected `str`, got `int` - at `$.id`"),
    (observation(valueBoolean="false"), "Expected `bool | null`, got `str` - at `$.valueBoolean`"),
    (observation(valueBoolean=0), "Expected `bool | null`, got `int` - at `$.valueBoolean`"),
    (observation(valueInteger=0.5), "Expected `int | null`, got `float` - at `$.valueInteger`"),
    (observation(valueQuantity={"value": "0"}), "Expected `float | null`, got `str` - at `$.valueQuantity.value`"),
    (observation(valueQuantity={"value": True}), "Expected `float | null`, got `bool` - at `$.valueQuantity.value`"),
    (observation(valueQuantity={"value": 10**400}), "Number out of range - at `$.valueQuantity.value`"),
    (observation(component=[{"code": []}]), "Expected `object | null`, got `array` - at `$.component[0].code`"),
    ({**observation(), "status": ["final"]}, "Expected `str`, got `array` - at `$.status`"),
    (
        resource("Procedure", "A", performedPeriod="2026"),
        "Expected `object | null`, got `str` - at `$.performedPeriod`",
    ),
    (resource("List", "A", date={}), "Expected `str`, got `object` - at `$.date`"),
]


@pytest.mark.parametrize(("value", "says"), MISFITS, ids=[says for _, says in MISFITS])
def test_what_does_not_fit_is_named_by_its_path(value: Any, says: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        converted(value)
    assert str(caught.value) == says
