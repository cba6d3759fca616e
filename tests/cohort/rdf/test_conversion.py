"""Files that are read from front to end come out as texts of whole lines, of about the size that was asked for."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from vhkg.cohort.rdf.conversion import texts_of
from vhkg.errors import InputError
from vhkg.intake import Format

LINES = [f'<urn:a{at}> <urn:b> "text number {at}" .' for at in range(100_000)]
CONTENT = "".join(f"{line}\n" for line in LINES).encode()


@pytest.mark.parametrize("name", ["cohort.nt.gz", "cohort.nt"])
def test_lines(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(CONTENT) if name.endswith(".gz") else CONTENT)
    texts = list(texts_of(path, Format.NTRIPLES, 1 << 20))
    assert b"".join(texts) == CONTENT
    assert len(texts) == 1 + len(CONTENT) // (1 << 20)
    assert all(text.endswith(b"\n") and len(text) < (2 << 20) for text in texts)


def test_a_last_line_without_an_end(tmp_path: Path) -> None:
    path = tmp_path / "cohort.nt.gz"
    path.write_bytes(gzip.compress(CONTENT[:-1]))
    assert b"".join(texts_of(path, Format.NTRIPLES, 1 << 20)) == CONTENT[:-1]


@pytest.mark.parametrize("name", ["cohort.ttl", "cohort.trig.gz"])
def test_turtle(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(CONTENT) if name.endswith(".gz") else CONTENT)
    form = Format.TRIG if "trig" in name else Format.TURTLE
    texts = list(texts_of(path, form, 128 * 30_000))
    assert [text.count(b"\n") for text in texts] == [30_000, 30_000, 30_000, 10_000]
    assert set(ox.parse(b"".join(texts), format=ox.RdfFormat.N_QUADS)) == set(
        ox.parse(CONTENT, format=ox.RdfFormat.N_QUADS)
    )


@pytest.mark.parametrize(("name", "form"), [("cohort.nt.gz", Format.NTRIPLES), ("cohort.ttl.gz", Format.TURTLE)])
def test_what_unpacks_without_end_is_refused(tmp_path: Path, name: str, form: Format) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress((b"#" * 1000 + b"\n") * 200_000))
    with pytest.raises(InputError, match="it unpacks to more than 200 times its size"):
        list(texts_of(path, form, 1 << 20))


def test_nothing_packed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cohort.ttl.gz"
    path.write_bytes(gzip.compress(b""))
    with pytest.raises(InputError, match="it is empty"):
        list(texts_of(path, Format.TURTLE, 1 << 20))


def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cohort.nt.gz"
    path.write_bytes(gzip.compress(b"x" * (40 << 20)))
    with pytest.raises(InputError, match="a line is longer than 16 MiB"):
        list(texts_of(path, Format.NTRIPLES, 1 << 20))
