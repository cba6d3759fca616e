"""Have HermiT decide every status of an answer, and fail where the compiled table says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from vhkg.answering.compiled import targets
from vhkg.answering.knowledge import Knowledge
from vhkg.assurance.agreement import Disagreement, Reference, Subject, check_rows
from vhkg.assurance.certificate import certify
from vhkg.assurance.evidence import Evidence, evidence, write_evidence
from vhkg.assurance.faults import Fault
from vhkg.assurance.report import Check
from vhkg.decision.statuses import assess, concerned
from vhkg.decision.theory import Theory, read_theory
from vhkg.errors import EngineError, UsageError
from vhkg.knowledge.graph import Graph
from vhkg.model.answer import Answer, Verdict
from vhkg.model.content import Recommendation
from vhkg.model.table import AtomKind
from vhkg.reasoner.hermit import HermitReference
from vhkg.reasoner.query import Query, QueryLiteral


def table_agreement(knowledge: Knowledge) -> Check:
    """Every row of the table put to HermiT: entailed, and no longer entailed without any one of its literals.

    Raises EngineError if HermiT cannot run.
    """
    files = {name: text for name, text in knowledge.files.ontology.items() if name.endswith(".ttl")}
    subject = Subject(read_theory(Graph.parse(files)), targets(knowledge.content), knowledge.compiled.table)
    with HermitReference(files) as hermit:
        found = check_rows(subject, hermit)
    faults = _faults(found.disagreements)
    return Check("agreement", f"{found.questions} questions about the rows, {len(faults)} answered otherwise", faults)


class CertifiedPart(NamedTuple):
    """What the comparison of one goal left, and where it found something else than the table says."""

    evidence: Evidence
    faults: tuple[Fault, ...]


def certificate(knowledge: Knowledge, folder: Path, command: str) -> Iterator[CertifiedPart]:
    """The agreement certificate: one part for each goal, its evidence written to `folder` before it is yielded.

    Raises EngineError if HermiT cannot run, and UsageError if the evidence cannot be written.
    """
    files = {name: text for name, text in knowledge.files.ontology.items() if name.endswith(".ttl")}
    subject = Subject(read_theory(Graph.parse(files)), targets(knowledge.content), knowledge.compiled.table)
    with HermitReference(files) as hermit:
        for found in certify(subject, hermit):
            wrong = found.agreement.disagreements
            how = "every-assignment" if found.exhaustive else "partial-assignments"
            made = evidence(
                how,
                found.goal,
                cases=found.agreement.cases,
                disagreements=wrong,
                digest=knowledge.compiled.digest,
                command=command,
                seed=None if found.exhaustive else 0,
            )
            try:
                write_evidence(made, folder)
            except OSError as error:
                raise UsageError(
                    f"the evidence cannot be written: {(error.strerror or str(error)).lower()}",
                    place=str(folder),
                    mend="name another folder",
                ) from error
            yield CertifiedPart(made, _faults(wrong))


def certificate_checks(parts: Iterable[CertifiedPart]) -> tuple[Check, ...]:
    """One check for each way of comparing, its numbers added up."""
    by_claim: dict[str, list[CertifiedPart]] = {}
    for part in parts:
        by_claim.setdefault(part.evidence.claim, []).append(part)
    return tuple(
        Check(
            "certificate",
            f"{claim.replace('-', ' ')}: {sum(part.evidence.cases for part in found)} cases for {len(found)} classes, "
            f"{sum(part.evidence.disagreements for part in found)} decided otherwise",
            tuple(fault for part in found for fault in part.faults),
        )
        for claim, found in by_claim.items()
    )


def _faults(found: Iterable[Disagreement]) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            "agreement",
            each.goal,
            f"{each.question} of {', '.join(each.literals) or 'no facts'}: compiled {each.compiled}, "
            f"HermiT {each.reference}",
            "report it",
        )
        for each in found
    )


def confirm(knowledge: Knowledge, answers: Iterable[Answer]) -> int:
    """Ask HermiT for every goal behind every status; return how many statuses it confirmed.

    Raises EngineError if HermiT cannot run (it needs Java), or if a status differs: then the compiled table is
    wrong, and no answer of it may be used.
    """
    files = {name: text for name, text in knowledge.files.ontology.items() if name.endswith(".ttl")}
    with HermitReference(files) as hermit:
        return confirm_by(hermit, knowledge, read_theory(Graph.parse(files)), answers)


def confirm_by(reference: Reference, knowledge: Knowledge, theory: Theory, answers: Iterable[Answer]) -> int:
    """The same by a reference that is there already, given the theory of the knowledge."""
    decided = (answer for answer in answers if answer.verdict is not Verdict.INVALID)
    return sum(_confirm(knowledge, theory, reference, answer) for answer in decided)


def _confirm(knowledge: Knowledge, theory: Theory, hermit: Reference, answer: Answer) -> int:
    holds = _entailments(knowledge, theory, hermit, answer)
    limits = concerned(knowledge.content.limits, holds.get)
    given = {recommendation.id: recommendation for recommendation in answer.recommendations}
    for rule in knowledge.decider.rules:
        assessed, compiled = assess(rule, holds.get, limits), given[rule.name]
        if (assessed.base, assessed.status) != (compiled.base_status, compiled.status):
            raise EngineError(
                f"HermiT finds {rule.name} {assessed.status}, the compiled table {compiled.status}",
                place=answer.file,
                mend="report this with the version of the knowledge; do not use the answer",
            )
    return len(given)


def _entailments(knowledge: Knowledge, theory: Theory, hermit: Reference, answer: Answer) -> dict[str, bool | None]:
    """Every goal that a status depends on: entailed, refuted or open, by satisfiability with and without it."""
    literals = tuple(recorded_literals(theory, answer))
    limit_goals = {goal for limit in knowledge.content.limits for goal in (limit.raised_by, limit.caps_within)}
    exclusion = {r.name: r for r in knowledge.content.recommendations}
    goals = dict.fromkeys(goal for rule in knowledge.decider.rules for goal in rule.goals())
    goals |= dict.fromkeys(limit.raised_by for limit in knowledge.content.limits)
    feared = (*literals, *_doubtful(theory, answer))
    queries = [
        _query(theory, feared if goal in limit_goals else literals, goal, exclusion.get(goal), value)
        for goal in goals
        for value in (True, False)
    ]
    found = iter(hermit.satisfiable(queries))
    holds: dict[str, bool | None] = {}
    for goal, possible, avoidable in zip(goals, found, found, strict=True):
        if not possible and not avoidable:
            raise EngineError("HermiT finds the accepted facts inconsistent", place=answer.file, mend="report this")
        holds[goal] = None if possible and avoidable else possible
    return holds


def _doubtful(theory: Theory, answer: Answer) -> Iterable[QueryLiteral]:
    """What was recorded present and set aside in a conflict: it still raises scope limits (see `Situation`)."""
    aside = {fact.finding for conflict in answer.conflicts for fact in conflict.facts if fact.status == "present"}
    for atom, iri in zip(theory.atoms, theory.iris, strict=True):
        if atom.name in aside and answer.findings[atom.name].status == "conflict":
            yield QueryLiteral(iri, theory.roles[atom.role])


def _query(
    theory: Theory, literals: tuple[QueryLiteral, ...], goal: str, given: Recommendation | None, value: bool
) -> Query:
    if given is None:
        return Query(literals, theory.classes[goal], "", value)
    exclusion = theory.classes[given.exclusion] if given.exclusion else ""
    return Query(literals, theory.classes[given.condition], exclusion, value)


def recorded_literals(theory: Theory, answer: Answer) -> Iterable[QueryLiteral]:
    """The facts that the answer rests on, and the alternatives it chose; HermiT derives the others."""
    chosen = set(answer.readings.values())
    for atom, iri in zip(theory.atoms, theory.iris, strict=True):
        if atom.kind is AtomKind.ALTERNATIVE and atom.name in chosen:
            yield QueryLiteral(iri)
        state = answer.findings.get(atom.name)
        if atom.kind is AtomKind.FINDING and state is not None and state.status in ("present", "absent"):
            yield QueryLiteral(iri, theory.roles[atom.role], state.status == "present")
