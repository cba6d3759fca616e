"""A file is cut between patients, wherever one looks for a place, and however each patient's lines are ordered."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.cohort.rdf.samples import patient_lines
from tests.support import shipped
from vhkg.cohort.rdf.cutting import Cutter
from vhkg.cohort.rdf.lexicon import Lexicon
from vhkg.errors import InputError


def cutter(path: Path, piece_size: int = 1 << 20) -> Cutter:
    lexicon = Lexicon.of(shipped().compiled)
    links = (f"<{iri}>".encode() for iri, leads in zip(lexicon.predicates, lexicon.links, strict=True) if leads)
    return Cutter(path, path.stat().st_size, piece_size, frozenset(links))


@pytest.mark.parametrize("order", ["as written", "upside down", "shuffled"])
def test_cuts_are_where_patients_begin(tmp_path: Path, order: str) -> None:
    source = random.Random(5)
    path = tmp_path / "cohort.nt"
    begins = {0}
    with path.open("wb") as stream:
        for at in range(40):
            lines = patient_lines(300 + at, f"p{at}")
            if order == "upside down":
                lines.reverse()
            elif order == "shuffled":
                source.shuffle(lines)
            stream.write("".join(f"{line}\n" for line in lines).encode())
            begins.add(stream.tell())
    looked = cutter(path)
    for offset in range(0, looked.size, 997):
        found = looked.cut(offset)
        assert found >= offset
        assert found in begins


def test_cuts_of_scattered_patients_are_where_lines_begin(tmp_path: Path) -> None:
    lines = [line for at in range(30) for line in patient_lines(at, f"p{at}")]
    random.Random(1).shuffle(lines)
    path = tmp_path / "cohort.nt"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    content = path.read_bytes()
    looked = cutter(path, 20_000)
    for offset in range(1, looked.size, 9973):
        found = looked.cut(offset)
        assert found >= looked.line(offset)
        assert found == looked.size or content[found - 1 : found] == b"\n"


def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cohort.nt"
    path.write_bytes(b"x" * (1 << 25))
    with pytest.raises(InputError, match="a line is longer than 16 MiB"):
        cutter(path).cut(5)
