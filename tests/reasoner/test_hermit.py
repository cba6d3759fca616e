"""HermiT itself, through both bridges, and what happens when it fails."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from vhkg.errors import EngineError
from vhkg.reasoner.hermit import Bridge, HermitReference
from vhkg.reasoner.ntriples import class_axioms
from vhkg.reasoner.query import Query, QueryLiteral

NAMES = "https://w3id.org/vhkg/ontology#"
ONTOLOGY = """
@prefix : <https://w3id.org/vhkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:note a owl:AnnotationProperty ; rdfs:subPropertyOf rdfs:comment .
:Presentation a owl:Class ; :note "1E999999999"^^xsd:decimal , "2020-02-30"^^xsd:date , "NaN"^^xsd:double .
:sees a owl:ObjectProperty .
:Colour a owl:Class ; :note :Rot . :Rot a owl:Class ; rdfs:subClassOf :Colour .
:Grün a owl:Class ; rdfs:subClassOf :Colour . :Hellgrün a owl:Class ; rdfs:subClassOf :Grün .
:Greenish a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom :Grün ] .
:Reddish a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty :sees ; owl:someValuesFrom :Rot ] .
:Purely a owl:Class ; owl:equivalentClass [ a owl:Class ;
    owl:intersectionOf ( :Greenish [ a owl:Class ; owl:complementOf :Reddish ] ) ] .
:someone a owl:NamedIndividual , :Colour ; :note "a name"@en .
""".encode()
FILES = {"colours.ttl": ONTOLOGY}


def sees(name: str, *, present: bool = True) -> QueryLiteral:
    return QueryLiteral(NAMES + name, NAMES + "sees", present)


QUESTIONS = [
    (Query((sees("Hellgrün"), sees("Grün", present=False))), False),
    (Query((sees("Hellgrün"), sees("Rot", present=False))), True),
    (Query((sees("Hellgrün"),), NAMES + "Greenish", value=False), False),
    (Query((sees("Grün"),), NAMES + "Greenish", value=True), True),
    (Query((sees("Rot", present=False),), NAMES + "Greenish", value=False), True),
    (Query((sees("Grün"), sees("Rot")), NAMES + "Greenish", exclusion=NAMES + "Reddish"), False),
    (Query((sees("Grün"), sees("Rot")), NAMES + "Greenish", exclusion=NAMES + "Reddish", value=False), True),
    (Query((QueryLiteral(NAMES + "Reddish"),), NAMES + "Purely"), False),
    (Query((QueryLiteral(NAMES + "Reddish", present=False), sees("Hellgrün")), NAMES + "Purely", value=False), False),
    (Query(), True),
]


@pytest.fixture(scope="module", params=["jpype", "owlready2"])
def reference(request: pytest.FixtureRequest) -> Iterator[HermitReference]:
    with HermitReference(FILES, bridge=request.param) as hermit:
        yield hermit


@pytest.mark.hermit
def test_questions_are_answered_in_order(reference: HermitReference) -> None:
    assert reference.satisfiable([query for query, _ in QUESTIONS]) == [answer for _, answer in QUESTIONS]


@pytest.mark.hermit
def test_entailment_is_the_lack_of_a_counterexample(reference: HermitReference) -> None:
    assert reference.entailed([sees("Hellgrün")], NAMES + "Greenish")
    assert not reference.entailed([], NAMES + "Greenish")
    assert reference.entailed([sees("Grün", present=False)], NAMES + "Purely", value=False)


@pytest.mark.hermit
def test_no_questions_have_no_answers(reference: HermitReference) -> None:
    assert reference.satisfiable([]) == []


@pytest.mark.hermit
@pytest.mark.parametrize("bridge", ["jpype", "owlready2"])
def test_in_an_inconsistent_ontology_nothing_is_satisfiable(bridge: Bridge) -> None:
    thing = b"<http://www.w3.org/2002/07/owl#Thing> <http://www.w3.org/2000/01/rdf-schema#subClassOf> "
    nothing = thing + b"<http://www.w3.org/2002/07/owl#Nothing> ."
    with HermitReference({**FILES, "void.ttl": nothing}, bridge=bridge) as hermit:
        assert hermit.satisfiable([query for query, _ in QUESTIONS]) == [False] * len(QUESTIONS)
        hermit.load(FILES)
        assert hermit.satisfiable([QUESTIONS[-1][0]]) == [True]


def test_only_class_axioms_reach_the_reasoner() -> None:
    written = class_axioms(FILES)
    assert '"' not in written
    assert "someone" not in written
    assert "note" not in written
    assert all(line.endswith("> .") or line.rsplit(" ", 2)[1].startswith("_:") for line in written.splitlines())


@pytest.mark.hermit
def test_a_question_without_end_is_cut_off_and_the_child_killed() -> None:
    with HermitReference(FILES, bridge="owlready2") as hermit:
        process, folder = _internals(hermit)
        hermit._time_limit = 0.05
        with pytest.raises(EngineError, match=r"HermiT did not answer within 0\.05 s; raise the time limit\."):
            hermit.satisfiable([Query()])
    assert process.poll() is not None
    assert not folder.exists()


@pytest.mark.hermit
def test_a_child_that_dies_is_an_error() -> None:
    with HermitReference(FILES, bridge="owlready2") as hermit:
        process, _ = _internals(hermit)
        process.kill()
        with pytest.raises(EngineError, match="the HermiT process ended unexpectedly"):
            hermit.satisfiable([Query()])
        with pytest.raises(EngineError, match="HermiT is not running"):
            hermit.satisfiable([Query()])


@pytest.mark.hermit
def test_closing_twice_does_no_harm_and_leaves_nothing() -> None:
    hermit = HermitReference(FILES, bridge="owlready2").__enter__()
    _, folder = _internals(hermit)
    hermit.close()
    hermit.close()
    assert not folder.exists()


def test_without_java_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineError, match="HermiT needs Java, which was not found; install a Java runtime"):
        HermitReference(FILES).__enter__()


def test_a_java_that_talks_nonsense_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho hello\n")
    java.chmod(java.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    fault = pytest.raises(EngineError, match="HermiT's answer could not be read")
    with HermitReference(FILES, bridge="owlready2") as hermit, fault:
        hermit.satisfiable([Query()])


@pytest.mark.parametrize("bridge", ["jpype", "owlready2"])
def test_a_child_whose_parent_dies_ends_too(bridge: str, tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from vhkg.reasoner.hermit import HermitReference\n"
        f"hermit = HermitReference({{}}, bridge={bridge!r}).__enter__()\n"
        "print(hermit._child.pid, hermit._folder.name, flush=True)\n"
        "os._exit(0)\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": root, "TMPDIR": str(tmp_path)},
    )
    pid = int(done.stdout.split()[0])
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "Z (zombie)" in Path(f"/proc/{pid}/status").read_text():
            return
        time.sleep(0.05)
    pytest.fail("the child outlived its parent")


def _internals(hermit: HermitReference) -> tuple[subprocess.Popen[bytes], Path]:
    assert hermit._child is not None
    assert hermit._folder is not None
    return hermit._child, Path(hermit._folder.name)
