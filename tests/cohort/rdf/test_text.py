"""A text in columns gives what each of its patients gives when read alone."""

from __future__ import annotations

import random

import pytest

from tests.cohort.batches import shown
from tests.cohort.rdf.expected import expected
from tests.cohort.rdf.samples import damaged, patient_lines, restyled
from tests.support import shipped
from vhkg.cohort.rdf.text import TextReader
from vhkg.intake import Format
from vhkg.namespaces import BASE

FILE = "cohort.nt"


@pytest.fixture(scope="module")
def reader() -> TextReader:
    return TextReader(FILE, Format.NTRIPLES, shipped())


def text_of(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize("seed", range(4))
def test_patients_that_conform(reader: TextReader, seed: int) -> None:
    lines = [line for at in range(40) for line in patient_lines(1000 * seed + at, f"p{at}")]
    found = reader.batch(text_of(lines), whole=False)
    assert shown(found, shipped()) == expected(FILE, lines)
    assert len(found.patients) == 40


@pytest.mark.parametrize("seed", [*range(12), 18, 25])
def test_damaged_and_oddly_written_patients_in_any_order(reader: TextReader, seed: int) -> None:
    source = random.Random(seed)
    lines: list[str] = []
    for at in range(40):
        own = patient_lines(1000 * seed + at, f"p{at}")
        lines += damaged(own, source) if source.random() < 0.6 else own
    lines = [restyled(line, source) if source.random() < 0.02 else line for line in lines]
    if seed % 2:
        source.shuffle(lines)
    assert shown(reader.batch(text_of(lines), whole=True), shipped()) == expected(FILE, lines)


@pytest.mark.parametrize("sentence", ["", "x" * 200])
def test_a_patient_of_more_than_2_mib_is_refused(reader: TextReader, sentence: str) -> None:
    own, others = patient_lines(3, "p3"), patient_lines(4, "p4")
    lesion = next(line.split(" ")[0] for line in own if line.endswith("Presentation> ."))
    many = [f'{lesion} <{BASE}bodySite> "{at} {sentence}" .' for at in range(9_000)]
    lines = [*others, *own, *many]
    found = reader.batch(text_of(lines), whole=True)
    assert found.patients == (["urn:vhkg:patient:p4"] if sentence else ["urn:vhkg:patient:p3", "urn:vhkg:patient:p4"])
    assert [refusal.patient for refusal in found.refused] == (["urn:vhkg:patient:p3"] if sentence else [])
    assert all("there are more than 2 MiB about it" in refusal.message for refusal in found.refused)


def test_lines_of_nobody_are_named_up_to_a_limit(reader: TextReader) -> None:
    own = patient_lines(3, "p3")
    junk = [f"junk {at}" for at in range(1500)]
    found = reader.batch(text_of([*junk, *own, *(f"{own[0].split(' ')[0]} junk" for _ in range(3))]), whole=True)
    messages = [refusal.message for refusal in found.refused]
    assert sum("line" in message.split(":")[0] for message in messages) == 1003
    assert f"{FILE}: 500 more lines are no statements, and it is not known whom they are about" in "".join(messages)
    assert sum(refusal.patient == "urn:vhkg:patient:p3" for refusal in found.refused) == 3
    assert not found.patients
