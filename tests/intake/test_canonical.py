"""Blank node labels and the order of statements influence nothing."""

from __future__ import annotations

import random

from tests.intake.support import VALID, small_vocabulary
from vhkg.intake import Blank, Iri, Literal, PatientGraph, Triple, canonical, read_bytes, read_graph


def relabelled(graph: PatientGraph, seed: int) -> PatientGraph:
    generator = random.Random(seed)
    blanks = sorted({t for s, _, o in graph.triples for t in (s, o) if isinstance(t, Blank)})
    labels = [f"z{number}" for number in range(len(blanks))]
    generator.shuffle(labels)
    names = {blank: Blank(label) for blank, label in zip(blanks, labels, strict=True)}

    def renamed(triple: Triple) -> Triple:
        subject, predicate, value = triple
        return (
            names[subject] if isinstance(subject, Blank) else subject,
            predicate,
            names[value] if isinstance(value, Blank) else value,
        )

    return PatientGraph.of(renamed(triple) for triple in graph.triples)


def test_labels_do_not_matter() -> None:
    for path in VALID:
        if path.suffix == ".ttl":
            graph = read_graph(read_bytes(str(path)), small_vocabulary())
            expected = canonical(graph)
            assert canonical(expected) == expected
            for seed in range(20):
                assert canonical(relabelled(graph, seed)) == expected


def test_random_forests() -> None:
    for seed in range(200):
        generator = random.Random(seed)
        size = generator.randint(1, 12)
        triples: list[Triple] = []
        for number in range(size):
            node = Blank(f"n{number}")
            parent = (
                Blank(f"n{generator.randrange(number)}") if number and generator.random() < 0.7 else Iri("urn:root")
            )
            triples.append((parent, generator.choice(["urn:p", "urn:q"]), node))
            triples.append((node, "urn:v", Literal(generator.choice("ab"))))
        graph = PatientGraph.of(triples)
        assert canonical(relabelled(graph, seed)) == canonical(graph)


def test_equal_nodes_stay_apart() -> None:
    graph = PatientGraph.of((Iri("urn:a"), "urn:p", Blank(label)) for label in ("x", "y"))
    assert canonical(graph).triples == ((Iri("urn:a"), "urn:p", Blank("b0")), (Iri("urn:a"), "urn:p", Blank("b1")))


def test_a_long_chain_needs_no_recursion() -> None:
    graph = PatientGraph.of((Blank(f"n{i}"), "urn:p", Blank(f"n{i + 1}")) for i in range(20_000))
    assert canonical(graph).triples[0][0] == Blank("b0")
