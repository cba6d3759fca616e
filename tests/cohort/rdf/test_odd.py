"""Lines of unusual forms, one by one: what they link, or what is wrong with them."""

from __future__ import annotations

import pytest

from vhkg.cohort.rdf.odd import read_odd
from vhkg.intake import Format

READ = {
    "two spaces": (b"<urn:a>  <urn:b> <urn:c> .", ("<urn:a>", "urn:b", "<urn:c>")),
    "an escape": (b"<urn:\\u0061> <urn:b> _:c .", ("<urn:a>", "urn:b", "_:c")),
    "a text": (b'<urn:a> <urn:b> "c\\"d"@en .', ("<urn:a>", "urn:b", "")),
}
FAULTS = {
    "no statement": (b"so it is", "", "line 17, column 1: not N-Triples: "),
    "not closed": (b'_:b1 <urn:b> "open .', "_:b1", "line 17: not N-Triples: "),
    "a relative IRI": (b"<urn:a> <urn:b> <c> .", "<urn:a>", "line 17, column 17: not N-Triples: No scheme"),
    "a graph": (b"<urn:a> <urn:b> <urn:c> <urn:g> .", "<urn:a>", "line 17"),
    "a triple term": (b"<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "<urn:a>", "line 17: a statement about"),
    "not UTF-8": (b'<urn:a> <urn:b> "\xff" .', "<urn:a>", "line 17: it is not UTF-8"),
    "a NUL": (b'<urn:a> <urn:b> "\x00" .', "<urn:a>", "line 17: there is a NUL byte"),
    "too long": (b'<urn:a> <urn:b> "' + b"x" * (3 << 20) + b'" .', "<urn:a>", "line 17: a line is longer than 2 MiB"),
}


@pytest.mark.parametrize("name", READ)
def test_statements(name: str) -> None:
    line, expected = READ[name]
    found = read_odd(line, 7, "cohort.nt", Format.NTRIPLES)
    assert found is not None
    assert (found.subject, found.predicate, found.value) == expected
    assert not found.fault


@pytest.mark.parametrize("name", FAULTS)
def test_faults_have_a_place_in_the_file(name: str) -> None:
    line, subject, message = FAULTS[name]
    found = read_odd(line, 7, "cohort.nt", Format.NTRIPLES)
    assert found is not None
    assert found.subject == subject
    assert found.message("cohort.nt", 10).startswith(f"cohort.nt, {message}")
    assert "line" not in found.message("cohort.nt", None).split(":")[0]


@pytest.mark.parametrize("line", [b"", b"   ", b"  # a comment"])
def test_nothing(line: bytes) -> None:
    assert read_odd(line, 7, "cohort.nt", Format.NTRIPLES) is None
