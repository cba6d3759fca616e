"""One ontology in every syntax is one hierarchy and one bridge, to the byte."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.mapping.support import INVENTED, LINKED, bridge, hierarchy, obo, rdf, slim
from tests.support import shipped
from vhkg.errors import InputError
from vhkg.mapping import build, read_hierarchy


@pytest.mark.parametrize("name", LINKED)
@pytest.mark.parametrize("syntax", ["nt", "owl", "obo", "ttl.gz", "obo.gz"])
def test_every_syntax_gives_the_identical_bridge(tmp_path: Path, name: str, syntax: str) -> None:
    path = tmp_path / f"copy.{syntax}"
    content = {
        "nt": lambda: rdf(slim(name), ox.RdfFormat.N_TRIPLES),
        "owl": lambda: rdf(slim(name), ox.RdfFormat.RDF_XML),
        "ttl.gz": lambda: gzip.compress(slim(name).read_bytes()),
        "obo": lambda: obo(hierarchy(name)).encode(),
        "obo.gz": lambda: gzip.compress(obo(hierarchy(name)).encode()),
    }[syntax]()
    path.write_bytes(content)
    assert build(shipped(), [read_hierarchy(str(path))]).ntriples == bridge(name).ntriples


@pytest.mark.parametrize("syntax", ["ttl", "owl", "obo"])
def test_a_limit_holds_to_the_byte(tmp_path: Path, syntax: str) -> None:
    read = read_hierarchy(str(INVENTED))
    content = {"ttl": INVENTED.read_bytes(), "owl": rdf(INVENTED, ox.RdfFormat.RDF_XML), "obo": obo(read).encode()}
    path = tmp_path / f"o.{syntax}"
    path.write_bytes(content[syntax])
    assert read_hierarchy(str(path), limit=len(content[syntax])).terms.keys() >= {
        "https://example.org/hierarchy#Growth"
    }
    with pytest.raises(InputError, match="it is larger than"):
        read_hierarchy(str(path), limit=len(content[syntax]) - 1)
