"""Parts of FHIR resources, and resources that state no finding of the patient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from tests.patients.many_formats import codes
from tests.patients.many_formats.codes import Code
from tests.patients.many_formats.patient import SUBJECT

Resource: TypeAlias = dict[str, Any]
MODIFIED: Resource = {"modifierExtension": [{"url": f"{codes.HX}/negated", "valueBoolean": True}]}
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"


def concept(found: Sequence[Code]) -> Resource:
    return {"coding": [code.coding for code in found], "text": "as the form prints it"}


def status(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{_TERMINOLOGY}/{system}", "code": code}]}


def condition_status(verification: str, clinical: str) -> Resource:
    """The two statuses of a condition; an empty one is missing."""
    found = {}
    if verification:
        found["verificationStatus"] = status("condition-ver-status", verification)
    if clinical:
        found["clinicalStatus"] = status("condition-clinical", clinical)
    return found


def noise(made: Callable[..., Resource]) -> list[Resource]:
    """One of each kind of resource that states nothing. `made` makes a resource of the patient."""
    deficit, subject = codes.local("NeurologicalDeficit"), codes.local(SUBJECT)
    yes, day = {"valueBoolean": True}, {"recordedDate": "2026-11-20"}
    active, refuted = condition_status("confirmed", "active"), condition_status("refuted", "")
    score = {"code": concept([codes.SCORES[0]]), "status": "final", "effectiveDateTime": "2026-11-20"}
    return [
        made("Encounter", status="finished"),
        made(
            "MedicationRequest", status="active", intent="order", contained=[{"resourceType": "Medication", "id": "m"}]
        ),
        made("FamilyMemberHistory", status="completed", condition=[{"code": concept([deficit])}]),
        made("Condition", **condition_status("entered-in-error", ""), code=concept([deficit]), **day),
        made("Observation", status="entered-in-error", code=concept([deficit]), **yes),
        made("Procedure", status="entered-in-error", code=concept([codes.local("Laminectomy")])),
        made("Condition", **active, code=concept([codes.UNMAPPED]), **day),
        made("Condition", **refuted, code={"text": "no neurological deficit"}, **day),
        made("Observation", status="final", **yes),
        made("Condition", **active, code=concept([codes.SITE_DEPENDENT]), **day),
        made("Condition", **active, code=concept([codes.SITE_DEPENDENT]), bodySite=[concept([codes.LIVER])], **day),
        made("Condition", **refuted, code=concept([Code(codes.HX, f"narrower-{deficit.code}")]), **day),
        made("Condition", **active, code=concept([Code(codes.HX, f"broader-{subject.code}")]), **day),
        made("Condition", **refuted, code=concept([codes.says_no("NeurologicalDeficit")]), **day),
        made("List", status="current", mode="snapshot", code=concept([deficit]), date="2026-11-20"),
        made("List", status="entered-in-error", mode="snapshot", code=concept([codes.says_no("NeurologicalDeficit")])),
        made("Observation", status="final", code=concept([deficit]), **yes) | {"subject": {"reference": "Group/g"}},
        made("Observation", **score, valueQuantity={"value": 11, "unit": "{score}"}),
        made("Observation", **score, valueQuantity={"value": 0, "unit": "furlong"}),
        made("Observation", **score, valueQuantity={"value": 0, "comparator": ">", "unit": "{score}"}),
        made("Observation", **score | {"status": "preliminary"}, valueQuantity={"value": 0, "unit": "{score}"}),
        made("Observation", **score, dataAbsentReason=status("data-absent-reason", "unknown")),
    ]
