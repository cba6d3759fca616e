"""GA4GH phenopackets, version 2, as coded entries (https://phenopacket-schema.readthedocs.io/en/latest/).

Read are phenotypic features, diseases, measurements and medical actions; times count where they are timestamps, since
an age says no day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from vhkg.errors import InputError
from vhkg.intake import MAX_FIELD_LENGTH, unprintable
from vhkg.model.coded import BodySite, CodedEntry, CodeTables
from vhkg.model.source_report import Fate
from vhkg.patients.days import written_day
from vhkg.patients.tally import Tally


class _Part(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    pass


class OntologyClass(_Part, frozen=True):
    id: str = ""
    label: str = ""


class Interval(_Part, frozen=True):
    start: str = ""
    end: str = ""


class TimeElement(_Part, frozen=True):
    """One of several kinds; ages and ontology classes say no day."""

    timestamp: str = ""
    interval: Interval | None = None


class Feature(_Part, frozen=True, forbid_unknown_fields=True):
    """All fields of version 2, since one that is not known may deny, as ``negated`` of version 1 does."""

    type: OntologyClass = OntologyClass()
    excluded: bool = False
    onset: TimeElement | None = None
    resolution: TimeElement | None = None
    description: Any = None
    severity: Any = None
    modifiers: Any = None
    evidence: Any = None


class Disease(_Part, frozen=True, forbid_unknown_fields=True):
    """All fields of version 2, as those of `Feature`."""

    term: OntologyClass = OntologyClass()
    excluded: bool = False
    onset: TimeElement | None = None
    resolution: TimeElement | None = None
    primary_site: OntologyClass | None = None
    disease_stage: Any = None
    clinical_tnm_finding: Any = None
    laterality: Any = None


class Quantity(_Part, frozen=True):
    unit: OntologyClass = OntologyClass()
    value: float | None = None


class Value(_Part, frozen=True):
    quantity: Quantity | None = None
    ontology_class: OntologyClass | None = None


class Measurement(_Part, frozen=True):
    assay: OntologyClass = OntologyClass()
    value: Value | None = None
    time_observed: TimeElement | None = None


class Procedure(_Part, frozen=True):
    code: OntologyClass = OntologyClass()
    body_site: OntologyClass | None = None
    performed: TimeElement | None = None


class Modality(_Part, frozen=True):
    modality: OntologyClass = OntologyClass()
    body_site: OntologyClass | None = None


class Agent(_Part, frozen=True):
    agent: OntologyClass = OntologyClass()


class MedicalAction(_Part, frozen=True):
    procedure: Procedure | None = None
    modality: Modality | None = msgspec.field(name="radiationTherapy", default=None)
    treatment: Agent | None = None


class Individual(_Part, frozen=True):
    id: str = ""


class Resource(_Part, frozen=True):
    namespace_prefix: str = ""
    iri_prefix: str = ""


class MetaData(_Part, frozen=True):
    resources: tuple[Resource, ...] = ()


class Phenopacket(_Part, frozen=True):
    id: str = ""
    subject: Individual = Individual()
    phenotypic_features: tuple[Feature, ...] = ()
    diseases: tuple[Disease, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    medical_actions: tuple[MedicalAction, ...] = ()
    meta_data: MetaData = MetaData()


def is_phenopacket(value: Any) -> bool:
    """Whether a JSON value has the marks of a phenopacket: metaData and a subject, or features."""
    if not isinstance(value, dict) or "resourceType" in value:
        return False
    return "phenotypicFeatures" in value or ("metaData" in value and ("subject" in value or "diseases" in value))


def read_phenopacket(value: Any, name: str, tables: CodeTables, tally: Tally) -> tuple[str, list[CodedEntry]]:
    """The subject and the entries. Raises InputError for what is not as the schema has it."""
    try:
        packet = msgspec.convert(value, Phenopacket)
    except msgspec.ValidationError as error:
        raise InputError(f"it is no phenopacket: {_worded(error)}", file=name, mend="correct it") from error
    patient = packet.subject.id or packet.id
    if not patient:
        raise InputError("it names no subject", file=name, mend="add subject.id")
    for key, part in value.items():
        _count_rest(key, part, name, tables, tally)
    return patient, list(_Flattening(packet, tables).entries())


def _worded(error: msgspec.ValidationError) -> str:
    """The error may quote a field of the input, which may be anything."""
    text = str(error)
    if unprintable(text) or len(text) > MAX_FIELD_LENGTH:
        return "object contains a field that is not known"
    return f"{text[:1].lower()}{text[1:]}"


def _count_rest(key: str, part: Any, name: str, tables: CodeTables, tally: Tally) -> None:
    """Every part of the packet that is not read is counted by name, each of its members."""
    treatment = tables.elements.get(f"phenopacket|{key}")
    if treatment is None and key != "id":
        raise InputError(
            f"{key[:40]!r} is no part of a phenopacket of version 2", file=name, mend="remove it, or correct the name"
        )
    if treatment == "irrelevant":
        for _ in part if isinstance(part, list) else (part,):
            tally.count(Fate.IRRELEVANT, key)


class _Flattening:
    def __init__(self, packet: Phenopacket, tables: CodeTables) -> None:
        self._packet = packet
        self._tables = tables
        self._prefixes = {each.namespace_prefix: each.iri_prefix for each in packet.meta_data.resources}

    def entries(self) -> Iterator[CodedEntry]:
        for number, feature in enumerate(self._packet.phenotypic_features, start=1):
            yield self._held("phenotypicFeature", number, feature.type, feature, None)
        for number, disease in enumerate(self._packet.diseases, start=1):
            yield self._held("disease", number, disease.term, disease, disease.primary_site)
        for number, measurement in enumerate(self._packet.measurements, start=1):
            yield self._measured(number, measurement)
        for number, action in enumerate(self._packet.medical_actions, start=1):
            yield self._done(number, action)

    def _held(
        self, element: str, number: int, term: OntologyClass, held: Feature | Disease, site: OntologyClass | None
    ) -> CodedEntry:
        began, wrong = _day(held.onset)
        ended, wrong_end = _day(held.resolution)
        return CodedEntry(
            element=element,
            origin=f"{element} {number}",
            codes=self._codes(term),
            text=term.label,
            statuses=(
                ("excluded", "true" if held.excluded else "false"),
                ("resolution", "given" if held.resolution is not None else ""),
            ),
            sites=self._sites(site),
            began=began,
            ended=ended,
            unclear="a date that is none" if wrong or wrong_end else "",
        )

    def _measured(self, number: int, measurement: Measurement) -> CodedEntry:
        recorded, wrong = _day(measurement.time_observed)
        value = measurement.value or Value()
        quantity = value.quantity or Quantity()
        return CodedEntry(
            element="measurement",
            origin=f"measurement {number}",
            codes=self._codes(measurement.assay),
            text=measurement.assay.label,
            values=self._codes(value.ontology_class or OntologyClass()),
            value=quantity.value,
            valued=True,
            unit=next(iter(self._codes(quantity.unit)), ""),
            recorded=recorded,
            unclear="a date that is none" if wrong else "",
        )

    def _done(self, number: int, action: MedicalAction) -> CodedEntry:
        procedure, radiated = action.procedure, action.modality
        code, site, time = OntologyClass(), None, None
        if procedure is not None:
            code, site, time = procedure.code, procedure.body_site, procedure.performed
        elif radiated is not None:
            code, site = radiated.modality, radiated.body_site
        elif action.treatment is not None:
            code = action.treatment.agent
        recorded, wrong = _day(time)
        return CodedEntry(
            element="medicalAction",
            origin=f"medicalAction {number}",
            codes=self._codes(code),
            text=code.label,
            sites=self._sites(site),
            recorded=recorded,
            unclear="a date that is none" if wrong else "",
        )

    def _codes(self, term: OntologyClass) -> tuple[str, ...]:
        prefix, separator, code = term.id.partition(":")
        if not separator or not code:
            return (f"|{term.id}",) if term.id else ()
        if prefix not in self._tables.systems and prefix in self._prefixes:
            iri = self._prefixes[prefix]
            prefix = iri if iri in self._tables.systems else iri.rstrip("#/")
        return (self._tables.token(prefix, code),)

    def _sites(self, site: OntologyClass | None) -> tuple[BodySite, ...]:
        return (BodySite(self._codes(site), site.label),) if site and (site.id or site.label) else ()


def _day(time: TimeElement | None) -> tuple[str, bool]:
    """The day, and whether something that is no date stands in its place. An interval counts as its last day known."""
    if time is None:
        return "", False
    interval = time.interval or Interval()
    written = time.timestamp or interval.end or interval.start
    found = written_day(written) if written else ""
    return found, bool(written) and not found
