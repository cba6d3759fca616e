"""The report says what is in the tables, counted here from the answers themselves, one by one."""

from __future__ import annotations

import itertools
import json
import os
import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vhkg.rendering
from tests.cli.support import called
from tests.cohort.generator import Form, alone, generate
from tests.cohort.generator import write as generated
from tests.cohort.written import TableRows, random_answers, tables_of, with_end, write
from tests.patients.many_formats.codes import write_codes
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cohort.report import LISTED, report
from vhkg.cohort.rows import Cell, outcome
from vhkg.errors import InputError, UsageError
from vhkg.intake import Document, document
from vhkg.model.answer import Answer, RecommendationAnswer, Status, Verdict
from vhkg.model.cohort import OUTCOMES, CodeCount, CohortReport, Refused
from vhkg.model.source_report import Fate
from vhkg.rendering.jsonout import cohort_schema, render_cohort_json

COMMITTED = Path(vhkg.rendering.__file__).parent / "cohort-report.schema.json"
FATES = {"unmapped": 12, "read": 345, "refused": 0, "irrelevant": 1}
OPEN = (Status.PROVISIONAL, Status.UNDETERMINED)


INVALID = b"""@prefix v: <https://w3id.org/vhkg/ontology#> .
<urn:x:bad> a v:Patient ; v:hasPresentation <urn:x:bad1> , <urn:x:bad2> .
<urn:x:bad1> a v:Presentation ; v:hasAssessment <urn:x:a1> .
<urn:x:bad2> a v:Presentation ; v:hasAssessment <urn:x:a2> .
<urn:x:a1> a v:Assessment ; v:ofFinding v:BackPain .
<urn:x:a2> a v:Assessment ; v:ofFinding v:BackPain .
"""


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    decided = [
        {"patient": "clear", "finding": finding, "status": "present", "date": "2026-11-02"}
        for finding in ("VertebralHemangioma", "NeurologicalDeficit")
    ]
    invalid = shipped().recommend(document("bad.ttl", INVALID))
    return [*random_answers(80), *shipped().recommend(decided), *invalid]


@pytest.fixture(scope="module")
def made(answers: list[Answer], tmp_path_factory: pytest.TempPathFactory) -> CohortReport:
    folder = write(tmp_path_factory.mktemp("cohort") / "out [1]*", tables_of(answers))
    return report(folder, shipped(), inputs=["a.nt"], fates=FATES)


def reported(tmp_path: Path, rows: TableRows) -> CohortReport:
    return report(write(tmp_path / "out", rows), shipped(), inputs=(), fates={})


def lesion(patient: str, presentation: str, outcome_: str, file: str = "a.nt") -> dict[str, Cell]:
    verdict = {"outside": "gap", "undetermined": "undecided", "decided": "provisional"}.get(outcome_, outcome_)
    return with_end(
        "patients", file=file, patient=patient, presentation=presentation, outcome=outcome_, verdict=verdict, flags=""
    )


def test_the_cohort_has_every_outcome(answers: list[Answer]) -> None:
    assert {outcome(answer.verdict.value) for answer in answers} == set(OUTCOMES)


def test_attrition_counts_every_presentation_once(answers: list[Answer], made: CohortReport) -> None:
    counted = Counter(outcome(answer.verdict.value) for answer in answers)
    assert {each.name: each.presentations for each in made.attrition} == {
        "read": len(answers),
        "refused": None,
        **{name: counted[name] for name in OUTCOMES},
    }
    assert made.presentations == len(answers)


def test_attrition_counts_every_patient_once(answers: list[Answer], made: CohortReport) -> None:
    furthest: defaultdict[str, int] = defaultdict(int)
    for answer in answers:
        furthest[answer.patient] = max(furthest[answer.patient], OUTCOMES.index(outcome(answer.verdict.value)))
    counted = Counter(furthest.values())
    assert {each.name: each.patients for each in made.attrition} == {
        "read": len(furthest),
        "refused": 0,
        **{name: counted[place] for place, name in enumerate(OUTCOMES)},
    }


