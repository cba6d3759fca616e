"""The parts of FHIR R4 resources that are read, as types: what does not fit them is refused with its path.

Element names are FHIR's (https://hl7.org/fhir/R4/condition.html, observation.html, procedure.html, list.html). Other
elements are passed over, except those that modify the meaning, which are all here.
"""

from __future__ import annotations

from typing import Any

import msgspec


class _Part(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    pass


class Coding(_Part, frozen=True):
    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(_Part, frozen=True):
    coding: tuple[Coding, ...] = ()
    text: str = ""


class Reference(_Part, frozen=True):
    reference: str = ""
    identifier: Any = None


class Period(_Part, frozen=True):
    start: str = ""
    end: str = ""


class Quantity(_Part, frozen=True):
    value: float | None = None
    comparator: str = ""
    unit: str = ""
    system: str = ""
    code: str = ""


class _Resource(msgspec.Struct, frozen=True, gc=False, rename="camel", kw_only=True):
    resource_type: str
    id: str = ""
    implicit_rules: str = ""
    modifier_extension: list[Any] = []
    contained: list[Any] = []


class Patient(_Resource, frozen=True):
    pass


class Condition(_Resource, frozen=True):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    code: CodeableConcept | None = None
    body_site: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    onset_date_time: str = ""
    onset_period: Period | None = None
    abatement_date_time: str = ""
    abatement_period: Period | None = None
    abatement_age: Any = None
    abatement_range: Any = None
    abatement_string: Any = None
    recorded_date: str = ""


class _Value(msgspec.Struct, frozen=True, gc=False, rename="camel", kw_only=True):
    value_codeable_concept: CodeableConcept | None = None
    value_boolean: bool | None = None
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    value_string: str | None = None
    data_absent_reason: CodeableConcept | None = None
    modifier_extension: list[Any] = []
    code: CodeableConcept | None = None


class Component(_Value, frozen=True):
    pass


class Observation(_Value, frozen=True):
    resource_type: str
    id: str = ""
    implicit_rules: str = ""
    contained: list[Any] = []
    status: str = ""
    subject: Reference | None = None
    focus: tuple[Reference, ...] = ()
    effective_date_time: str = ""
    effective_period: Period | None = None
    effective_instant: str = ""
    effective_timing: Any = None
    issued: str = ""
    body_site: CodeableConcept | None = None
    component: tuple[Component, ...] = ()


class Procedure(_Resource, frozen=True):
    status: str = ""
    code: CodeableConcept | None = None
    body_site: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    performed_date_time: str = ""
    performed_period: Period | None = None


class FhirList(_Resource, frozen=True):
    status: str = ""
    mode: str = ""
    code: CodeableConcept | None = None
    subject: Reference | None = None
    date: str = ""


READ: dict[str, type[Condition | Observation | Procedure | FhirList]] = {
    "Condition": Condition,
    "Observation": Observation,
    "Procedure": Procedure,
    "List": FhirList,
}
