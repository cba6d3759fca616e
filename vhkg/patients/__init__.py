"""Readers of patient data, and the one writer of patient graphs."""

from vhkg.patients.reading import PatientData, read_patients
from vhkg.patients.serialization import serialize
from vhkg.patients.writing import patient_graph

__all__ = ["PatientData", "patient_graph", "read_patients", "serialize"]