@pytest.mark.parametrize(
    ("outcomes", "counted"),
    [
        (("invalid",), "invalid"),
        (("contradictory", "invalid"), "contradictory"),
        (("outside", "contradictory"), "outside"),
        (("outside", "undetermined"), "undetermined"),
        (("decided", "outside", "undetermined"), "decided"),
    ],
)
def test_a_patient_counts_under_the_last_outcome_that_a_lesion_reached(
    outcomes: tuple[str, ...], counted: str, tmp_path: Path
) -> None:
    rows = [lesion("p", f"T{place}", each) for place, each in enumerate(outcomes)]
    found = reported(tmp_path, {"patients": rows})
    patients = {each.name: each.patients for each in found.attrition}
    assert patients == {"read": 1, "refused": 0, **dict.fromkeys(OUTCOMES, 0), counted: 1}


def test_patients_of_two_files_are_two(tmp_path: Path) -> None:
    rows = [lesion("p", "T1", "decided", file=file) for file in ("a.nt", "b.nt")]
    assert reported(tmp_path, {"patients": rows}).patients == 2


def test_only_patients_of_whom_nothing_was_read_are_refused(tmp_path: Path) -> None:
    refused = [
        with_end("refused", file=file, patient=patient, message=message)
        for file, patient, message in (
            ("a.nt", "read", "an entry is wrong"),
            ("a.nt", "gone", "first"),
            ("a.nt", "gone", "second"),
            ("b.nt", "read", "another patient of that name"),
            ("a.nt", "", "line 7 is no record"),
        )
    ]
    found = reported(tmp_path, {"patients": [lesion("read", "", "decided")], "refused": refused})
    assert {each.name: each.patients for each in found.attrition}["refused"] == 2
    assert (found.refused, found.refused_unnamed) == (5, 1)
    assert found.refusals[0] == Refused(file="a.nt", patient="", message="line 7 is no record")


def test_what_is_asked_is_counted_as_in_the_answers(answers: list[Answer], made: CohortReport) -> None:
    asked: Counter[str] = Counter()
    decides: Counter[str] = Counter()
    opens: Counter[str] = Counter()
    settled: Counter[str] = Counter()
    for answer in answers:
        open_ = [each for each in answer.recommendations if each.status in OPEN]
        asked.update({fact.finding for each in open_ for row in (*each.confirm, *each.refute) for fact in row})
        decides.update({name for each in open_ for name in holding(each) | failing(each)})
        if answer.verdict is Verdict.UNDECIDED:
            treatments = [each for each in open_ if each.kind == "treatment" and each.direction == "for"]
            opens.update({name for each in treatments for name in holding(each)})
        settled.update(name for each in open_ for name in holding(each) | failing(each))
    assert {each.finding: each.presentations for each in made.ask} == dict(asked)
    assert {each.finding: each.decides for each in made.ask} == {name: decides[name] for name in asked}
    assert {each.finding: each.opens for each in made.ask} == {name: opens[name] for name in asked}
    assert {each.finding: each.answers for each in made.ask} == {name: settled[name] for name in asked}
    ranks = [(-each.opens, -each.answers) for each in made.ask]
    assert ranks == sorted(ranks)
    assert made.ask[0].opens


def holding(given: RecommendationAnswer) -> set[str]:
    """Findings that alone could make a recommendation hold."""
    return set() if given.not_addressed else {row[0].finding for row in given.confirm if len(row) == 1}


def failing(given: RecommendationAnswer) -> set[str]:
    return {row[0].finding for row in given.refute if len(row) == 1}


def test_statuses_are_counted_as_in_the_answers(answers: list[Answer], made: CohortReport) -> None:
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    readings: Counter[str] = Counter()
    for given_ in (given_ for answer in answers for given_ in answer.recommendations):
        counted[given_.id][given_.status.value] += 1
        readings[given_.id] += not given_.holds_under_every_reading
    assert {each.recommendation: each.statuses for each in made.recommendations} == dict(counted)
    assert {each.recommendation: each.rest_on_reading for each in made.recommendations} == dict(readings)
    known = {each.name: each for each in shipped().content.recommendations}
    for each in made.recommendations:
        own = known[each.recommendation]
        assert (each.label, each.line, each.direction) == (own.label, own.line, own.direction)
    orders = [known[each.recommendation].order for each in made.recommendations]
    assert orders == sorted(orders)


