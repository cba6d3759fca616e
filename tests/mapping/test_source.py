from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from vhkg.errors import InputError, RefusedInput
from vhkg.mapping.source import Syntax, opened

RDF = b'<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF>\n'
OBO = b"format-version: 1.2\n\n[Term]\nid: HP:1\n"


def syntax(path: Path, content: bytes) -> Syntax:
    path.write_bytes(content)
    with opened(str(path)) as stream:
        assert stream.all() == content.removeprefix(b"\xef\xbb\xbf") or content[:2] == b"\x1f\x8b"
        return stream.syntax


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (RDF, Syntax.RDFXML),
        (RDF.partition(b"\n")[2], Syntax.RDFXML),
        (b"\xef\xbb\xbf" + RDF, Syntax.RDFXML),
        (OBO, Syntax.OBO),
        (b"! a remark\n" + OBO, Syntax.OBO),
        (b"[Term]\nid: HP:1\n", Syntax.OBO),
        (b"# ontology: in a remark\n@prefix id: <urn:x:> .\nid:a id:b id:c .\n", Syntax.TURTLE),
        (b"<urn:x:a> <urn:x:b> <urn:x:c> .\n", Syntax.TURTLE),
        (gzip.compress(OBO, mtime=0), Syntax.OBO),
    ],
)
@pytest.mark.parametrize("name", ["o.owl", "o.txt"])
def test_the_syntax_is_known_by_the_content(tmp_path: Path, name: str, content: bytes, wanted: Syntax) -> None:
    assert syntax(tmp_path / name, content) is wanted


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "it is empty"),
        (b" \n ", "it is empty"),
        (b'<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#">', "it is OWL/XML"),
        (b"Prefix(:=<urn:x:>)\nOntology(<urn:x:o>)", "functional or Manchester"),
        (b"Prefix: : <urn:x:>\nOntology: <urn:x:o>", "functional or Manchester"),
        (b'{"graphs": []}', "it is JSON"),
        ("<urn:x:a>".encode("utf-16"), "not UTF-8"),
    ],
)
def test_what_is_not_read_is_named(tmp_path: Path, content: bytes, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        syntax(tmp_path / "o.owl", content)


def test_the_limit_counts_what_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "o.ttl.gz"
    path.write_bytes(gzip.compress(b"# nothing\n" * 1_000_000, mtime=0))
    assert path.stat().st_size < 100_000
    with opened(str(path), limit=1 << 20) as stream, pytest.raises(InputError, match="larger than 1 MiB"):
        stream.all()


@pytest.mark.parametrize("cut", [-1, -8, 30])
def test_damaged_gzip_is_said(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "o.ttl.gz"
    whole = gzip.compress(b"# nothing\n" * 10_000 + bytes(range(32, 127)) * 50)
    path.write_bytes(whole[:cut])

    def read() -> None:
        with opened(str(path)) as stream:
            stream.all()

    with pytest.raises(InputError, match="damaged"):
        read()


def test_a_document_type_is_refused_before_what_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "o.owl"
    path.write_bytes(
        RDF.replace(b"?>\n", b'?>\n<!DOCTYPE r [<!ENTITY a "b"> <!ENTITY c SYSTEM "file:///etc/passwd">]>\n')
    )
    with opened(str(path)) as stream:
        with pytest.raises(RefusedInput, match="document type or entity"):
            stream.all()
        assert isinstance(stream.fault, RefusedInput)


@pytest.mark.parametrize("name", ["missing.ttl", "."])
def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"no such file|a folder"), opened(str(tmp_path / name)):
        pass
