"""What the bundle defines for itself: our extensions of FHIR, and the codes of our own terms."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from vhkg.exchange.plandefinition.conditions import REASON
from vhkg.exchange.plandefinition.elements import Json, filled
from vhkg.exchange.plandefinition.evidence import QUOTATION, STANDING
from vhkg.model.content import Content
from vhkg.namespaces import FHIR_DEFINITIONS, FHIR_EXTENSION

_VERSION = "1.0.0"
"""Of our extensions; it changes when one of their parts does."""


class _Part(NamedTuple):
    name: str
    kind: str
    least: int
    most: str
    short: str


class _Definition(NamedTuple):
    name: str
    title: str
    context: str
    definition: str
    parts: tuple[_Part, ...]


_OURS = (
    _Definition(
        QUOTATION,
        "Quotation",
        "RelatedArtifact",
        "Where the words in RelatedArtifact.display stand in the text that they are quoted from, and what they state.",
        (
            _Part("role", "code", 1, "1", "What the words state: action, condition, exclusion, line, an outcome, ..."),
            _Part("statement", "uri", 1, "1", "The statement in the ontology"),
            _Part("section", "string", 0, "1", "The headings above the words, outermost first"),
            _Part("start", "unsignedInt", 1, "1", "Offset of the first character, in code points of the text"),
            _Part("end", "unsignedInt", 1, "1", "Offset after the last character"),
            _Part("citation", "string", 0, "*", "A citation marker that stands with the words"),
        ),
    ),
    _Definition(
        STANDING,
        "Source standing",
        "RelatedArtifact",
        "What is known of a source that is cited by a bare marker. A candidate is not a statement that it was cited.",
        (
            _Part("standing", "code", 1, "1", "unidentified or candidate"),
            _Part("candidate", "string", 0, "1", "What the marker may refer to"),
            _Part("confidence", "string", 0, "1", "How sure that is"),
            _Part("basis", "string", 0, "1", "What was compared"),
        ),
    ),
    _Definition(
        REASON,
        "Sufficient reason",
        "PlanDefinition.action.condition",
        "A minimal set of recorded facts that meets the condition at the default readings of the text. "
        "The sets are complete: if all facts of none are recorded, the condition is not known to be met.",
        (
            _Part("present", "CodeableConcept", 0, "*", "A finding recorded as present, or an intervention as done"),
            _Part("absent", "CodeableConcept", 0, "*", "A finding recorded as absent, or an intervention as not done"),
        ),
    ),
)


def extension_definitions() -> list[Json]:
    return [_structure(each) for each in _OURS]


def _structure(each: _Definition) -> Json:
    url = FHIR_DEFINITIONS + each.name
    return {
        "resourceType": "StructureDefinition",
        "id": each.name,
        "url": url,
        "version": _VERSION,
        "name": each.title.title().replace(" ", ""),
        "title": each.title,
        "status": "draft",
        "experimental": True,
        "description": each.definition,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": each.context}],
        "type": "Extension",
        "baseDefinition": FHIR_EXTENSION,
        "derivation": "constraint",
        "differential": {
            "element": [
                {"id": "Extension", "path": "Extension", "short": each.title, "definition": each.definition},
                *(element for part in each.parts for element in _elements(part)),
                {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
                {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"},
            ]
        },
    }


def _elements(part: _Part) -> list[Json]:
    path = "Extension.extension"
    slice_id = f"{path}:{part.name}"
    return [
        {
            "id": slice_id,
            "path": path,
            "sliceName": part.name,
            "short": part.short,
            "min": part.least,
            "max": part.most,
        },
        {"id": f"{slice_id}.extension", "path": f"{path}.extension", "max": "0"},
        {"id": f"{slice_id}.url", "path": f"{path}.url", "fixedUri": part.name},
        {"id": f"{slice_id}.value[x]", "path": f"{path}.value[x]", "min": 1, "type": [{"code": part.kind}]},
    ]


def code_systems(content: Content) -> list[Json]:
    """One for each namespace of findings and interventions; the ontology holds more than these codes."""
    terms: defaultdict[str, list[Json]] = defaultdict(list)
    for name, finding in content.findings.items():
        system = content.iris[name].removesuffix(name).rstrip("#/")
        terms[system].append(filled(code=name, display=finding.label, definition=finding.definition))
    return [
        {
            "resourceType": "CodeSystem",
            "id": f"terms-{number}",
            "url": system,
            "version": content.version,
            "name": f"Terms{number}",
            "title": f"Findings and interventions of: {content.title}",
            "status": "draft",
            "experimental": True,
            "caseSensitive": True,
            "content": "fragment",
            "concept": concepts,
        }
        for number, (system, concepts) in enumerate(sorted(terms.items()), start=1)
    ]
