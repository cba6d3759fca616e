"""Every line comes into the bucket of its patient, which depends on the name of the patient alone."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.cohort.rdf.samples import patient_lines
from tests.support import shipped
from vhkg.cohort.keys import buckets_of, keys_of
from vhkg.cohort.rdf.lines import lines_of
from vhkg.cohort.rdf.partition import Partition
from vhkg.cohort.rdf.text import TextReader
from vhkg.intake import Format

BUCKETS = 5


def parts(folder: Path, texts: list[bytes], size: int) -> list[list[list[str]]]:
    """The lines of each part of each bucket."""
    reader, partition = TextReader("cohort.nt", Format.NTRIPLES, shipped()), Partition(folder, size)
    for number, text in enumerate(texts):
        partition.link(number, len(text), reader.links(text))
    partition.resolve(BUCKETS)
    for number, text in enumerate(texts):
        lines = lines_of(text)
        partition.route(number, lines, reader.subjects(lines), BUCKETS, 0)
    return [[part.text.decode().splitlines() for part in partition.parts(bucket)] for bucket in range(BUCKETS)]


@pytest.mark.parametrize(("size", "several"), [(1 << 20, False), (10_000, True)])
def test_lines_of_a_patient_come_together(tmp_path: Path, size: int, several: bool) -> None:
    patients = {f"p{at}": patient_lines(at, f"p{at}") for at in range(30)}
    lines = [line for own in patients.values() for line in own]
    random.Random(3).shuffle(lines)
    texts = ["".join(f"{line}\n" for line in lines[at::4]).encode() for at in range(4)]
    found = parts(tmp_path, texts, size)
    assert (len(found[0]) > 1) == several
    assert sorted(line for bucket in found for part in bucket for line in part) == sorted(lines)
    holders = [{line: number for number, part in enumerate(bucket) for line in part} for bucket in found]
    for name, own in patients.items():
        (bucket,) = (holder for holder in holders if own[0] in holder)
        assert len({bucket[line] for line in own}) == 1, name


def test_the_bucket_depends_on_the_name_of_the_patient_only(tmp_path: Path) -> None:
    own = patient_lines(4, "p4")
    ((found, _),) = (
        (at, bucket)
        for at, bucket in enumerate(parts(tmp_path, [("\n".join(own) + "\n").encode()], 1 << 20))
        if bucket[0]
    )
    assert found == buckets_of(keys_of(["urn:vhkg:patient:p4"]), BUCKETS)[0]
