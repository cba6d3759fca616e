"""One FHIR R4 resource becomes coded entries: flattening only. What codes mean is for those who read the entries.

Most observations of a record are of codes that no table has; of these only code and status are taken, since nothing
else is read of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from vhkg.model.coded import BodySite, CodedEntry, CodeTables, Reading
from vhkg.patients.days import written_day
from vhkg.patients.fhir.types import (
    CodeableConcept,
    Coding,
    Component,
    Condition,
    FhirList,
    Observation,
    Period,
    Procedure,
    Quantity,
)

Resource = Condition | Observation | Procedure | FhirList
_NO_DAY = "a date that is none"
_NONE = CodeableConcept()


class Flattener:
    """Systems are named as the tables name them. Immutable."""

    def __init__(self, tables: CodeTables) -> None:
        self._systems = tables.systems
        self._meanings = tables.meanings
        self._readings = tables.readings

    def entries(self, resource: Resource, origin: str) -> list[CodedEntry]:
        """At least one entry for each resource; each component of an observation is one more."""
        if isinstance(resource, Observation):
            return self._observation(resource, origin)
        if isinstance(resource, Condition):
            return [self._condition(resource, origin)]
        if isinstance(resource, Procedure):
            return [self._procedure(resource, origin)]
        return [self._list(resource, origin)]

    def _condition(self, resource: Condition, origin: str) -> CodedEntry:
        abated = has_abated(resource)
        ended, wrong_end = day(resource.abatement_date_time, resource.abatement_period)
        recorded, wrong = day(resource.recorded_date, None)
        began, wrong_onset = day(resource.onset_date_time, resource.onset_period)
        clinical = self._status("clinicalStatus", resource.clinical_status)
        unclear = _modified(resource) or (_NO_DAY if wrong or wrong_onset or wrong_end else "")
        asserted = (self._readings.get(f"Condition.{field}|{code}") is Reading.ASSERTED for field, code in clinical)
        if (abated or ended) and any(asserted):
            unclear = unclear or "Condition: active and abated"
        concept = resource.code or _NONE
        return CodedEntry(
            element="Condition",
            origin=origin,
            codes=self._codes(concept),
            text=_display(concept),
            statuses=(*self._status("verificationStatus", resource.verification_status), *clinical),
            sites=self._sites(resource.body_site),
            recorded=recorded,
            began=began,
            ended=ended,
            unclear=unclear,
        )

    def _observation(self, resource: Observation, origin: str) -> list[CodedEntry]:
        if not resource.component and resource.code is not None:
            codes = self._codes(resource.code)
            if codes and self._meanings.keys().isdisjoint(codes):
                return [
                    CodedEntry(
                        element="Observation",
                        origin=origin,
                        codes=codes,
                        text=_display(resource.code),
                        statuses=(("status", resource.status),),
                    )
                ]
        recorded, wrong = observed_day(resource)
        unclear = _modified(resource) or (_NO_DAY if wrong else "")
        if resource.focus:
            unclear = unclear or "Observation: its focus is not the patient"
        sites = self._sites((resource.body_site,) if resource.body_site else ())
        found: list[CodedEntry] = []
        if not resource.component or resource.code is None or how_many_values(resource):
            found.append(self._valued(resource, resource.status, origin, recorded, sites, unclear=unclear))
        for number, component in enumerate(resource.component, start=1):
            own = unclear or ("a modifier extension" if component.modifier_extension else "")
            place = f"{origin}#component{number}"
            found.append(self._valued(component, resource.status, place, recorded, sites, unclear=own))
        return found

    def _valued(
        self,
        value: Observation | Component,
        status: str,
        origin: str,
        recorded: str,
        sites: tuple[BodySite, ...],
        *,
        unclear: str,
    ) -> CodedEntry:
        quantity = value.value_quantity
        if how_many_values(value) > 1:
            unclear = unclear or "Observation: more than one value"
        number: bool | float | None = value.value_boolean
        if number is None and quantity is not None:
            number = quantity.value
            if quantity.comparator:
                unclear = unclear or "Observation: a comparator, so the number is not exact"
        elif number is None and value.value_integer is not None:
            number = value.value_integer
        concept = value.code or _NONE
        return CodedEntry(
            element="Observation",
            origin=origin,
            codes=self._codes(concept),
            text=_display(concept),
            statuses=(("status", status),),
            values=self._codes(value.value_codeable_concept or _NONE),
            value=number,
            valued=True,
            unit=self._unit(quantity),
            absent_reason=value.data_absent_reason is not None,
            sites=sites,
            recorded=recorded,
            unclear=unclear,
        )

    def _procedure(self, resource: Procedure, origin: str) -> CodedEntry:
        recorded, wrong = day(resource.performed_date_time, resource.performed_period)
        concept = resource.code or _NONE
        return CodedEntry(
            element="Procedure",
            origin=origin,
            codes=self._codes(concept),
            text=_display(concept),
            statuses=(("status", resource.status),),
            sites=self._sites(resource.body_site),
            recorded=recorded,
            unclear=_modified(resource) or (_NO_DAY if wrong else ""),
        )

    def _list(self, resource: FhirList, origin: str) -> CodedEntry:
        recorded, wrong = day(resource.date, None)
        concept = resource.code or _NONE
        return CodedEntry(
            element="List",
            origin=origin,
            codes=self._codes(concept),
            text=_display(concept),
            statuses=(("status", resource.status),),
            recorded=recorded,
            unclear=_modified(resource) or (_NO_DAY if wrong else ""),
        )

    def _codes(self, concept: CodeableConcept) -> tuple[str, ...]:
        return tuple([self._token(each) for each in concept.coding if each.code])

    def _token(self, coding: Coding) -> str:
        """The code without the prefix of its system, which those of the OBO often keep: ``HP:0003418``."""
        system = self._systems.get(coding.system, coding.system)
        if ":" not in coding.code:
            return f"{system}|{coding.code}"
        prefix, separator, local = coding.code.partition(":")
        return f"{system}|{local if separator and self._systems.get(prefix) == system else coding.code}"

    def _sites(self, concepts: Iterable[CodeableConcept]) -> tuple[BodySite, ...]:
        return tuple(BodySite(self._codes(each), each.text) for each in concepts if each.coding or each.text)

    @staticmethod
    def _status(field: str, concept: CodeableConcept | None) -> tuple[tuple[str, str], ...]:
        return tuple((field, each.code) for each in (concept or _NONE).coding if each.code) or ((field, ""),)

    def _unit(self, quantity: Quantity | None) -> str:
        """The coded unit; without a system, the unit as it is written, taken for UCUM."""
        if quantity is None:
            return ""
        if quantity.code:
            system = quantity.system or "UCUM"
            return f"{self._systems.get(system, system)}|{quantity.code}"
        return f"{self._systems.get('UCUM', 'UCUM')}|{quantity.unit}" if quantity.unit else ""


def _modified(resource: Resource) -> str:
    """Why the resource must not be read as it stands: https://hl7.org/fhir/R4/extensibility.html#modifierExtension"""
    if resource.modifier_extension:
        return "a modifier extension"
    return "implicit rules" if resource.implicit_rules else ""


