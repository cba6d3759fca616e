"""`vhkg export` as a user runs it."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cli.support import called as vhkg


@pytest.mark.parametrize("form", ["ttl", "nt", "rdfxml", "jsonld", "html", "plandefinition"])
def test_to_a_file(form: str, tmp_path: Path) -> None:
    target = tmp_path / "out"
    found = vhkg("export", "--format", form, "-o", str(target))
    assert (found.code, found.out, found.err) == (0, "", "")
    assert target.stat().st_size > 100_000


def test_everything_for_an_endpoint() -> None:
    found = vhkg("export", "--all", "--format", "nt")
    assert found.code == 0
    assert sum(1 for _ in ox.parse(found.out.encode(), format=ox.RdfFormat.N_TRIPLES)) > 8000


@pytest.mark.parametrize("form", ["html", "plandefinition"])
def test_what_is_of_the_ontology_alone(form: str) -> None:
    found = vhkg("export", "--all", "--format", form)
    assert found.code == 2
    assert found.err == f"vhkg: --all: {form} is of the ontology alone; leave it out.\n"


def test_a_place_that_cannot_be_written() -> None:
    found = vhkg("export", "-o", "/nowhere/at/all.ttl")
    assert found.code == 2
    assert found.err == "vhkg: /nowhere/at/all.ttl: cannot be written: no such file or directory; name another file.\n"
