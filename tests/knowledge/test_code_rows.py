"""Rows of code lists and their companion tables: what they mean, and the file, line and mend of every fault."""

from __future__ import annotations

import pytest

from vhkg.errors import InputError
from vhkg.knowledge.code_rows import CodeRows
from vhkg.knowledge.tables import Table
from vhkg.model.coded import CodeTables, Meaning, Reading, Site, Unit
from vhkg.model.vocabulary import FindingTerm, Vocabulary

BASE = "https://example.org/terms#"
FINDINGS = {name: FindingTerm(name, BASE + name, "lesion", "hasFinding") for name in ("Redness", "Swelling")}
STATUSES = {BASE + word.capitalize(): word for word in ("present", "absent", "unknown")}
IRIS = {name: BASE + name for name in (*FINDINGS, "Score", "Present", "Absent", "Unknown")}
VOCABULARY = Vocabulary(frozenset(), frozenset(), frozenset(), STATUSES, FINDINGS)
SNOMED = "http://snomed.info/sct"
KNOWN = CodeTables(
    systems={
        "http://snomed.info/id/": SNOMED,
        SNOMED: SNOMED,
        "SCT": SNOMED,
        "https://list.example/": "https://list.example",
        "L": "https://list.example",
    },
    prefixes={SNOMED: "SCT"},
    meanings={"https://list.example|any": (Meaning(term="Redness", site_kind="skin"),)},
    answers={"https://list.example|no": "absent"},
    readings={"Condition.status|refuted": Reading.DENIED, "Condition.status|wrong": Reading.DROPPED},
    zero_denies={"Score": ("Redness",)},
    elements={"fhir|Condition": "read"},
)
MAP = '#curie_map: {t: "https://example.org/terms#", X: "https://x.example/codes#", L: "https://list.example/"}\n'
CODES = "subject_id\tpredicate_id\tobject_id\tpredicate_modifier\trequires_site\tfinding_status\n"
EXACT = "skos:exactMatch"


def read(text: str) -> CodeTables:
    rows = CodeRows(KNOWN, VOCABULARY, IRIS)
    rows.read(Table("a.tsv", text.encode(), InputError))
    return rows.tables


def code(subject: str, predicate: str, target: str, *rest: str) -> str:
    return "\t".join((subject, predicate, target, *rest, *("",) * (3 - len(rest)))) + "\n"


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    message = str(caught.value)
    assert message.startswith("a.tsv, line ")
    assert message.count("; ") == 1
    return message


@pytest.mark.parametrize(
    ("predicate", "modifier", "if_present", "if_absent"),
    [
        ("skos:exactMatch", "", True, True),
        ("skos:closeMatch", "", True, True),
        ("skos:broadMatch", "", True, False),
        ("skos:narrowMatch", "", False, True),
        ("skos:relatedMatch", "", False, False),
        ("skos:exactMatch", "Not", False, False),
        ("skos:broadMatch", "Not", False, False),
    ],
)
def test_what_a_relation_carries(predicate: str, modifier: str, if_present: bool, if_absent: bool) -> None:
    found = read(MAP + CODES + code("X:1", predicate, "t:Redness", modifier))
    expected = Meaning(term="Redness", if_present=if_present, if_absent=if_absent)
    assert found.meanings["https://x.example/codes|1"] == (expected,)


def test_a_file_makes_its_prefixes_known() -> None:
    found = read(MAP + CODES + code("X:1", EXACT, "t:Redness"))
    system = "https://x.example/codes"
    assert {found.systems[each] for each in ("X", system, f"{system}#")} == {system}
    assert found.shown(f"{system}|1") == "X:1"
    assert found.token("X", "1") == f"{system}|1"


def test_the_tables_given_stay_as_they_are() -> None:
    read(MAP + CODES + code("X:1", EXACT, "t:Redness"))
    assert "X" not in KNOWN.systems
    assert set(KNOWN.meanings) == {"https://list.example|any"}


def test_a_prefix_that_is_known_need_not_be_declared() -> None:
    text = '#curie_map: {t: "https://example.org/terms#"}\n' + CODES + code("SCT:22298006", EXACT, "t:Redness")
    assert f"{SNOMED}|22298006" in read(text).meanings


@pytest.mark.parametrize(
    ("iri", "subject", "token"),
    [
        ("urn:a:", "H:1", "urn:a:|1"),
        ("urn:oid:1.2.36", "H:x1", "urn:oid:1.2.36|x1"),
        ("https://h.example/", "H:a/b", "https://h.example|a/b"),
        ("https://h.example", "H:1", "https://h.example|1"),
        ("http://snomed.info/", "H:id/22298006", f"{SNOMED}|22298006"),
        ("http://snomed.info/sct", "H:22298006", f"{SNOMED}|22298006"),
        ("https://list.example/", "L:any", "https://list.example|any"),
    ],
)
def test_codes_are_known_by_their_system_however_it_is_written(iri: str, subject: str, token: str) -> None:
    prefix = subject.partition(":")[0]
    text = f'#curie_map: {{t: "{BASE}", {prefix}: "{iri}"}}\n{CODES}{code(subject, EXACT, "t:Swelling")}'
    assert Meaning(term="Swelling") in read(text).meanings[token]


