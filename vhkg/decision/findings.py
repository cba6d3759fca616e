"""The finding hierarchies, and the clauses that they put on `role some Finding`.

What a presentation can have through a role is a union of finding types: sets of finding classes that one thing can
be in together. So the clauses ∃r.A → ∃r.B1 ∨ … ∨ ∃r.Bk for the minimal entailments A ⊑ B1 ⊔ … ⊔ Bk say all there is
to say, disjointness between findings included: two disjoint findings can both be present, by two fillers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyoxigraph as ox

from vhkg.decision.axioms import Axiom, AxiomKind, Letter, Letters
from vhkg.decision.bdd import Bdd
from vhkg.decision.prime import PrimeImplicants, literals
from vhkg.errors import KnowledgeError, OutsideFragment
from vhkg.knowledge.graph import Graph, local_name
from vhkg.model.formula import Clause, Conjunction, Disjunction, Formula, Variable, clauses, variables
from vhkg.namespaces import Owl, Vhkg


def read_roots(graph: Graph) -> dict[str, str]:
    """The roots by the IRI of their role, in file order."""
    roots: dict[str, str] = {}
    for subject, role in graph.pairs(Vhkg.assertedThrough):
        where = {"file": graph.file_of(subject), "place": graph.name_of(subject)}
        if not isinstance(role, ox.NamedNode) or role.value not in graph.instances(Owl.ObjectProperty):
            raise KnowledgeError(
                f"{graph.name_of(role) if not isinstance(role, ox.Literal) else role.value} is not an object property",
                **where,
                mend="declare the role",
            )
        if not isinstance(subject, ox.NamedNode) or not graph.is_class(subject.value):
            raise KnowledgeError("a root is not a named class", **where, mend="declare it as an owl:Class")
        if role.value in roots or subject.value in roots.values():
            raise OutsideFragment(
                "a root has two roles, or a role two roots", **where, mend="give each root a role of its own"
            )
        roots[role.value] = subject.value
    return roots


def classify(axioms: Sequence[Axiom], letters: Letters, root_of: Mapping[str, int]) -> dict[int, str]:
    """The role of each class letter that is a root or under one. `root_of` gives the root's letter by role."""
    role_of = {root: role for role, root in root_of.items()}
    below = {role: {root} for role, root in root_of.items()}
    changed = True
    while changed:
        changed = False
        for role, members in below.items():
            for axiom in axioms:
                for number in _put_under(axiom, members):
                    if number in members or letters[number].role:
                        continue
                    if number in role_of:
                        raise OutsideFragment(
                            f"{letters.name(number)} is under two roots",
                            file=axiom.origin.file,
                            place=axiom.origin.place,
                            mend="keep the findings of two roles apart",
                        )
                    members.add(number)
                    role_of[number] = role
                    changed = True
    return role_of


def _put_under(axiom: Axiom, members: set[int]) -> Iterator[int]:
    """Class letters that this axiom shows to be under a class of `members`."""
    first, *others = axiom.operands
    if axiom.kind is AxiomKind.DISJOINT:
        return
    if axiom.kind is AxiomKind.DISJOINT_UNION:
        pairs: list[tuple[Formula, Formula]] = [(other, first) for other in others]
        pairs.append((first, Disjunction(tuple(others))))
    elif axiom.kind is AxiomKind.EQUIVALENT:
        pairs = [(first, others[0]), (others[0], first)]
    else:
        pairs = [(first, others[0])]
    for lower, upper in pairs:
        if _bounded(upper, members):
            yield from _disjuncts(lower)


def _bounded(formula: Formula, members: set[int]) -> bool:
    if isinstance(formula, Variable):
        return formula.number in members
    if isinstance(formula, Conjunction):
        return any(_bounded(operand, members) for operand in formula.operands)
    if isinstance(formula, Disjunction):
        return bool(formula.operands) and all(_bounded(operand, members) for operand in formula.operands)
    return False


def _disjuncts(formula: Formula) -> Iterator[int]:
    if isinstance(formula, Variable):
        yield formula.number
    elif isinstance(formula, Disjunction):
        for operand in formula.operands:
            yield from _disjuncts(operand)


def separate(
    axioms: Sequence[Axiom], role_of: Mapping[int, str], root_of: Mapping[str, int]
) -> tuple[dict[str, list[Axiom]], list[Axiom]]:
    """Axioms on the findings of each role, and the others. Those may mention a root but nothing below it."""
    on_findings: dict[str, list[Axiom]] = {role: [] for role in root_of}
    others = []
    roots = set(root_of.values())
    for axiom in axioms:
        mentioned = letters_of(axiom)
        if not mentioned & (role_of.keys() - roots) and not (len(mentioned) == 1 and mentioned <= roots):
            others.append(axiom)
            continue
        roles = {role_of.get(number, "") for number in mentioned}
        if len(roles) > 1:
            raise OutsideFragment(
                f"{axiom.kind} mixes findings with what is not under the same root",
                file=axiom.origin.file,
                place=axiom.origin.place,
                mend="keep axioms on findings apart from the others",
            )
        on_findings[roles.pop()].append(axiom)
    return on_findings, others


def read_hierarchy(root: int, members: Sequence[int], axioms: Sequence[Axiom]) -> Hierarchy:
    """Members are ordered root first, each class before its subclasses, otherwise as in the files.

    That keeps decision diagrams small and tables readable.
    """
    children: dict[int, list[int]] = {}
    for axiom in axioms:
        lower, upper = axiom.operands[:2]
        if axiom.kind is AxiomKind.SUBCLASS and isinstance(lower, Variable) and isinstance(upper, Variable):
            children.setdefault(upper.number, []).append(lower.number)
    found: dict[int, None] = {}
    pending = [*sorted(members, reverse=True), root]
    while pending:
        number = pending.pop()
        if number not in found:
            found[number] = None
            pending += reversed(children.get(number, ()))
    return Hierarchy(root, tuple(found), axioms)


class Hierarchy:
    """The axioms on the findings of one root, as clauses over their class letters."""

    def __init__(self, root: int, members: Sequence[int], axioms: Sequence[Axiom]) -> None:
        self.root = root
        self.members = tuple(members)
        self.clauses: tuple[Clause, ...] = tuple(
            dict.fromkeys(clause for axiom in axioms for clause in clauses(axiom.constraint()))
        )

    def entailments(self) -> Iterator[tuple[int, tuple[int, ...]]]:
        """(A, (B1, …, Bk)) for every minimal entailment A ⊑ B1 ⊔ … ⊔ Bk but A ⊑ A."""
        bdd = Bdd(self.members)
        theory = bdd.of_clauses(self.clauses)
        primes = PrimeImplicants(bdd)
        for member in self.members:
            forbidden = bdd.negation(bdd.conjunction(theory, bdd.variable(member)))
            for mask in sorted(primes.negative(forbidden)):
                supers = tuple(-literal for literal in literals(mask))
                if member not in supers:
                    yield member, supers


def letters_of(axiom: Axiom) -> frozenset[int]:
    return frozenset().union(*map(variables, axiom.operands))


def filler_fault(letter: Letter, roots: Mapping[str, str], role_of: Mapping[str, str]) -> str:
    """Why a restriction is outside the fragment, or the empty string. `role_of` maps finding IRIs to roles."""
    role, filler = local_name(letter.role), local_name(letter.iri)
    if letter.role not in roots:
        return f"{role} is not the role of a root"
    if role_of.get(letter.iri) != letter.role:
        return f"the filler {filler} of {role} is not under {local_name(roots[letter.role])}"
    return ""
