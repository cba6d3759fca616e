"""The knowledge as FHIR R4 PlanDefinitions (https://hl7.org/fhir/R4/plandefinition.html)."""

from vhkg.exchange.plandefinition.bundle import plan_definitions

__all__ = ["plan_definitions"]
