"""Everything that can be checked of the knowledge itself, in one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from vhkg.assurance.coverage import check_ledger, check_source
from vhkg.assurance.faults import Fault
from vhkg.assurance.gaps import Gap, Meeting, check_gaps
from vhkg.assurance.wellformed import check_declarations, check_readings, ontology_files
from vhkg.decision.evaluation import Evaluator
from vhkg.errors import KnowledgeError
from vhkg.knowledge.graph import Graph, local_name
from vhkg.model.content import Content, Statement
from vhkg.model.table import DecisionTable
from vhkg.resources import KnowledgeFiles

KNOWLEDGE_SHAPES = "shapes/knowledge.ttl"
_OF_QUOTATIONS = ("sha256", "encoding", "span", "quotation", "prefix", "suffix", "span-hash", "line", "title")


class Check(msgspec.Struct, frozen=True):
    """One check. `ran` is false where it needs what was not given: that is neither a fault nor a pass."""

    name: str
    summary: str
    faults: tuple[Fault, ...] = ()
    ran: bool = True

    @property
    def ok(self) -> bool:
        return not self.faults


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """`clinical_claims` are the quoted claims that are no headings; `sources` counts by standing."""

    passages: int
    claims: int
    clinical_claims: int
    uncited_clinical_claims: int
    modelled: int
    deferred: int
    out_of_scope: int
    recommendations: int
    readings: int
    silences: int
    sources: dict[str, int]


class KnowledgeReport(msgspec.Struct, frozen=True, kw_only=True):
    """`meetings` are where something is recommended while something is advised against: to be seen, no faults."""

    version: str
    digest: str
    checks: tuple[Check, ...]
    gaps: tuple[Gap, ...]
    meetings: tuple[Meeting, ...]
    counts: Counts

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    def check(self, name: str) -> Check:
        """The check of this name; KeyError if there is none."""
        return {check.name: check for check in self.checks}[name]


def check_knowledge(
    files: KnowledgeFiles, content: Content, table: DecisionTable, source: bytes | None
) -> KnowledgeReport:
    """Run every check on knowledge that has been compiled. `source` is a copy of the article, if there is one.

    Imports rdflib and pyshacl.
    """
    found = check_gaps(table, content)
    faults = check_ledger(content) if source is None else check_source(content, source)
    counts = count(content)
    return KnowledgeReport(
        version=content.version,
        digest=files.digest,
        checks=(
            _consistency(table, content.article.gap),
            _shapes(files),
            _terms(files),
            _coverage([fault for fault in faults if fault.check not in _OF_QUOTATIONS], counts, source is not None),
            _quotations([fault for fault in faults if fault.check in _OF_QUOTATIONS], content, source is not None),
            Check(
                "gaps",
                _summary(f"{len(found.gaps)} kinds of presentation without a branch, named", found.faults),
                found.faults,
            ),
        ),
        gaps=found.gaps,
        meetings=found.meetings,
        counts=counts,
    )


def count(content: Content) -> Counts:
    statements = content.statements.values()
    clinical = [statement for statement in statements if is_clinical_claim(content, statement)]
    dispositions = Counter(statement.disposition for statement in statements)
    return Counts(
        passages=sum(not statement.part_of for statement in statements),
        claims=sum(bool(statement.part_of) for statement in statements),
        clinical_claims=len(clinical),
        uncited_clinical_claims=sum(not statement.citations for statement in clinical),
        modelled=dispositions["modelled"],
        deferred=dispositions["deferred"],
        out_of_scope=dispositions["out-of-scope"],
        recommendations=len(content.recommendations),
        readings=len(content.readings),
        silences=len(content.silences),
        sources=dict(sorted(Counter(source.standing for source in content.sources.values()).items())),
    )


def is_clinical_claim(content: Content, statement: Statement) -> bool:
    """A claim that is quoted, and no heading: headings give claims their place and claim nothing."""
    wholes = [content.statements[name] for name in statement.part_of if name in content.statements]
    return bool(wholes and statement.quote) and not any(whole.kind == "Heading" for whole in wholes)


def _consistency(table: DecisionTable, gap: str) -> Check:
    """`gap` is the class of presentations without a branch: that none can be of it is no fault."""
    evaluator = Evaluator(table)
    faults = []
    if not evaluator.consistent(evaluator.facts(())):
        faults.append(Fault("consistency", "the axioms", "no presentation is possible", "find the axioms that clash"))
    for conflict in table.conflicts:
        if len(conflict) == 1:
            impossible = "present" if conflict[0] > 0 else "absent"
            fault = f"can never be {impossible}"
            faults.append(Fault("consistency", evaluator.atom(conflict[0]).name, fault, "correct the axioms about it"))
    for name, goal in sorted(table.goals.items()):
        if not goal.yes and name != gap:
            faults.append(Fault("satisfiable", name, "no presentation can be of this kind", "correct its definition"))
        if not goal.no:
            faults.append(Fault("tautology", name, "every presentation is of this kind", "correct its definition"))
    return Check("consistency", _summary(f"{len(table.goals)} classes can hold and can fail", faults), tuple(faults))


def _shapes(files: KnowledgeFiles) -> Check:
    from vhkg.validation.oracle import validate_knowledge

    if KNOWLEDGE_SHAPES not in files.ontology:
        raise KnowledgeError("the shapes of the knowledge are missing", file=KNOWLEDGE_SHAPES, mend="restore the file")
    report = validate_knowledge(ontology_files(files.ontology), files.ontology[KNOWLEDGE_SHAPES])
    faults = [
        Fault(local_name(result.shape), local_name(result.focus_node), _failing(result.result_path), result.message)
        for result in report.results
    ]
    return Check("shapes", _summary(f"the knowledge conforms to {len(report.hits)} shapes", faults), tuple(faults))


def _failing(path: str) -> str:
    return f"does not conform at {local_name(path)}" if path else "does not conform"


def _terms(files: KnowledgeFiles) -> Check:
    graph = Graph.parse(ontology_files(files.ontology))
    faults = (*check_declarations(files.ontology), *check_readings(graph))
    return Check("terms", _summary("terms are declared once, and name the readings they rest on", faults), faults)


def _coverage(faults: Sequence[Fault], counts: Counts, compared: bool) -> Check:
    total = f"{counts.passages} passages and {counts.claims} claims have a disposition"
    text = f"{total}, and account for every character" if compared else total
    return Check("coverage", _summary(text, faults), tuple(faults))


def _quotations(faults: Sequence[Fault], content: Content, compared: bool) -> Check:
    if not compared:
        return Check("quotations", "not compared: give a copy of the article with --source", tuple(faults), ran=False)
    quoted = sum(bool(statement.quote) for statement in content.statements.values())
    return Check("quotations", _summary(f"{quoted} quotations agree to the character", faults), tuple(faults))


def _summary(text: str, faults: Sequence[Fault]) -> str:
    """What holds, or how many faults say that it does not."""
    if not faults:
        return text
    return f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
