"""A second, invented article by data alone: no Python knows it, every command works on it, the first is as before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.support import vhkg
from tests.evidence import record
from tests.states import random_states
from tests.support import ROOT, shipped
from tests.whole_cases import Case, differences, read_cases
from vhkg.answering.compiled import targets
from vhkg.answering.knowledge import Knowledge
from vhkg.assurance.agreement import Disagreement, Subject
from vhkg.assurance.certificate import certify
from vhkg.assurance.report import check_knowledge
from vhkg.auditing import audit
from vhkg.decision.compilation import compile_table
from vhkg.decision.evaluation import Evaluator
from vhkg.decision.theory import read_theory
from vhkg.knowledge.graph import Graph
from vhkg.model.audit import AuditLabel
from vhkg.model.content import Content
from vhkg.model.table import DecisionTable
from vhkg.reasoner.hermit import HermitReference
from vhkg.rendering.jsonout import render_json

FOLDER = ROOT / "tests" / "data" / "articles" / "tide-clocks"
DEMO = str(FOLDER / "ontology" / "examples" / "demo.csv")
OPTION = ("--knowledge", str(FOLDER))
SECOND = Knowledge.load(str(FOLDER))
CASES = read_cases(FOLDER / "cases")


def _own_names(content: Content) -> set[str]:
    """Local names of findings, interventions, classes, plans and individuals."""
    names = {*content.findings, *content.classes, *content.plans, *content.outcomes, *content.readings}
    names |= {*content.decisions, *(each.name for each in content.recommendations)}
    return names | {silence.name for silence in content.silences} | {limit.name for limit in content.limits}


def _python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def test_no_python_file_mentions_one_of_its_terms() -> None:
    names = _own_names(SECOND.content) - _own_names(shipped().content)
    assert len(names) > 90
    word = re.compile(rf"\b(?:{'|'.join(sorted(names))})\b")
    found = {
        f"{path.relative_to(ROOT)}: {hit}"
        for path in _python_files("vhkg", "tests", "benchmarks")
        for hit in word.findall(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_it_has_more_atoms_than_a_machine_word_and_uses_the_last() -> None:
    atoms = SECOND.compiled.table.atoms
    assert len(atoms) > 64
    beyond = {atom.name for atom in atoms[64:]}
    used = {row.split(",")[2] for case in CASES for row in case.patient.read_text(encoding="utf-8").splitlines()[1:]}
    assert beyond & used


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    assert differences(case, SECOND) == []


def test_every_recommendation_is_in_force_in_some_case() -> None:
    reached = {
        name
        for case in CASES
        for wanted in case.expected.values()
        for name, status in wanted["statuses"].items()
        if status in ("applies", "advised-against")
    }
    assert reached == {recommendation.name for recommendation in SECOND.content.recommendations}


def test_all_checks_hold_against_its_text() -> None:
    text = (FOLDER / "article.txt").read_bytes()
    report = check_knowledge(SECOND.files, SECOND.content, SECOND.compiled.table, text)
    assert [str(fault) for check in report.checks for fault in check.faults] == []
    assert report.gaps


COMMANDS = [
    ("demo",),
    ("recommend", DEMO),
    ("recommend", "--brief", DEMO),
    ("recommend", "--full", DEMO),
    ("recommend", "--audience", "patient", DEMO),
    *(("recommend", "--format", form, DEMO) for form in ("json", "jsonl", "ttl", "csv")),
    ("recommend", "--reading", "what cannot be oiled means=it leads to winding only", DEMO),
    ("recommend", "--as-of", "2026-11-01", DEMO),
    ("explain", DEMO),
    ("validate", DEMO),
    ("validate", "--format", "ttl", DEMO),
    ("audit", DEMO),
    ("query",),
    ("query", "sands-and-oils"),
    ("query", "treatments-for-patient", "--data", DEMO),
    ("query", "treatments-for-patient", "--data", DEMO, "--engine", "rdflib"),
    ("query", "tensions"),
    ("query", "outcomes-of-interventions"),
    ("query", "strength-and-certainty"),
    ("terms",),
    ("terms", "reading"),
    ("template", "csv"),
    ("template", "ttl"),
    ("export", "--format", "html"),
    ("export", "--format", "jsonld"),
    ("export", "--format", "plandefinition"),
    ("check",),
    ("check", "--source", str(FOLDER / "article.txt")),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_works_and_says_nothing_of_the_first_article(command: tuple[str, ...]) -> None:
    found = vhkg(*command, *OPTION)
    assert (found.code, found.err) == (0, "")
    assert found.out
    said = found.out.lower()
    for word in _words_of_the_first():
        assert word not in said, word


def _words_of_the_first() -> Iterator[str]:
    """Labels of its findings and interventions that ours has not, its title, disclaimer and review status."""
    content = shipped().content
    ours = " ".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.ttl")).lower()
    labels = {finding.label.lower() for finding in content.findings.values()}
    yield from sorted(label for label in labels if label not in ours and len(label) > 4)
    yield from (content.article.title.lower(), content.article.disclaimer.lower(), "hemangioma", "vertebr")
    yield content.article.review_status.lower()


@pytest.mark.hermit
def test_hermit_decides_what_it_recommends() -> None:
    found = vhkg("recommend", "--reasoner", "hermit", DEMO, *OPTION)
    assert (found.code, found.err) == (0, "")


def test_its_treatments_are_audited() -> None:
    rows = [
        {"patient": "c", "presentation": "w", "finding": finding, "status": status, "date": "2026-01-01"}
        for finding, status in json.loads((FOLDER / "audited.json").read_text(encoding="utf-8"))["known"].items()
    ]
    given = json.loads((FOLDER / "audited.json").read_text(encoding="utf-8"))["given"]
    for name, label in given.items():
        done = {"patient": "c", "presentation": "w", "finding": name, "status": "present", "date": "2026-01-02"}
        (patient,) = SECOND.read([*rows, done])
        (entry,) = audit(SECOND, patient).entries
        assert entry.label == label
    assert set(given.values()) >= {AuditLabel.FIRST_LINE, AuditLabel.OTHER_OPTION, AuditLabel.NOT_NAMED}


def test_its_own_shape_is_checked_by_both_validators() -> None:
    rows = [{"patient": "c", "finding": CASES[0].patient.read_text(encoding="utf-8").splitlines()[1].split(",")[2],
             "status": "present"}]  # fmt: skip
    (patient,) = SECOND.read(rows)
    messages = [result.message for result in patient.report.results]
    assert any(message.startswith("Keepers write the day") for message in messages)
    assert patient.report.conforms


@pytest.mark.hermit
def test_its_table_is_what_hermit_says() -> None:
    files = {name: text for name, text in SECOND.files.ontology.items() if name.endswith(".ttl")}
    subject = Subject(read_theory(Graph.parse(files)), targets(SECOND.content), SECOND.compiled.table)
    wrong: list[Disagreement] = []
    cases = 0
    with HermitReference(files, bridge="jpype") as hermit:
        for found in certify(subject, hermit, most_atoms=12, random_cases=500):
            cases += found.agreement.cases
            wrong += found.agreement.disagreements
    record(
        "second-article-agreement",
        "all",
        cases=cases,
        disagreements=wrong,
        command="pytest tests/test_second_article.py",
        digest=SECOND.compiled.digest,
    )
    assert wrong == []


def _answers(knowledge: Knowledge) -> str:
    cases = read_cases()
    found = [answer for case in cases for answer in knowledge.recommend(case.patient, readings=case.readings)]
    return render_json(knowledge.document(found))


def test_using_it_changes_no_answer_of_the_first() -> None:
    before = _answers(Knowledge.load())
    for case in CASES:
        Knowledge.load(str(FOLDER)).recommend(case.patient, readings=case.readings)
    assert _answers(Knowledge.load()) == before


def _named(table: DecisionTable, goal: str) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    def names(literals: tuple[int, ...]) -> frozenset[str]:
        return frozenset(f"{'+' if x > 0 else '-'}{table.atoms[abs(x) - 1].name}" for x in literals)

    found = table.goals[goal]
    return {names(row.literals) for row in found.yes}, {names(row.literals) for row in found.no}


def test_with_both_in_one_ontology_each_decides_as_alone() -> None:
    """Prime implicants are canonical: the same rows for every goal mean the same status for every record."""
    both = {f"second/{name}": text for name, text in SECOND.files.ontology.items()} | shipped().files.ontology
    files = {name: text for name, text in both.items() if name.endswith(".ttl") and "shapes" not in name}
    theory = read_theory(Graph.parse({n: t for n, t in files.items() if n != "second/vhkg.ttl"}))
    for knowledge in (shipped(), SECOND):
        table = compile_table(theory, targets(knowledge.content))
        for goal in knowledge.compiled.table.goals:
            assert _named(table, goal) == _named(knowledge.compiled.table, goal)
    merged = compile_table(theory, targets(shipped().content))
    evaluator, alone = Evaluator(merged), shipped().decider.evaluator
    assert len(merged.atoms) > 128
    for literals in random_states(shipped().decider, shipped().compiled.table, 200, seed=5):
        facts = evaluator.facts(evaluator.literal(alone.atom(literal).name, literal > 0) for literal in literals)
        own = alone.facts(literals)
        assert all(evaluator.holds(goal, facts) == alone.holds(goal, own) for goal in merged.goals)


def test_two_articles_in_one_folder_are_refused_in_one_sentence(tmp_path: Path) -> None:
    for source in (ROOT / "ontology", FOLDER / "ontology"):
        for path in source.glob("*.ttl"):
            (tmp_path / f"{source.parent.name}-{path.name}").write_bytes(path.read_bytes())
    found = vhkg("terms", "--knowledge", str(tmp_path))
    assert found.code == 4
    assert found.err.count("\n") == 1
    assert "Traceback" not in found.err
