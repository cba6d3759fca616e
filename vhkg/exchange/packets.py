"""The elements of a GA4GH phenopacket, version 2, that a patient record fills.

Fields are those of https://phenopacket-schema.readthedocs.io/en/latest/schema.html, in JSON as protobuf maps them.
"""

from __future__ import annotations

import msgspec

SCHEMA_VERSION = "2.0"


class OntologyClass(msgspec.Struct, frozen=True):
    id: str
    label: str


class TimeElement(msgspec.Struct, frozen=True, omit_defaults=True):
    timestamp: str = ""


class PhenotypicFeature(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """No onset: that is when a feature was first observed, and a record says when it was assessed."""

    type: OntologyClass
    excluded: bool = False
    description: str = ""


class Disease(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    term: OntologyClass
    excluded: bool = False


class Procedure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    code: OntologyClass
    performed: TimeElement | None = None


class MedicalAction(msgspec.Struct, frozen=True):
    procedure: Procedure


class Individual(msgspec.Struct, frozen=True):
    id: str


class Resource(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: str
    name: str
    url: str
    version: str
    namespace_prefix: str
    iri_prefix: str


class MetaData(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    created: str = ""
    created_by: str
    resources: tuple[Resource, ...]
    phenopacket_schema_version: str


class Packet(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    id: str
    subject: Individual
    phenotypic_features: tuple[PhenotypicFeature, ...] = ()
    diseases: tuple[Disease, ...] = ()
    medical_actions: tuple[MedicalAction, ...] = ()
    meta_data: MetaData
