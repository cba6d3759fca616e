"""What a patient graph may say: the allow-list that the front door enforces."""

from __future__ import annotations

import msgspec


class FindingTerm(msgspec.Struct, frozen=True):
    """`bearer` is ``lesion`` or ``patient``; `role` the local name of the property the finding is asserted through."""

    name: str
    iri: str
    bearer: str
    role: str


class Vocabulary(msgspec.Struct, frozen=True):
    """Read from the patient shapes and the finding classes, so that adding a finding needs no code.

    `classes` are the IRIs of the shapes' target classes, `predicates` those of the shapes' paths (rdf:type is
    always allowed), `datatypes` those of the shapes' sh:datatype, `statuses` maps the IRI of each assessment
    status to present, absent or unknown. `findings` is keyed by local name.
    """

    classes: frozenset[str]
    predicates: frozenset[str]
    datatypes: frozenset[str]
    statuses: dict[str, str]
    findings: dict[str, FindingTerm]
