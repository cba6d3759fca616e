"""The ontology as a propositional theory about one presentation."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from vhkg.decision.axioms import AxiomReader, Letter, Letters, Origin
from vhkg.decision.findings import Hierarchy, classify, filler_fault, read_hierarchy, read_roots, separate
from vhkg.decision.fragment import refuse_outside
from vhkg.decision.presentations import read_presentations
from vhkg.decision.satisfiability import entails
from vhkg.decision.separability import Parts, check_separable
from vhkg.errors import KnowledgeError, OutsideFragment
from vhkg.knowledge.graph import Graph, iris, local_name
from vhkg.model.formula import TRUE, Clause, Formula, Variable, absorbed, substitute
from vhkg.model.table import Atom, AtomKind
from vhkg.namespaces import Vhkg


class Theory(msgspec.Struct, frozen=True, kw_only=True):
    """`clauses` are over the atoms' numbers, from 1. `iris` runs parallel to `atoms`: the filler, alternative or class.

    `definitions` gives each presentation class, by local name, as a formula over the atoms; alternatives and
    Presentation are among them. `roles` and `classes` give the IRIs of the local names.
    """

    atoms: tuple[Atom, ...]
    iris: tuple[str, ...]
    clauses: tuple[Clause, ...]
    definitions: dict[str, Formula]
    roles: dict[str, str]
    classes: dict[str, str]

    def number(self, name: str) -> int:
        """The number of the atom of this name; KeyError if there is none."""
        for position, atom in enumerate(self.atoms, 1):
            if atom.name == name:
                return position
        raise KeyError(name)


def read_theory(graph: Graph) -> Theory:
    """Read the theory, or raise OutsideFragment at the first axiom that would not be decided exactly."""
    roots = read_roots(graph)
    refuse_outside(graph, roots)
    reader = AxiomReader(graph)
    letters = reader.letters
    presentation = letters.number(
        Letter(Vhkg.Presentation.value), Origin("Presentation", graph.file_of(Vhkg.Presentation.value))
    )
    root_of = {
        role: letters.number(Letter(root), Origin(local_name(root), graph.file_of(root)))
        for role, root in roots.items()
    }
    readings = _read_readings(graph, letters)
    axioms = reader.axioms()
    role_of = classify(axioms, letters, root_of)
    _check_fillers(letters, roots, {letters[number].iri: role for number, role in role_of.items()})
    on_findings, others = separate(axioms, role_of, root_of)
    hierarchies = {
        role: read_hierarchy(root, [n for n, other in role_of.items() if other == role], on_findings[role])
        for role, root in root_of.items()
    }
    parts = Parts(
        letters=letters,
        hierarchies=hierarchies,
        presentations=read_presentations(others, letters, presentation, root_of, readings),
        role_clauses=_role_clauses(hierarchies, letters),
        role_of=role_of,
    )
    check_separable(graph, roots, parts)
    return _assemble(parts, roots, readings)


def _read_readings(graph: Graph, letters: Letters) -> dict[int, str]:
    """The reading of each alternative's class letter."""
    readings: dict[int, str] = {}
    for subject, value in graph.pairs(Vhkg.hasAlternative):
        file, place = graph.file_of_triple(subject, Vhkg.hasAlternative, value), graph.name_of(subject)
        names = iris([value])
        if not names or not graph.is_class(names[0]):
            raise KnowledgeError("an alternative is not a declared class", file=file, place=place, mend="declare it")
        number = letters.number(Letter(names[0]), Origin(place, file))
        if number in readings:
            raise KnowledgeError(
                f"{letters.name(number)} is an alternative of two readings", file=file, place=place, mend="name another"
            )
        readings[number] = place
    return readings


def _check_fillers(letters: Letters, roots: dict[str, str], role_of: dict[str, str]) -> None:
    for number, letter in enumerate(letters.all, 1):
        fault = filler_fault(letter, roots, role_of) if letter.role else ""
        if fault:
            origin = letters.origin(number)
            raise OutsideFragment(fault, file=origin.file, place=origin.place, mend="use a finding of that role")


