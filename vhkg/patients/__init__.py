"""Readers of patient data, and the one writer of patient graphs."""

from vhkg.patients.reading import PatientData, SourceData, read_patients
from vhkg.patients.serialization import serialize
from vhkg.patients.sources import Source, open_source
from vhkg.patients.writing import patient_graph

__all__ = ["PatientData", "Source", "SourceData", "open_source", "patient_graph", "read_patients", "serialize"]
