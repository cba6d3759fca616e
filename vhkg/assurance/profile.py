"""The ontology as OWL: within the profile OWL 2 DL, consistent, and without a class that nothing can be of.

The profile is checked by the OWL API (the one that HermiT carries), satisfiability by HermiT itself.
"""

from __future__ import annotations

from vhkg.answering.knowledge import Knowledge
from vhkg.assurance.faults import Fault
from vhkg.assurance.report import Check
from vhkg.assurance.wellformed import ontology_files
from vhkg.exchange import ontology_document, write
from vhkg.knowledge.graph import Graph, local_name
from vhkg.namespaces import FOREIGN, Owl
from vhkg.reasoner.hermit import HermitReference


def profile_checks(knowledge: Knowledge) -> tuple[Check, Check]:
    """The two checks; raises EngineError if Java cannot run."""
    files = ontology_files(knowledge.files.ontology)
    document = write(ontology_document(files), "rdfxml")
    classes = [iri for iri in Graph.parse(files).instances(Owl.Class) if not iri.startswith(FOREIGN)]
    with HermitReference(files) as hermit:
        violations = hermit.dl_violations(document)
        possible = hermit.satisfiable_classes([Owl.Thing.value, *classes])
    broken = tuple(
        Fault("profile", *_split(violation), "see the OWL 2 syntax specification") for violation in violations
    )
    empty = tuple(
        Fault("satisfiable", local_name(iri), "nothing can be of this class", "correct the axioms about it")
        for iri, satisfiable in zip([Owl.Thing.value, *classes], possible, strict=True)
        if not satisfiable
    )
    return (
        Check("profile", f"{len(broken)} violations of OWL 2 DL" if broken else "OWL 2 DL, by the OWL API", broken),
        Check(
            "satisfiable",
            f"{len(empty)} classes can have no instance" if empty else f"consistent; {len(classes)} classes can be met",
            empty,
        ),
    )


def _split(violation: str) -> tuple[str, str]:
    """The kind of a violation and its text."""
    kind, _, text = violation.partition(": ")
    return kind, text