def has_abated(resource: Condition) -> bool:
    """Whether an end is stated in another way than as a day."""
    ends = (resource.abatement_period, resource.abatement_age, resource.abatement_range, resource.abatement_string)
    return ends.count(None) < len(ends)


def observed_day(resource: Observation) -> tuple[str, bool]:
    """As `day`, of the time that an observation is about, else of that when it was made available."""
    found, wrong = day(resource.effective_date_time or resource.effective_instant, resource.effective_period)
    if not found and not wrong and resource.effective_timing is None:
        return day(resource.issued, None)
    return found, wrong


def day(text: str, period: Period | None) -> tuple[str, bool]:
    """The day, and whether something that is no date stands in its place. A period counts as its last day known."""
    written = text
    if not written and period is not None:
        written = period.end or period.start
    found = written_day(written) if written else ""
    return found, bool(written) and not found


def how_many_values(value: Observation | Component) -> int:
    """How many there are of what may be the one value of an observation, or say that it has none."""
    values = (
        value.value_codeable_concept, value.value_boolean, value.value_quantity, value.value_integer,
        value.value_string, value.data_absent_reason,
    )  # fmt: skip
    return len(values) - values.count(None)


def _display(concept: CodeableConcept) -> str:
    for each in concept.coding:
        if each.code:
            return each.display
    return ""
