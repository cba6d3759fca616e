"""What the front door admits, as the tokens that N-Triples writes, numbered."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from vhkg.cohort.batch import ABSENT, PRESENT, UNKNOWN
from vhkg.model.compiled import CompiledKnowledge
from vhkg.namespaces import Rdf, Vhkg
from vhkg.validation.columns import Bools, Ints, names_of

_STATUSES = {"absent": ABSENT, "present": PRESENT, "unknown": UNKNOWN}
NONE = -1


class Lexicon(NamedTuple):
    """Predicates and the IRIs that the vocabulary knows, each by its place; of no other term is anything asked.

    `predicates` begin with rdf:type. `links` tells those that lead from a patient to its own nodes: the two that
    records are made of, and those whose values a shape wants to be of a class. Of each IRI, `is_class` tells whether
    a node may be typed so; `finding` is its place in `Content.findings`, `status` the number of the status, `named`
    its place among the names of the checks, each `NONE` if it is none.
    """

    predicates: tuple[str, ...]
    links: Bools
    iris: tuple[str, ...]
    is_class: Bools
    finding: Ints
    status: Ints
    named: Ints
    predicate_tokens: pl.Enum
    iri_tokens: pl.Enum

    @classmethod
    def of(cls, compiled: CompiledKnowledge) -> Lexicon:
        vocabulary, checks = compiled.vocabulary, compiled.checks
        places = {name: place for place, name in enumerate(compiled.content.findings)}
        findings = {term.iri: places[term.name] for term in vocabulary.findings.values()}
        statuses = {iri: _STATUSES[word] for iri, word in vocabulary.statuses.items()}
        names = names_of(checks)
        named = {name: place for place, name in enumerate(names)}
        classed = {part.path for check in checks for part in check.properties if part.class_}
        predicates = (Rdf.type.value, *sorted(vocabulary.predicates - {Rdf.type.value}))
        iris = tuple(sorted({*vocabulary.classes, *findings, *statuses, *names}))
        return cls(
            predicates=predicates,
            links=np.array([each in classed | {Vhkg.hasPresentation, Vhkg.hasAssessment} for each in predicates]),
            iris=iris,
            is_class=np.array([iri in vocabulary.classes for iri in iris], np.bool_),
            finding=np.array([findings.get(iri, NONE) for iri in iris], np.int32),
            status=np.array([statuses.get(iri, NONE) for iri in iris], np.int32),
            named=np.array([named.get(iri, NONE) for iri in iris], np.int32),
            predicate_tokens=pl.Enum([f"<{predicate}>" for predicate in predicates]),
            iri_tokens=pl.Enum([f"<{iri}>" for iri in iris]),
        )

    def predicate(self, iri: str) -> int:
        return self.predicates.index(iri) if iri in self.predicates else NONE

    def iri(self, iri: str) -> int:
        return self.iris.index(iri) if iri in self.iris else NONE


def places(tokens: pl.Series, known: pl.Enum) -> Ints:
    """The place of each token among the known ones, or `NONE`."""
    found = tokens.cast(known, strict=False).to_physical().cast(pl.Int32).fill_null(NONE)
    return found.to_numpy().astype(np.int32, copy=False)