def test_ages_are_counted_as_in_the_answers(answers: list[Answer], made: CohortReport) -> None:
    ages: list[tuple[int | None, bool]] = []
    for answer in answers:
        for given_ in answer.recommendations:
            if given_.status in OPEN or not given_.because:
                continue
            days = [fact.date for reason in given_.because for fact in reason]
            known = [day for day in days if day is not None]
            whole = known and len(known) == len(days) and answer.as_of is not None
            age = (answer.as_of - min(known)).days if whole and answer.as_of else None
            ages.append((age, given_.status is not Status.DOES_NOT_APPLY))
    assert sum(each.answers for each in made.ages) == len(ages)
    for each in made.ages:
        low, high = each.days_from, each.days_to
        own = [
            force
            for age, force in ages
            if (age is None if low is None else age is not None and low <= age and (high is None or age <= high))
        ]
        assert (each.answers, each.in_force) == (len(own), sum(own))
    assert sum(1 for each in made.ages if each.answers) > 2
    assert made.stale_after_days in {each.days_to for each in made.ages}


def test_an_answer_that_rests_on_no_fact_has_no_age(tmp_path: Path) -> None:
    given_ = {"status": "applies", "recommendation": "r", "confirm": "", "refute": "", "questions": ""}
    rows = [with_end("answers", because=because, **given_) for because in ("", "A=present")]
    found = reported(tmp_path, {"answers": rows})
    assert [each.answers for each in found.ages if each.answers] == [1]
    assert found.ages[-1].answers == 1


def test_the_classes_of_age_leave_no_gap(made: CohortReport) -> None:
    *dated, undated = made.ages
    assert (undated.days_from, undated.days_to) == (None, None)
    assert dated[0].days_from == 0
    assert dated[-1].days_to is None
    for before, after in itertools.pairwise(dated):
        assert before.days_to is not None
        assert after.days_from == before.days_to + 1


def test_results_of_validation_are_counted_by_message(answers: list[Answer], made: CohortReport) -> None:
    rows = {(answer.file, answer.patient, result) for answer in answers for result in answer.violations}
    results = Counter((result.severity, result.message) for _, _, result in rows)
    named = {(file, patient, result.severity, result.message) for file, patient, result in rows}
    patients = Counter((severity, message) for _, _, severity, message in named)
    assert {(each.severity, each.message): each.results for each in made.faults} == dict(results)
    assert {(each.severity, each.message): each.patients for each in made.faults} == dict(patients)
    assert made.faults[0].severity == "Violation"


def test_conflicts_are_counted(answers: list[Answer], made: CohortReport) -> None:
    with_conflict = [answer for answer in answers if answer.conflicts]
    assert with_conflict
    assert made.set_aside.presentations == len(with_conflict)
    assert made.set_aside.patients == len({answer.patient for answer in with_conflict})


def test_unmapped_codes_are_summed_over_files_and_cut(tmp_path: Path) -> None:
    rows = [with_end("unmapped", file="a.nt", code=f"x:{place:03}", entries=1) for place in range(LISTED + 5)]
    rows += [with_end("unmapped", file=file, code="x:often", entries=40) for file in ("a.nt", "b.nt")]
    found = reported(tmp_path, {"unmapped": rows})
    assert found.unmapped[0] == CodeCount(code="x:often", entries=80, files=2)
    assert (len(found.unmapped), found.unmapped_codes) == (LISTED, LISTED + 6)


def test_no_table_has_a_row(tmp_path: Path) -> None:
    found = reported(tmp_path, {})
    assert (found.patients, found.presentations, found.ask, found.recommendations) == (0, 0, (), ())
    assert not any(each.answers for each in found.ages)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_neither_the_order_of_rows_nor_their_parts_matter(seed: int) -> None:
    source = random.Random(seed)
    rows = tables_of(random_answers(6, first=seed))
    mixed = {table: source.sample(list(each), len(each)) for table, each in rows.items()}
    with tempfile.TemporaryDirectory() as folder:
        one = report(write(Path(folder) / "one", rows), shipped(), inputs=(), fates={})
        other = report(write(Path(folder) / "other", mixed), shipped(), inputs=(), fates={})
    assert render_cohort_json(one) == render_cohort_json(other)


