"""A patient record as a GA4GH phenopacket, version 2, with a list of what a phenopacket cannot say.

Written are the facts that count: what newer facts contradict, and what contradicts itself on one day, would be read
back as a contradiction, since features have no day of assessment. Features name no lesion either, so of several
lesions only what is alike for all of them is written: an excluded feature denies for all, and one that is present
would join the facts of two lesions in one.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import msgspec

from vhkg.answering.placement import Placed, place
from vhkg.decision.evaluation import Evaluator
from vhkg.decision.facts import EffectiveFacts, effective
from vhkg.exchange.codings import exact_matches
from vhkg.exchange.packets import (
    SCHEMA_VERSION,
    Disease,
    Individual,
    MedicalAction,
    MetaData,
    OntologyClass,
    Packet,
    PhenotypicFeature,
    Procedure,
    Resource,
    TimeElement,
)
from vhkg.knowledge.mappings import read_mappings
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.record import Assertion, AssertionStatus, PatientRecord, PresentationRecord
from vhkg.namespaces import BASE
from vhkg.version import __version__

FEATURES, DISEASES, PROCEDURES = "HP", "MONDO", "MAXO"
"""The terminology of each kind of element, where it has our term exactly; else the term is our own."""


class Loss(StrEnum):
    """Why something of the record is not in the packet."""

    UNKNOWN = "recorded as unknown, which has no place in a phenopacket"
    SUPERSEDED = "contradicted by newer facts"
    CONFLICT = "contradicted by facts of the same day"
    NOT_ALIKE = "not alike for all lesions, and no feature names its lesion"
    UNPLACED = "of one of several lesions, and which one is not recorded"
    NOT_DONE = "an intervention that was not done has no place in a phenopacket"
    DAY = "the day of the assessment has no field, and stands in the description only"
    DAY_OF_DISEASE = "the day of the assessment has no field"
    LESION = "the name of the lesion is no code of a body site"


class Lost(msgspec.Struct, frozen=True):
    """`finding` is empty where the lesion itself is lost, `lesion` where it is not of one lesion."""

    finding: str
    lesion: str
    why: Loss


class Phenopacket(msgspec.Struct, frozen=True):
    """The packet and what it does not say of the record."""

    packet: Packet
    lost: tuple[Lost, ...]

    def json(self) -> bytes:
        """As protobuf writes JSON, indented, with a final newline; the same bytes for the same record."""
        return msgspec.json.format(msgspec.json.encode(self.packet), indent=2) + b"\n"


class PhenopacketWriter:
    """What writing needs of a knowledge, prepared once. Immutable. `files` are those of the ontology folder."""

    def __init__(self, files: Mapping[str, bytes], compiled: CompiledKnowledge) -> None:
        self._content = compiled.content
        self._evaluator = Evaluator(compiled.table)
        self._matches = exact_matches(read_mappings(files, compiled.content.iris), compiled.codes)
        self._order = {name: number for number, name in enumerate(self._content.findings)}
        targets = {r.target for r in self._content.recommendations}
        targets |= {step.intervention for plan in self._content.plans.values() for step in plan.steps}
        self._done_through = {f.role for name, f in self._content.findings.items() if name in targets}
        subject = compiled.table.goals.get(self._content.article.subject)
        rows = [row.literals for row in subject.yes] if subject else []
        self._diagnoses = {compiled.table.atoms[row[0] - 1].name for row in rows if len(row) == 1 and row[0] > 0}

    def write(self, record: PatientRecord) -> Phenopacket:
        placed = place(record, self._content.findings) or (_whole(record),)
        facts = [effective(lesion.assertions, self._evaluator) for lesion in placed]
        alike = self._alike(facts)
        lost = list(self._lost(record, placed, facts, alike))
        return Phenopacket(_Builder(self, alike).packet(record), tuple(dict.fromkeys(lost)))

    def _alike(self, facts: list[EffectiveFacts]) -> dict[str, tuple[Assertion, ...]]:
        """By finding, the assertions that count, where they say the same of every lesion; in display order."""
        stated = [{(a.finding, a.status) for a in each.accepted} for each in facts]
        common = frozenset.intersection(*map(frozenset, stated))
        found: dict[str, list[Assertion]] = {}
        for each in facts:
            for assertion in each.accepted:
                if (assertion.finding, assertion.status) in common:
                    found.setdefault(assertion.finding, []).append(assertion)
        return {name: tuple(found[name]) for name in sorted(found, key=self._order.__getitem__)}

    def _lost(
        self,
        record: PatientRecord,
        placed: tuple[Placed, ...],
        facts: list[EffectiveFacts],
        alike: dict[str, tuple[Assertion, ...]],
    ) -> Iterator[Lost]:
        several = len(placed) > 1
        for lesion in record.presentations:
            if lesion.name or several:
                yield Lost("", lesion.label or lesion.name, Loss.LESION)
        for name in sorted({name for at in placed for name in at.unplaced}, key=self._order.__getitem__):
            yield Lost(name, "", Loss.UNPLACED)
        for at, each in zip(placed, facts, strict=True):
            label = (at.presentation.label or at.presentation.name) if several else ""
            yield from (Lost(name, label, why) for name, why in _of_lesion(each, alike))
        for name, assertions in alike.items():
            if not self.intervention(name) and any(assertion.date for assertion in assertions):
                yield Lost(name, "", Loss.DAY_OF_DISEASE if name in self._diagnoses else Loss.DAY)
            if self.intervention(name) and assertions[0].status is AssertionStatus.ABSENT:
                yield Lost(name, "", Loss.NOT_DONE)

    def intervention(self, name: str) -> bool:
        return self._content.findings[name].role in self._done_through

    def diagnosis(self, name: str) -> bool:
        """Whether the finding makes a presentation one that the article is about."""
        return name in self._diagnoses

    def term(self, name: str, prefix: str) -> tuple[OntologyClass, Resource]:
        """The term in a terminology if that has it exactly, else our own, and the resource that defines it."""
        for row in self._matches.get(name, ()):
            if row.curie.startswith(f"{prefix}:") and row.label and row.source:
                local = row.curie.removeprefix(f"{prefix}:")
                resource = Resource(
                    id=prefix.lower(),
                    name=row.set.title.rpartition(" to ")[2],
                    url=row.source,
                    version=row.version,
                    namespace_prefix=prefix,
                    iri_prefix=row.object.removesuffix(local),
                )
                return OntologyClass(row.curie, row.label), resource
        space = self._content.iris[name].removesuffix(name)
        ours = "vhkg" if space == BASE else space.rstrip("#/").rpartition("/")[2]
        url = space.rstrip("#/")
        resource = Resource(
            id=ours,
            name=self._content.title,
            url=url,
            version=f"{url}/{self._content.version}",
            namespace_prefix=ours,
            iri_prefix=space,
        )
        return OntologyClass(f"{ours}:{name}", self._content.findings[name].label), resource

    def created(self, record: PatientRecord) -> str:
        """The latest day of the record, else that of the knowledge: never the clock, so that the bytes are the same."""
        assertions = [*record.assertions, *(a for lesion in record.presentations for a in lesion.assertions)]
        days = [assertion.date.isoformat() for assertion in assertions if assertion.date]
        return _timestamp(max(days, default=self._content.version))


def _of_lesion(facts: EffectiveFacts, alike: Mapping[str, object]) -> Iterator[tuple[str, Loss]]:
    yield from ((a.finding, Loss.UNKNOWN) for a in facts.unknown)
    yield from ((entry.assertion.finding, Loss.SUPERSEDED) for entry in facts.superseded)
    for conflict in facts.conflicts:
        yield from ((a.finding, Loss.CONFLICT) for a in conflict.assertions if a not in facts.accepted)
    yield from ((a.finding, Loss.NOT_ALIKE) for a in facts.accepted if a.finding not in alike)


class _Builder:
    """One packet while it is made; resources are gathered as terms are used."""

    def __init__(self, writer: PhenopacketWriter, facts: Mapping[str, tuple[Assertion, ...]]) -> None:
        self._writer, self._facts = writer, facts
        self._resources: dict[str, Resource] = {}

    def packet(self, record: PatientRecord) -> Packet:
        writer = self._writer
        features: list[PhenotypicFeature] = []
        diseases: list[Disease] = []
        actions: list[MedicalAction] = []
        for name, assertions in self._facts.items():
            excluded = assertions[0].status is AssertionStatus.ABSENT
            if writer.intervention(name):
                if not excluded:
                    actions += self._actions(name, assertions)
            elif writer.diagnosis(name):
                diseases.append(Disease(term=self._term(name, DISEASES), excluded=excluded))
            else:
                features.append(
                    PhenotypicFeature(
                        type=self._term(name, FEATURES), excluded=excluded, description=_assessed(assertions)
                    )
                )
        return Packet(
            id=record.patient,
            subject=Individual(record.patient),
            phenotypic_features=tuple(features),
            diseases=tuple(diseases),
            medical_actions=tuple(actions),
            meta_data=MetaData(
                created=writer.created(record),
                created_by=f"vhkg {__version__}",
                resources=tuple(self._resources[key] for key in sorted(self._resources)),
                phenopacket_schema_version=SCHEMA_VERSION,
            ),
        )

    def _actions(self, name: str, assertions: Iterable[Assertion]) -> Iterator[MedicalAction]:
        """One for each day on which it was done; the date of an intervention is the day it was done."""
        code = self._term(name, PROCEDURES)
        dates = {assertion.date for assertion in assertions}
        for date in sorted(date for date in dates if date) or (None,):
            performed = TimeElement(_timestamp(date.isoformat())) if date else None
            yield MedicalAction(Procedure(code=code, performed=performed))

    def _term(self, name: str, prefix: str) -> OntologyClass:
        term, resource = self._writer.term(name, prefix)
        self._resources[resource.id] = resource
        return term


def _whole(record: PatientRecord) -> Placed:
    """A record without a lesion, as if it had one."""
    return Placed(PresentationRecord(name=""), record.assertions, ())


def _assessed(assertions: Iterable[Assertion]) -> str:
    days = sorted({assertion.date.isoformat() for assertion in assertions if assertion.date})
    return f"assessed on {', '.join(days)}" if days else ""


def _timestamp(day: str) -> str:
    """Midnight UTC, as JSON of protobuf writes it, or nothing if it is no day."""
    try:
        return f"{datetime.date.fromisoformat(day).isoformat()}T00:00:00Z"
    except ValueError:
        return ""
