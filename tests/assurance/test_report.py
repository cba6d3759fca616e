"""One report over all checks."""

from __future__ import annotations

import msgspec
import pytest

from vhkg.assurance.report import KNOWLEDGE_SHAPES, KnowledgeReport, check_knowledge
from vhkg.errors import KnowledgeError
from vhkg.model.checks import ValidationReport
from vhkg.model.compiled import CompiledKnowledge
from vhkg.model.table import Goal, Row
from vhkg.resources import KnowledgeFiles


@pytest.fixture
def shapes_taken_as_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """pyshacl takes seconds; two tests here run it."""
    met = ValidationReport(conforms=True, results=(), hits={"shape": 1})
    monkeypatch.setattr("vhkg.validation.oracle.validate_knowledge", lambda *_: met)


@pytest.fixture(scope="module")
def without_source(shipped: KnowledgeFiles, compiled: CompiledKnowledge) -> KnowledgeReport:
    return check_knowledge(shipped, compiled.content, compiled.table, None)


def test_without_a_source_quotations_are_not_compared(without_source: KnowledgeReport) -> None:
    assert without_source.ok
    assert [check.name for check in without_source.checks if not check.ran] == ["quotations"]
    assert without_source.check("coverage").summary == "75 passages and 97 claims have a disposition"


def test_counts(without_source: KnowledgeReport) -> None:
    counts = without_source.counts
    assert (counts.passages, counts.claims, counts.clinical_claims, counts.uncited_clinical_claims) == (75, 97, 63, 31)
    assert counts.modelled + counts.deferred + counts.out_of_scope == counts.passages + counts.claims
    assert counts.sources == {"candidate": 2, "unidentified": 2}


def test_the_report_names_the_knowledge(without_source: KnowledgeReport, shipped: KnowledgeFiles) -> None:
    assert without_source.digest == shipped.digest
    assert without_source.version


@pytest.mark.source
@pytest.mark.usefixtures("shapes_taken_as_met")
def test_with_the_source_everything_holds(shipped: KnowledgeFiles, compiled: CompiledKnowledge, article: bytes) -> None:
    report = check_knowledge(shipped, compiled.content, compiled.table, article)
    assert report.ok
    assert all(check.ran for check in report.checks)
    assert report.check("quotations").summary.endswith("agree to the character")


@pytest.mark.source
@pytest.mark.usefixtures("shapes_taken_as_met")
def test_an_altered_source_fails(shipped: KnowledgeFiles, compiled: CompiledKnowledge, article: bytes) -> None:
    altered = article.replace(b"12.5%", b"12.6%")
    report = check_knowledge(shipped, compiled.content, compiled.table, altered)
    assert not report.ok
    assert [check.name for check in report.checks if not check.ok] == ["quotations"]
    assert {fault.check for fault in report.check("quotations").faults} >= {"sha256", "quotation"}


@pytest.mark.usefixtures("shapes_taken_as_met")
def test_a_class_that_can_never_hold_or_fail_is_a_fault(shipped: KnowledgeFiles, compiled: CompiledKnowledge) -> None:
    goals = compiled.table.goals | {"Never": Goal("Never", (), (Row(()),)), "Always": Goal("Always", (Row(()),), ())}
    table = msgspec.structs.replace(compiled.table, goals=goals, conflicts=(*compiled.table.conflicts, (1,)))
    report = check_knowledge(shipped, compiled.content, table, None)
    found = {(fault.check, fault.place) for fault in report.check("consistency").faults}
    assert {("satisfiable", "Never"), ("tautology", "Always"), ("consistency", table.atoms[0].name)} <= found


def test_a_result_of_the_shapes_becomes_a_fault_with_its_mend(
    shipped: KnowledgeFiles, compiled: CompiledKnowledge
) -> None:
    name = "recommendations.ttl"
    data = shipped.ontology[name].replace(b":number 12.5 ;", b":number 13.5 ;")
    files = msgspec.structs.replace(shipped, ontology=shipped.ontology | {name: data})
    report = check_knowledge(files, compiled.content, compiled.table, None)
    fault, *others = report.check("shapes").faults
    assert not others
    assert (fault.check, fault.place) == ("OutcomeNumber", "CementLeakage")
    assert "give the number that the article prints" in fault.mend
    assert report.check("shapes").summary == "1 fault"


def test_knowledge_without_its_shapes_is_an_error(shipped: KnowledgeFiles, compiled: CompiledKnowledge) -> None:
    ontology = {name: data for name, data in shipped.ontology.items() if name != KNOWLEDGE_SHAPES}
    with pytest.raises(KnowledgeError, match="shapes of the knowledge"):
        check_knowledge(msgspec.structs.replace(shipped, ontology=ontology), compiled.content, compiled.table, None)