def _role_clauses(hierarchies: dict[str, Hierarchy], letters: Letters) -> tuple[Clause, ...]:
    """Over letters for `role some A`; the root's own only where it is a filler, since nothing else can assert it."""
    found: list[Clause] = []
    for role, hierarchy in hierarchies.items():
        root_used = letters.find(Letter(letters[hierarchy.root].iri, role)) is not None
        for member, supers in hierarchy.entailments():
            if not root_used and hierarchy.root in (member, *supers):
                continue
            some = [
                letters.number(Letter(letters[number].iri, role), letters.origin(number))
                for number in (member, *supers)
            ]
            found.append((-some[0], *some[1:]))
    return tuple(found)


def _assemble(parts: Parts, roots: dict[str, str], readings: dict[int, str]) -> Theory:
    letters, presentations = parts.letters, parts.presentations
    atoms: list[Atom] = []
    sources: list[str] = []
    numbers: dict[int, int] = {}

    def add(number: int, atom: Atom) -> None:
        atoms.append(atom)
        sources.append(letters[number].iri)
        numbers[number] = len(atoms)

    for role, hierarchy in parts.hierarchies.items():
        for member in hierarchy.members:
            number = letters.find(Letter(letters[member].iri, role))
            if number is None and member != hierarchy.root:
                number = letters.number(Letter(letters[member].iri, role), letters.origin(member))
            if number is not None:
                add(number, Atom(AtomKind.FINDING, letters.name(member), role=local_name(role)))
    for number, reading in readings.items():
        add(number, Atom(AtomKind.ALTERNATIVE, letters.name(number), reading=reading))
    for number in presentations.primitives:
        add(number, Atom(AtomKind.PRIMITIVE, letters.name(number)))

    def renumber(number: int) -> Formula:
        return Variable(numbers[number])

    definitions: dict[str, Formula] = {local_name(Vhkg.Presentation.value): TRUE}
    classes = {local_name(Vhkg.Presentation.value): Vhkg.Presentation.value}
    for number, formula in presentations.definitions.items():
        definitions[letters.name(number)] = substitute(formula, renumber)
        classes[letters.name(number)] = letters[number].iri
    _check_names(atoms, sources, classes)
    renumbered = {
        frozenset(numbers[abs(literal)] * (1 if literal > 0 else -1) for literal in clause)
        for clause in (*parts.role_clauses, *presentations.clauses)
    }
    theory = Theory(
        atoms=tuple(atoms),
        iris=tuple(sources),
        clauses=_ordered(absorbed(renumbered)),
        definitions=definitions,
        roles={local_name(role): role for role in roots},
        classes=classes,
    )
    _check_readings(theory, letters, readings)
    return theory


def _ordered(family: set[frozenset[int]]) -> tuple[Clause, ...]:
    found = (tuple(sorted(clause, key=lambda literal: (abs(literal), literal < 0))) for clause in family)
    return tuple(sorted(found, key=lambda clause: (len(clause), [(abs(x), x < 0) for x in clause])))


def _check_names(atoms: Sequence[Atom], sources: Sequence[str], classes: dict[str, str]) -> None:
    known = dict(classes)
    for atom, iri in zip(atoms, sources, strict=True):
        if known.setdefault(atom.name, iri) != iri:
            raise KnowledgeError(
                f"{iri} and {known[atom.name]} have the same local name", place=atom.name, mend="rename one"
            )


def _check_readings(theory: Theory, letters: Letters, readings: dict[int, str]) -> None:
    """A reading must leave exactly one alternative, or choosing one would leave the others open."""
    for reading in dict.fromkeys(readings.values()):
        chosen = [position for position, atom in enumerate(theory.atoms, 1) if atom.reading == reading]
        wanted = [tuple(chosen), *((-a, -b) for a in chosen for b in chosen if a < b)]
        if not all(entails(theory.clauses, clause) for clause in wanted):
            first = next(number for number, name in readings.items() if name == reading)
            raise KnowledgeError(
                "the alternatives do not cover Presentation or overlap",
                file=letters.origin(first).file,
                place=reading,
                mend="state that Presentation is the owl:disjointUnionOf of them",
            )
