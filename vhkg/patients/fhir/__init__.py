"""FHIR R4 as coded entries: bundles, single resources, bulk exports (https://hl7.org/fhir/R4/)."""