def test_one_code_may_mean_two_terms() -> None:
    found = read(MAP + CODES + code("X:1", EXACT, "t:Swelling") + code("X:1", EXACT, "t:Redness"))
    assert [each.term for each in found.meanings["https://x.example/codes|1"]] == ["Redness", "Swelling"]


def test_a_later_file_stands_in_place_of_an_earlier_one_code_by_code() -> None:
    rows = CodeRows(KNOWN, VOCABULARY, IRIS)
    for modifier in ("", "Not"):
        rows.read(Table("a.tsv", (MAP + CODES + code("X:1", EXACT, "t:Redness", modifier)).encode(), InputError))
    (meaning,) = rows.tables.meanings["https://x.example/codes|1"]
    assert (meaning.if_present, meaning.if_absent) == (False, False)


@pytest.mark.parametrize("predicate", ["skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch"])
@pytest.mark.parametrize("required", ["", "elsewhere"])
def test_a_site_that_is_required_stays_required(predicate: str, required: str) -> None:
    for prefix, iri in (("L", "https://list.example/"), ("M", "https://list.example"), ("N", "https://list.example#")):
        header = f'#curie_map: {{t: "{BASE}", {prefix}: "{iri}"}}\n'
        found = read(header + CODES + code(f"{prefix}:any", predicate, "t:Redness", "", required))
        assert [each.site_kind for each in found.meanings["https://list.example|any"]] == ["skin"]


def test_a_code_of_any_site_is_that_of_the_term_where_its_site_is_required() -> None:
    found = read(MAP + CODES + code("X:1", "skos:narrowMatch", "t:Redness", "", "skin"))
    assert found.meanings["https://x.example/codes|1"] == (Meaning(term="Redness", site_kind="skin"),)


@pytest.mark.parametrize(
    ("target", "word"), [("t:Present", "present"), ("t:Absent", "absent"), ("t:Unknown", "unknown")]
)
def test_answers(target: str, word: str) -> None:
    assert read(MAP + CODES + code("X:1", EXACT, target)).answers["https://x.example/codes|1"] == word


@pytest.mark.parametrize(
    ("predicate", "modifier"), [("skos:relatedMatch", ""), ("skos:broadMatch", ""), (EXACT, "Not")]
)
def test_what_is_not_the_answer_is_none(predicate: str, modifier: str) -> None:
    assert "https://list.example|no" not in read(MAP + CODES + code("L:no", predicate, "t:Absent", modifier)).answers


