"""Cohorts in FHIR R4: a bulk export, or bundles, each of one patient (https://hl7.org/fhir/R4/)."""

from vhkg.cohort.fhir.folder import BundleFolderReader
from vhkg.cohort.fhir.reader import FhirReader

__all__ = ["BundleFolderReader", "FhirReader"]
