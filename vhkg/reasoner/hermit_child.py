"""The process that runs HermiT. One JSON object a line in, one out; it ends, with all it started, at end of input.

{"bridge": "jpype" | "owlready2", "ontology": path of N-Triples, "megabytes": memory for Java} loads an ontology and is
answered by {"ready": true}; then {"queries": [expression…]} is answered by {"satisfiable": [true…]}.
{"profile": path of RDF/XML, "megabytes": memory for Java} is answered by {"violations": [text…]}. Any failure is
answered by {"error": sentence}.
"""

from __future__ import annotations

import importlib.util
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, TextIO

from vhkg.reasoner.ntriples import QUERY, query_classes
from vhkg.reasoner.query import NOTHING, Expression

Answer = Callable[[Sequence[Expression]], list[bool]]


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # Java writes to standard output when it pleases
    requests = _requests()
    answer: Answer | None = None
    while (line := requests.get()) is not None:
        try:
            request = json.loads(line)
            if "ontology" in request:
                answer = _bridges[request["bridge"]](Path(request["ontology"]), int(request["megabytes"]))
                _reply(answers, {"ready": True})
            elif "profile" in request:
                _reply(answers, {"violations": dl_violations(Path(request["profile"]), int(request["megabytes"]))})
            elif answer is not None:
                _reply(answers, {"satisfiable": answer(request["queries"])})
        except Exception as error:  # whatever Java or a bridge throws must reach the parent as one sentence
            _reply(answers, {"error": f"{type(error).__name__}: {error}".splitlines()[0]})


def _reply(answers: TextIO, reply: dict[str, Any]) -> None:
    answers.write(json.dumps(reply) + "\n")
    answers.flush()


def _requests() -> queue.Queue[str | None]:
    """Lines as they come. The end of input means that the parent is gone: end at once, Java included."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in sys.stdin:
            lines.put(line)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=read, daemon=True).start()
    return lines


def hermit_jar() -> Path:
    """HermiT as owlready2 ships it, with the OWL API inside. Found without importing owlready2."""
    found = importlib.util.find_spec("owlready2")
    if found is None or found.origin is None:
        raise FileNotFoundError("owlready2 is not installed")
    return Path(found.origin).parent / "hermit" / "HermiT.jar"


def _started(megabytes: int) -> Any:
    import jpype  # a development dependency

    if not jpype.isJVMStarted():
        jpype.startJVM(f"-Xmx{megabytes}m", "-XX:-UsePerfData", classpath=[str(hermit_jar())], convertStrings=False)
    return jpype


def dl_violations(ontology: Path, megabytes: int) -> list[str]:
    """What the OWL API's checker holds against the ontology being OWL 2 DL, sorted.

    https://www.w3.org/TR/owl2-syntax/#Ontologies gives the rules. The OWL API is the one inside HermiT.jar.
    """
    jpype = _started(megabytes)
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    document = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(ontology)))
    report = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(document)
    return sorted(f"{violation.getClass().getSimpleName()}: {violation}" for violation in report.getViolations())


def through_jpype(ontology: Path, megabytes: int) -> Answer:
    """HermiT in this process: the ontology is loaded once, each question is one call."""
    jpype = _started(megabytes)
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    factory = manager.getOWLDataFactory()
    iri = jpype.JClass("org.semanticweb.owlapi.model.IRI").create
    document = jpype.JClass("java.io.File")(str(ontology))
    reasoner = jpype.JClass("org.semanticweb.HermiT.Reasoner")(manager.loadOntologyFromOntologyDocument(document))
    expressions = jpype.JClass("java.util.HashSet")
    consistent = bool(reasoner.isConsistent())

    def build(query: Expression) -> Any:
        form = query[0]
        if form == "class":
            return factory.getOWLClass(iri(query[1]))
        if form == "some":
            role = factory.getOWLObjectProperty(iri(query[1]))
            return factory.getOWLObjectSomeValuesFrom(role, factory.getOWLClass(iri(query[2])))
        if form == "not":
            return factory.getOWLObjectComplementOf(build(query[1]))
        operands = expressions()
        for part in query[1:]:
            operands.add(build(part))
        return factory.getOWLObjectIntersectionOf(operands) if form == "and" else factory.getOWLObjectUnionOf(operands)

    def answer(queries: Sequence[Expression]) -> list[bool]:
        return [consistent and bool(reasoner.isSatisfiable(build(query))) for query in queries]

    return answer


def through_owlready2(ontology: Path, megabytes: int) -> Answer:
    """owlready2's own call: each batch is classified afresh, as named classes beside the ontology.

    One class more than asked is known to be unsatisfiable; if it is not reported, the answer was not understood.
    """
    import owlready2  # slow to import, and needed in this child only

    owlready2.reasoning.JAVA_MEMORY = megabytes
    axioms = ontology.read_text(encoding="utf-8")

    def answer(queries: Sequence[Expression]) -> list[bool]:
        world = owlready2.World()
        content = (axioms + query_classes([*queries, NOTHING])).encode()
        world.get_ontology("urn:vhkg:reference").load(fileobj=BytesIO(content))
        try:
            owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return [False] * len(queries)
        empty = {cls.iri for cls in world.inconsistent_classes()}
        if f"{QUERY}{len(queries)}" not in empty:
            raise RuntimeError("HermiT's answer could not be read")
        return [f"{QUERY}{number}" not in empty for number in range(len(queries))]

    return answer


_bridges: dict[str, Callable[[Path, int], Answer]] = {"jpype": through_jpype, "owlready2": through_owlready2}


if __name__ == "__main__":
    main()