def test_what_was_chosen_and_read_is_told(tmp_path: Path) -> None:
    reading = next(iter(shipped().content.readings.values()))
    other = next(option.name for option in reading.alternatives if option.name != reading.default)
    folder = write(tmp_path / "out", {})
    found = report(folder, shipped(), inputs=["a", "b"], fates={}, readings={reading.name: other})
    assert found.inputs == ("a", "b")
    assert found.readings[reading.name] == other
    assert len(found.readings) == len(shipped().content.readings)
    assert found.knowledge.digest == shipped().compiled.digest
    assert found.disclaimer == shipped().content.article.disclaimer


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"knowledgeDigest": "f" * 64}, r"the tables are of knowledge .* \(ffffffffffff\), not "),
        ({"knowledgeVersion": "1999-01-01"}, r"the tables are of knowledge 1999-01-01 "),
        ({"schemaVersion": "0.9"}, r"the tables have the schema 0\.9, not "),
    ],
)
@pytest.mark.parametrize("table", ["patients", "unmapped", "refused"])
def test_tables_of_another_knowledge_are_refused(
    table: str, changed: dict[str, str], said: str, tmp_path: Path
) -> None:
    rows = [with_end(table) | changed, with_end(table)]
    with pytest.raises(UsageError, match=said) as refused:
        reported(tmp_path, {table: rows})
    assert str(refused.value).count("\n") == 0


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no tables of a cohort"):
        report(tmp_path, shipped(), inputs=(), fates={})


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "out", {"patients": [lesion("p", "", "decided")]})
    (part,) = (folder / "patients").iterdir()
    part.write_bytes(part.read_bytes()[:-9])
    with pytest.raises(InputError, match="the tables cannot be asked") as refused:
        report(folder, shipped(), inputs=(), fates={})
    assert str(folder) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_became_of_entries_is_in_the_order_of_the_fates_and_only_what_occurs(made: CohortReport) -> None:
    assert [(each.fate, each.entries) for each in made.entries] == [
        (Fate.READ, 345), (Fate.UNMAPPED, 12), (Fate.IRRELEVANT, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("form", [Form.CODED_CSV, Form.FHIR_BUNDLES, Form.PHENOPACKETS, Form.OMOP, Form.TURTLE])
def test_a_run_counts_entries_as_the_reader_does(tmp_path: Path, form: Form) -> None:
    codes = write_codes(tmp_path)
    path = generated(generate(41, 20, faulty=0), form, tmp_path)
    options = [text for code in codes for text in ("--codes", str(code))]
    done = called("cohort", str(path), "-o", str(tmp_path / "out"), "--workers", "1", *options)
    assert (done.code, done.err) == (0, "")
    made = msgspec.json.decode((tmp_path / "out" / "report.json").read_bytes(), type=CohortReport)
    knowledge = Knowledge.load(codes=list(map(str, codes)))
    files: Sequence[Path | Document] = [path]
    if form in (Form.FHIR_BUNDLES, Form.PHENOPACKETS, Form.TURTLE):
        files = [alone(member, form) for member in generate(41, 20, faulty=0)]
    counted: Counter[Fate] = Counter()
    for file in files:
        found = knowledge.read_source(file).report
        counted.update({fate: found.total(fate) for fate in found.counts})
    assert {each.fate: each.entries for each in made.entries} == {fate: n for fate, n in counted.items() if n}
    assert made.entries


def test_committed_schema_is_the_generated_one() -> None:
    """After a change of the model, write it again with VHKG_UPDATE_GOLDEN=1."""
    if os.environ.get("VHKG_UPDATE_GOLDEN"):
        COMMITTED.write_text(json.dumps(cohort_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == cohort_schema()


def test_the_report_validates_and_reads_back(made: CohortReport) -> None:
    text = render_cohort_json(made)
    jsonschema.Draft202012Validator.check_schema(cohort_schema())
    jsonschema.validate(json.loads(text), cohort_schema())
    assert msgspec.json.decode(text.encode(), type=CohortReport) == made
    wrong = json.loads(text) | {"patients": "many"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, cohort_schema())
