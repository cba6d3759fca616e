"""A first look at a text finds the links and patients that the parser finds, however the lines are written."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest

from tests.cohort.rdf.samples import patient_lines, restyled
from tests.support import shipped
from vhkg.cohort.rdf.text import TextReader
from vhkg.intake import Format
from vhkg.namespaces import Rdf, Vhkg


@pytest.mark.parametrize("seed", range(4))
def test_links_and_patients(seed: int) -> None:
    source = random.Random(seed)
    lines = [restyled(line, source) for at in range(10) for line in patient_lines(50 * seed + at, f"p{at}")]
    lines += ["this is no statement", '<urn:a> <urn:b> "open .', f'<urn:a> <{Vhkg.hasAssessment}> "a text" .']
    reader = TextReader("cohort.nt", Format.NTRIPLES, shipped())
    found = reader.links("".join(f"{line}\n" for line in lines).encode())
    links, patients = set(), set()
    for line in lines:
        try:
            (quad,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)
        except SyntaxError:
            continue
        leads = quad.predicate.value in (Vhkg.hasPresentation, Vhkg.hasAssessment)
        if leads and not isinstance(quad.object, ox.Literal):
            links.add((str(quad.subject), str(quad.object)))
        if quad.predicate.value == Rdf.type and quad.object == ox.NamedNode(Vhkg.Patient):
            patients.add(str(quad.subject))
    assert set(zip(found.bearer.to_list(), found.child.to_list(), strict=True)) == links
    assert set(found.patient.to_list()) == patients
    assert len(patients) == 10