def test_the_companion_tables() -> None:
    assert read(f"{MAP}site\tsite_label\tlesion\tkind\nX:a\tarm\tA\tskin\n").sites == {
        "https://x.example/codes|a": Site(lesion="A", kind="skin")
    }
    assert read(f"{MAP}measure\tunit\tfactor\tminimum\tmaximum\nScore\tX:u\t0.5\t0\t20\n").units == {
        "Score|https://x.example/codes|u": Unit(factor=0.5, minimum=0, maximum=20)
    }
    readings = read("element\tfield\tcode\treading\nCondition\tstatus\tmaybe\tsuspected\n").readings
    assert readings["Condition.status|maybe"] is Reading.SUSPECTED
    assert read("finding\tsuspected_as\nRedness\tSwelling\n").suspected == {"Redness": "Swelling"}
    assert read("format\telement\treading\nfhir\tGadget\tirrelevant\n").elements["fhir|Gadget"] == "irrelevant"
    systems = "system\tprefix\tiri_prefixes\tcurie_prefixes\tread_from\n"
    found = read(f"{systems}https://y.example\tY\thttps://y.example/ http://y.example/\tYY WHY\t0.5\n")
    assert {found.systems[each] for each in ("Y", "YY", "WHY", "http://y.example/")} == {"https://y.example"}
    assert (found.prefixes["https://y.example"], found.read_from["https://y.example"]) == ("Y", 0.5)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            code("X:1", EXACT, "t:Rednes"),
            "line 3: t:Rednes is no finding, intervention, measure or answer; did you mean Redness.",
        ),
        (code("X:1", EXACT, "t:Xyzzy"), "t:Xyzzy is no finding, intervention, measure or answer; see `vhkg terms`"),
        (code("t:Redness", EXACT, "X:1"), "X:1 is no finding, intervention, measure or answer"),
        (code("Z:1", EXACT, "t:Redness"), "'Z:1' cannot be expanded; add its prefix to the curie_map."),
        (code("X:1", EXACT, "z:Redness"), "'z:Redness' cannot be expanded; add its prefix to the curie_map."),
        (code("1", EXACT, "t:Redness"), "'1' cannot be expanded"),
        (code("X:", EXACT, "t:Redness"), "'X:' cannot be expanded"),
        (code("", EXACT, "t:Redness"), "'' cannot be expanded"),
        (
            code("SCT:22298007", EXACT, "t:Redness"),
            "SCT:22298007 has a wrong check digit; read the id again in its source.",
        ),
        (code("SCT:22-8", EXACT, "t:Redness"), "SCT:22-8 has a wrong check digit"),
        (code("X:1", "exactMatch", "t:Redness"), "exactMatch is no mapping relation; take one of the five of SKOS."),
        (code("X:1", "owl:sameAs", "t:Redness"), "owl:sameAs is no mapping relation"),
        (code("X:1", EXACT, "t:Redness", "not"), "'not' is no predicate modifier; write nothing, Not."),
        (code("X:1", EXACT, "t:Redness", "NOT"), "'NOT' is no predicate modifier"),
        (code("X:1", EXACT, "t:Redness", "", "", "no"), "'no' is no finding status; write nothing, present, absent."),
        (code("X:1", EXACT, "t:Redness", "Not", "", "absent"), "a row that says Not states no finding"),
        (code("X:1", EXACT, "t:Redness") * 2, "line 4: X:1 is mapped to t:Redness twice; leave one row."),
        (
            code("X:1", EXACT, "t:Present") + code("X:1", EXACT, "t:Absent"),
            "line 4: X:1 says present already, not absent",
        ),
        (code("L:no", EXACT, "t:Present"), "L:no says absent already, not present; correct the answer."),
        ("X:1\tskos:exactMatch\tt:Redness\n", "there are 3 cells for 6 columns"),
    ],
)
def test_a_bad_row_of_a_code_list(row: str, says: str) -> None:
    assert says in refusal(MAP + CODES + row)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: these are not the columns of a code list; start from `vhkg template codes`."),
        ("code,finding\nX:1,Redness\n", "these are not the columns of a code list"),
        ("subject_id\tobject_id\nX:1\tt:Redness\n", "these are not the columns of a code list"),
        ("site\tlesion\tkind\nX:a\t\t\n", "line 2: 'X:a' cannot be expanded"),
        (f"{MAP}measure\tunit\tfactor\tminimum\tmaximum\nRedness\tX:u\t1\t0\t10\n", "line 3: Redness is no measure"),
        (
            f"{MAP}measure\tunit\tfactor\tminimum\tmaximum\nScore\tX:u\t1\tnone\t10\n",
            "'none' is no number; correct the minimum.",
        ),
        (
            f"{MAP}measure\tunit\tfactor\tminimum\tmaximum\nScore\tX:u\tnan\t0\t10\n",
            "'nan' is no number; correct the factor.",
        ),
        (f"{MAP}measure\tunit\tfactor\tminimum\tmaximum\nScore\tX:u\t1\t0\t1e999\n", "'1e999' is no number"),
        ("finding\tsuspected_as\nRedness\tRednes\n", "Rednes is no finding"),
        ("element\tfield\tcode\treading\nCondition\tstatus\tx\tyes\n", "'yes' is no reading; write asserted, denied,"),
        (
            "element\tfield\tcode\treading\nCondition\tstatus\trefuted\tasserted\n",
            "refuted is read as denied, which stays so",
        ),
        (
            "element\tfield\tcode\treading\nCondition\tstatus\twrong\tuncertain\n",
            "wrong is read as dropped, which stays so",
        ),
        (
            "format\telement\treading\nfhir\tCondition\tirrelevant\n",
            "line 2: Condition is read already; remove the row.",
        ),
        ("format\telement\treading\nfhir\tGadget\tskip\n", "'skip' is no reading"),
        (
            "system\tprefix\tiri_prefixes\tcurie_prefixes\tread_from\nhttps://y.example\tSCT\t\t\t\n",
            "SCT already stands for another system; write it once.",
        ),
        (
            "system\tprefix\tiri_prefixes\tcurie_prefixes\tread_from\nhttps://y.example\tY\thttp://snomed.info/id/\t\t\n",
            "http://snomed.info/id/ already stands for another system",
        ),
        (
            "system\tprefix\tiri_prefixes\tcurie_prefixes\tread_from\nhttps://y.example\tY\t\t\tmuch\n",
            "'much' is no number",
        ),
        (
            f'#curie_map: {{SCT: "https://x.example/"}}\n{CODES}',
            f"line 1: the prefix SCT stands for {SNOMED} already; take another prefix.",
        ),
        (f"#curie_map: {{X: [a]}}\n{CODES}", "the curie_map gives no IRI for X"),
        (f"#curie_map: {{X: }}\n{CODES}", "the curie_map gives no IRI for X"),
        (f"#curie_map: {{X: codes}}\n{CODES}", "the curie_map gives no IRI for X"),
    ],
)
def test_a_bad_table(text: str, says: str) -> None:
    assert says in refusal(text)


def test_a_denial_may_be_said_again() -> None:
    text = "element\tfield\tcode\treading\nCondition\tstatus\trefuted\tdenied\n"
    assert read(text).readings["Condition.status|refuted"] is Reading.DENIED
