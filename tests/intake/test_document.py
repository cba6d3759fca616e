"""Hostile and broken bytes at the front door."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest

from vhkg.errors import InputError
from vhkg.intake import PATIENT_FILE_LIMIT, Format, document, read_bytes


def refused(raw: bytes, name: str = "a.ttl") -> str:
    with pytest.raises(InputError) as caught:
        document(name, raw)
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(b"\xef\xbb\xbf# text\n")
    found = read_bytes(str(path))
    assert (found.name, found.content, found.format) == (str(path), b"# text\n", Format.TURTLE)


def test_standard_input_is_sniffed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"patient,finding,status\n")))
    found = read_bytes("-")
    assert (found.name, found.format) == ("standard input", Format.CSV)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("patient,finding,status\n", Format.CSV),
        ('finding, "Patient" ,status\n', Format.CSV),
        ("<?xml version='1.0'?>", Format.RDFXML),
        ("<rdf:RDF xmlns:rdf='x'/>", Format.RDFXML),
        ('{"@context": "x"}', Format.JSONLD),
        ('[{"@id": "x"}]', Format.JSONLD),
        ('{"resourceType": "Bundle"}', Format.JSON),
        ("<urn:a> <urn:b> <urn:c> .", Format.TRIG),
        ("@prefix a: <urn:a> .", Format.TRIG),
        ("{ <urn:a> <urn:b> <urn:c> }", Format.TRIG),
        ("[] a <urn:c> .", Format.TRIG),
    ],
)
def test_formats_are_sniffed(text: str, expected: Format) -> None:
    assert document("standard input", text.encode()).format is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.nt", Format.NTRIPLES),
        ("a.NQ", Format.NQUADS),
        ("a.trig", Format.TRIG),
        ("a.jsonld", Format.JSONLD),
        ("a.owl", Format.RDFXML),
        ("a.csv", Format.CSV),
        ("a.json", Format.JSON),
        ("a.csv.gz", Format.TRIG),
    ],
)
def test_extensions_decide_first(name: str, expected: Format) -> None:
    assert document(name, b"x").format is expected


def test_gzip_is_unpacked_and_its_inner_extension_counts() -> None:
    raw = gzip.compress(b"<urn:a> ", mtime=0) + gzip.compress(b"<urn:b> <urn:c> .", mtime=0)
    found = document("a.nt.gz", raw)
    assert (found.content, found.format) == (b"<urn:a> <urn:b> <urn:c> .", Format.NTRIPLES)


def test_the_size_cap() -> None:
    assert len(document("a.ttl", b"#" * PATIENT_FILE_LIMIT).content) == PATIENT_FILE_LIMIT
    assert "larger than 2 MiB" in refused(b"#" * (PATIENT_FILE_LIMIT + 1))


def test_a_gzip_bomb_is_stopped_while_it_inflates() -> None:
    bomb = gzip.compress(b"#" * (100 * 1024 * 1024), compresslevel=1, mtime=0)
    assert "larger than 2 MiB" in refused(bomb)


def test_an_endless_file_is_stopped() -> None:
    with pytest.raises(InputError, match="larger than 64 MiB"):
        read_bytes("/dev/zero")


def test_only_json_may_be_larger_than_a_patient_file(tmp_path: Path) -> None:
    padding = b" " * PATIENT_FILE_LIMIT
    large = tmp_path / "large.json"
    large.write_bytes(b'{"resourceType": "Bundle"' + padding + b"}")
    assert read_bytes(str(large)).format is Format.JSON
    for name, content in (("a.json", b'{"@id": "urn:a"' + padding + b"}"), ("a.csv", b"patient,finding" + padding)):
        with pytest.raises(InputError, match="larger than 2 MiB"):
            document(name, content)


@pytest.mark.parametrize("cut", [5, 15, -4])
def test_damaged_gzip_is_refused(cut: int) -> None:
    message = refused(gzip.compress(b"<urn:a> <urn:b> <urn:c> .", mtime=0)[:cut])
    assert "gzip data" in message


def test_bytes_after_gzip_are_refused() -> None:
    assert "damaged" in refused(gzip.compress(b"# a", mtime=0) + b"more than this")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"# a\n\x00", "a.ttl, line 2, byte 5: there is a NUL byte; save it as plain UTF-8 text."),
        (b"# a\r\n# \xff", "a.ttl, line 2, byte 8: it is not UTF-8; save it as UTF-8."),
        (b"# \xed\xa0\x80", "it is not UTF-8"),
        (b"# \xc0\xaf", "it is not UTF-8"),
        ("# a".encode("utf-16"), "it is UTF-16"),
        ("# a".encode("utf-16-le"), "NUL"),
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \n", "it is empty"),
        (gzip.compress(b"", mtime=0), "it is empty"),
    ],
)
def test_unclean_text_is_refused_with_its_place(raw: bytes, expected: str) -> None:
    assert expected in refused(raw)


def test_a_missing_file_a_folder_and_an_impossible_path(tmp_path: Path) -> None:
    for path, expected in [
        (tmp_path / "none.ttl", "there is no such file; correct the path."),
        (tmp_path, "this is a folder, not a file; name the files in it."),
        (tmp_path / "a\x00b", "it cannot be read"),
        (tmp_path / ("x" * 5000), "it cannot be read: file name too long"),
    ]:
        with pytest.raises(InputError) as caught:
            read_bytes(str(path))
        assert expected in str(caught.value)


def test_permission_is_reported_whoever_runs_this(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(InputError, match=r"permission to read it is denied"):
        read_bytes("a.ttl")
