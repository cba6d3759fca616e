"""`vhkg publish`: into a real Oxigraph server, and then asked there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cli.support import DEMO, vhkg
from tests.stores.server import free_port, oxigraph
from tests.support import ROOT, shipped

KETTLE = str(ROOT / "docs" / "examples" / "kettle")
PATIENTS = ("query", "treatments-for-patient", "--format", "csv")
NOWHERE = "http://127.0.0.1:9/store"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oxigraph([]) as url:
        yield url.removesuffix("/query")


def test_what_is_published_is_asked_there(server: str) -> None:
    put = vhkg("publish", "--endpoint", f"{server}/store", "--data", DEMO)
    digest = shipped().compiled.digest[:12]
    assert (put.code, put.err) == (0, "")
    assert put.out.startswith(f"{server}/store holds ")
    assert put.out.endswith(f"({digest}) in the default graph, which was empty.\n")
    there = vhkg(*PATIENTS, "--endpoint", f"{server}/query")
    assert (there.code, there.err) == (0, "")
    assert there.out == vhkg(*PATIENTS, "--data", DEMO).out
    again = vhkg("publish", "--endpoint", f"{server}/store")
    assert (again.code, again.out) == (2, "")
    assert "the default graph of the store is not empty; give --replace" in again.err


def test_another_knowledge_in_a_graph_of_its_own(server: str) -> None:
    graph = ("--graph", "https://example.org/kettle")
    put = vhkg("publish", "--endpoint", f"{server}/store", *graph, "--knowledge", KETTLE)
    assert put.code == 0, put.err
    assert "in the graph <https://example.org/kettle>, which was empty." in put.out
    question = ("query", "tensions", "--knowledge", KETTLE)
    assert vhkg(*question, "--endpoint", f"{server}/query", *graph).code == 0
    replaced = vhkg("publish", "--endpoint", f"{server}/store", *graph, "--replace")
    assert "in place of what was there" in replaced.out
    refused = vhkg(*question, "--endpoint", f"{server}/query", *graph)
    assert refused.code == 4
    assert "holds knowledge" in refused.err
    assert "put there what this version publishes, with `vhkg publish --replace`" in refused.err


def test_a_dry_run_sends_nothing_and_shows_all() -> None:
    shown = vhkg("publish", "--endpoint", NOWHERE, "--data", DEMO, "--dry-run")
    assert shown.code == 0
    triples = list(ox.parse(shown.out.encode(), format=ox.RdfFormat.N_TRIPLES))
    assert f"would put {len(triples)} triples, knowledge " in shown.err
    assert shipped().compiled.digest in shown.out


def test_the_password_is_in_no_message(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("canary-password\nmore\n")
    address = f"http://127.0.0.1:{free_port()}/store"
    for given in (("--password-file", str(password)), ()):
        refused = vhkg("publish", "--endpoint", address, "--username", "n", *given, VHKG_PASSWORD="canary-password")
        assert refused.code == 4
        assert "cannot be reached" in refused.err
        assert "canary" not in refused.out + refused.err


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--username", "n"), 2, "a name without a password; give --password-file, or set VHKG_PASSWORD"),
        (("--password-file", "x"), 2, "a password without a name"),
        (("--username", "n", "--password-file", "nowhere.txt"), 3, "the password cannot be read: no such file"),
        (("--graph", "not an IRI"), 2, "the graph is no absolute IRI"),
        (("--data", "nowhere.csv"), 3, "not all files were read, so nothing is sent"),
    ],
)
def test_what_is_refused_before_anything_is_sent(arguments: tuple[str, ...], code: int, says: str) -> None:
    refused = vhkg("publish", "--endpoint", NOWHERE, *arguments)
    assert (refused.code, refused.out) == (code, "")
    assert says in refused.err


def test_a_graph_without_an_endpoint() -> None:
    refused = vhkg("query", "tensions", "--graph", "urn:a")
    assert refused.code == 2
    assert "--graph: is of an endpoint; name it with --endpoint" in refused.err
