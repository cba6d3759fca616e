"""The W3C form of a report is valid RDF and says what the report says."""

from __future__ import annotations

import pytest
import rdflib

from tests.intake.support import INVALID, patient_checks, small_vocabulary
from vhkg.intake import PatientGraph, read_bytes, read_graph
from vhkg.validation import check, report_turtle

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_reports_as_turtle(path: object) -> None:
    report = check(read_graph(read_bytes(str(path)), small_vocabulary()), patient_checks())
    graph = rdflib.Graph().parse(data=report_turtle([report]), format="turtle")
    (node,) = graph.subjects(rdflib.RDF.type, SH.ValidationReport)
    assert graph.value(node, SH.conforms) == rdflib.Literal(report.conforms)
    results = list(graph.objects(node, SH.result))
    assert len(results) == len(report.results)
    for result in results:
        for predicate in (SH.focusNode, SH.resultPath, SH.resultSeverity, SH.sourceShape, SH.resultMessage):
            assert graph.value(result, predicate) is not None


def test_one_report_over_several_and_over_none() -> None:
    empty = check(PatientGraph(()), patient_checks())
    graph = rdflib.Graph().parse(data=report_turtle([empty, empty]), format="turtle")
    assert len(list(graph.subjects(rdflib.RDF.type, SH.ValidationReport))) == 1
    assert "sh:conforms true" in report_turtle([])
