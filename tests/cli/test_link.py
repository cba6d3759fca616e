"""`vhkg link` and `vhkg query --link`, as a user runs them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cli.support import HEADER
from tests.cli.support import called as vhkg
from tests.mapping.support import INVENTED, bridge, slim

FACTS = HEADER + "a,T9,BackPain,present,2026-11-02\nb,L1,BackPain,absent,2026-11-02\n"


@pytest.fixture
def patients(tmp_path: Path) -> str:
    path = tmp_path / "patients.csv"
    path.write_text(FACTS, encoding="utf-8")
    return str(path)


def test_it_writes_the_bridge_and_says_what_it_took(tmp_path: Path) -> None:
    path = tmp_path / "bridge.nt"
    run = vhkg("link", str(slim("hp")), "--format", "nt", "-o", str(path))
    assert run.code == 0
    assert run.out == ""
    assert path.read_bytes() == bridge("hp").ntriples
    assert "51 classes read" in run.err
    assert "terms linked: 10, by 10 mappings to 9 classes; levels of lesions: 0; with 19 classes above these" in run.err
    assert "not promoted: 3 confidence below 0.9, 5 narrowMatch, 1 rejected, 1 relatedMatch" in run.err
    assert "ids not found: none; labels that differ: 0" in run.err


def test_the_bytes_are_the_same_each_time_and_turtle_says_the_same() -> None:
    first, second = (vhkg("link", str(slim("maxo"))) for _ in range(2))
    assert first == second
    said = {quad.triple for quad in ox.parse(first.out.encode(), format=ox.RdfFormat.TURTLE)}
    assert said == set(bridge("maxo").triples)


def test_standard_input_will_do() -> None:
    run = vhkg("link", "-", "--format", "nt", stdin=slim("mondo").read_bytes())
    assert run.out.encode() == bridge("mondo").ntriples


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["link"], 2, "Missing argument"),
        (["link", "missing.owl"], 3, "missing.owl: there is no such file"),
        (["link", str(slim("uberon"))], 3, "no class that a term of ours can be placed under"),
        (["link", str(INVENTED), "-o", "/"], 2, "cannot be written"),
        (["query", "35"], 2, "is about patients"),
        (
            ["query", "recommendations-by-linked-class"],
            2,
            "no bridge to one is loaded; give your copy of it with --link",
        ),
        (["query", "35", "--link", str(INVENTED), "--endpoint", "http://localhost:1/"], 2, "cannot be used with"),
    ],
)
def test_what_is_wrong_is_one_sentence(arguments: list[str], code: int, said: str) -> None:
    run = vhkg(*arguments)
    assert run.code == code
    assert run.out == ""
    assert said in run.err
    assert "Traceback" not in run.err


def test_a_file_that_is_obsolete_where_we_map_fails(tmp_path: Path) -> None:
    path = tmp_path / "newer.obo"
    path.write_text(
        "format-version: 1.2\n\n[Term]\nid: HP:0012531\nis_obsolete: true\nreplaced_by: HP:7\n", encoding="utf-8"
    )
    run = vhkg("link", str(path))
    assert run.code == 4
    assert run.err.splitlines()[-1].startswith("vhkg: mappings/hp.sssom.tsv, line ")
    assert "HP:0012531 is obsolete" in run.err
    assert "replaced by HP:7" in run.err


def test_a_label_that_differs_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "other.obo"
    path.write_text("format-version: 1.2\n\n[Term]\nid: HP:0012531\nname: Ache\n", encoding="utf-8")
    run = vhkg("link", str(path))
    assert run.code == 0
    assert "HP:0012531 is called 'Ache' there and 'Pain' in the mapping" in run.err
    assert "labels that differ: 1" in run.err


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_patients_by_an_ontology_or_by_a_bridge(tmp_path: Path, patients: str, engine: str) -> None:
    path = tmp_path / "bridge.ttl"
    assert vhkg("link", str(slim("hp")), "-o", str(path)).code == 0
    rows = []
    for given in (str(slim("hp")), str(path)):
        run = vhkg(
            "query", "35", "--data", patients, "--link", given, "--input", "class=HP:0012531", "--engine", engine,
            "--format", "csv",
        )  # fmt: skip
        assert run.code == 0
        assert "terms linked: 10" in run.err
        rows.append(list(csv.DictReader(io.StringIO(run.out))))
    assert rows[0] == rows[1]
    assert [(row["patient"], row["status"], row["because"]) for row in rows[0]] == [
        ("a", "present", "BackPain=present@2026-11-02"),
        ("b", "undetermined", "BackPain=absent@2026-11-02"),
    ]


def test_several_links_and_treatments() -> None:
    run = vhkg(
        "query", "recommendations-by-linked-class", "--link", str(slim("hp")), "--link", str(slim("maxo")),
        "--input", "class=MAXO:0000004", "--format", "json",
    )  # fmt: skip
    assert run.code == 0
    items = {row["item"] for row in json.loads(run.out)["rows"]}
    assert "LaminectomyWithOrWithoutEmbolization" in items


def test_a_class_that_is_not_there_is_an_error_with_the_nearest(patients: str) -> None:
    run = vhkg("query", "35", "--data", patients, "--link", str(slim("hp")), "--input", "class=HP:001253")
    assert run.code == 2
    assert "did you mean HP:0012531" in run.err


def test_your_own_query_sees_the_bridge(tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text(
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
        "SELECT ?below WHERE { ?below rdfs:subClassOf+ <https://example.org/hierarchy#Growth> }",
        encoding="utf-8",
    )
    run = vhkg("query", str(path), "--link", str(INVENTED), "--format", "csv")
    assert "VertebralHemangioma" in run.out
    assert vhkg("query", str(path), "--format", "csv").out.count("\n") == 1


def test_a_statuses_answer_is_the_same_with_any_link(patients: str) -> None:
    arguments = ("query", "treatments-for-patient", "--data", patients, "--format", "csv")
    links = [word for name in ("hp", "mondo", "maxo", "ncit", "doid") for word in ("--link", str(slim(name)))]
    assert vhkg(*arguments, *links).out == vhkg(*arguments).out
