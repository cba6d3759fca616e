"""The Patient page over HTTP, without a script: what is asked, what is answered, and what is refused."""

from __future__ import annotations

import datetime
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.server.canaries import broken, tainted
from tests.server.conftest import KETTLE
from tests.server.pages.markup import MARKUP, SHOWN, Page, hostile
from tests.server.pages.patient_support import FOUR, Rows, fields, marks, pieces
from tests.server.test_canaries import clean
from tests.support import ROOT, shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.rendering.text import render_text
from vhkg.server.app import create_app
from vhkg.server.pages.patient_answering import Answering
from vhkg.server.pages.patient_facts import Entry, Subject
from vhkg.server.pages.patient_form import Asked
from vhkg.server.service import Service, Settings

CONTENT = shipped().content
FRAGMENT = {"VHKG-Fragment": "answer"}
BUNDLE = (ROOT / "docs" / "examples" / "bundle.json").read_bytes()
COHORT = (ROOT / "docs" / "examples" / "cohort.csv").read_bytes()
HEADER = "patient,presentation,finding,status,date\n"


@pytest.fixture(scope="module")
def kettle() -> Iterator[TestClient]:
    with TestClient(create_app(Service(Knowledge.load(str(KETTLE)), Settings(hosts=("testserver",))))) as found:
        yield found


def drop(client: TestClient, content: bytes, name: str = "p.csv", **data: str) -> str:
    reply = client.post("/", files={"file": (name, content)}, data=data)
    assert reply.status_code == 200, reply.text
    return reply.text


def table(*rows: str) -> bytes:
    return (HEADER + "".join(f"{row}\n" for row in rows)).encode()


# --- the empty page


def test_nothing_is_preset_and_every_finding_has_a_row(client: TestClient) -> None:
    html = client.get("/").text
    rows = Rows(html)
    Page(html, "/")
    assert set(rows.radios) - {"audience"} == {f"f.{name}" for name in CONTENT.findings}
    assert rows.facts == {}
    for name, finding in CONTENT.findings.items():
        assert rows.radios[f"f.{name}"] == ["present", "absent", "", "unknown"]
        assert f"d.{name}" in rows.fields
        row = html[html.index(f'<li class="fact" id="fact-{name}"') :].partition("</li>")[0]
        assert finding.definition in Page(row + "</li>", "/").text or f"#silence-{finding.undefined_in}" in row
        assert ("The article does not define this" in row) == bool(finding.undefined_in)


def test_groups_stand_in_the_order_of_the_knowledge(client: TestClient) -> None:
    html = client.get("/").text
    places = [html.index(f'id="fact-{each.name}"') for each in sorted(CONTENT.findings.values(), key=lambda f: f.order)]
    by_group: dict[str, list[int]] = {}
    for finding, place in zip(sorted(CONTENT.findings.values(), key=lambda f: f.order), places, strict=True):
        by_group.setdefault(finding.group, []).append(place)
    assert all(group == sorted(group) for group in by_group.values())
    assert [group[0] for group in by_group.values()] == sorted(group[0] for group in by_group.values())


# --- the same words as in the terminal


@pytest.mark.parametrize("name", FOUR)
def test_the_page_says_what_the_terminal_says(client: TestClient, name: str) -> None:
    html = client.post("/", data=fields(FOUR[name]), headers=FRAGMENT).text
    note = re.search(r"(?s)<textarea[^>]*>(.*?)</textarea>", html)
    without = re.sub(r'(?s)<textarea.*?</textarea>|<section class="algorithm".*?</section>', "", html)
    shown = re.sub(r"\s+", " ", Page(without, "/").text.translate({0x201C: None, 0x201D: None, 0x22: None})).lower()
    found = client.post("/", data=fields(FOUR[name]) | {"download": "txt"})
    lines = [line for line in found.text.splitlines() if line.strip()]
    assert note is not None
    assert Page(note[0], "/").text.split() == found.text.split()
    wide = wide_text(name)
    assert wide.split() == found.text.split(), "lines are wrapped and nothing else"
    told = list(pieces(wide))
    assert len(told) > 30
    assert [piece for piece in told if piece.lower() not in shown] == []
    assert not any("--" in line for line in lines), "no option of a command"


def wide_text(name: str) -> str:
    """The text of the terminal, one line for each paragraph."""
    changes = {}
    for finding, value in FOUR[name].items():
        status, _, day = value.partition("@")
        changes[finding] = Entry(status, datetime.date.fromisoformat(day))
    document = Answering(shipped()).document(Asked(subject=Subject(changes=changes)))
    return render_text(document, CONTENT, width=100_000, commands=False)


def test_for_and_against_are_blocks_of_their_own(client: TestClient) -> None:
    html = client.post("/", data=fields(FOUR["b"]), headers=FRAGMENT).text
    for_, against = (re.search(rf'(?s)<section class="{name}".*?</section>', html) for name in ("for", "against"))
    assert for_ is not None
    assert against is not None
    cautions = {each.name for each in CONTENT.recommendations if each.direction == "against"}
    named = [re.findall(r'id="recommendation-(\w+)"', each[0]) for each in (for_, against)]
    assert set(named[1]) == cautions
    assert not cautions & set(named[0])
    orders = {each.name: (each.kind == "surgical-option", each.order) for each in CONTENT.recommendations}
    assert named[0] == sorted(named[0], key=lambda name: orders[name]), "the article's order, whatever the status"


def test_a_card_opens_its_sources_reasons_and_sentences(client: TestClient) -> None:
    html = client.post("/", data=fields(FOUR["a"]), headers=FRAGMENT).text
    card = re.search(
        r'(?s)<article class="card recommendation" id="recommendation-TransarterialEmbol.*?</article>', html
    )
    assert card is not None
    text = Page(card[0], "/").text
    source = CONTENT.sources["2"]
    assert "cites 2 only" in text
    assert f"2 {source.standing}: {source.candidate} (confidence: {source.confidence})" in text
    assert source.basis in text
    assert re.search(r"Why why .*local back pain \(2 Nov 2026\)", text)
    assert "reading intraosseous: intraosseous means no extraosseous extension" in text
    number = re.search(r"All sentences \((\d+)\)", text)
    assert number is not None
    assert card[0].count("?sentence=") == int(number[1]) == card[0].count('href="/article#')


# --- changes


def test_a_fact_set_by_a_question_says_what_it_did_and_is_taken_back(client: TestClient) -> None:
    before = client.post("/", data=fields(FOUR["b"])).text
    after = client.post("/", data=Rows(before).button("set", "SpinalInstability=absent")).text
    assert Rows(after).facts["SpinalInstability"] == "absent"
    undo = re.search(r'(?s)<p class="undo">.*?</p>', after)
    assert undo is not None
    assert "Spinal instability set to absent: embolization followed by laminectomy applies." in Page(undo[0], "/").text
    again = client.post("/", data=Rows(after).button("set", "SpinalInstability")).text
    assert Rows(again).facts == Rows(before).facts


def test_a_row_changed_by_hand_says_what_it_did(client: TestClient) -> None:
    sent = fields(FOUR["c"] | {"NeurologicalDeficit": "absent@2026-11-06"})
    html = client.post("/", data=sent | {"was": "NeurologicalDeficit="}, headers=FRAGMENT).text
    assert "Neurological deficit set to absent: " in html
    assert 'name="set" value="NeurologicalDeficit="' in html


def test_a_reading_shows_what_it_would_do_before_it_does_it(client: TestClient) -> None:
    html = client.post("/", data=fields(FOUR["a"])).text
    text = Page(html, "/").text
    assert "4 of 9 readings matter here" in text
    assert "Read so, +1 percutaneous vertebroplasty stands." in text
    flipped = client.post("/", data=Rows(html).button("read", "CandidacyReading=")).text
    shown = Page(flipped, "/").text
    line = (
        "candidacy is read as: candidacy guides radiation therapy only (CandidacyReading=CandidacyGuidesRadiationOnly"
    )
    assert line in shown
    assert Rows(flipped).fields["r.CandidacyReading"] == "CandidacyGuidesRadiationOnly"
    assert "First line in the article: percutaneous vertebroplasty." in shown
    back = client.post("/", data=Rows(flipped).button("read", "CandidacyReading=")).text
    assert "r.CandidacyReading" not in Rows(back).fields
    assert "Candidacy is now read as: not a candidate excludes vertebroplasty" in Page(back, "/").text


def test_what_changes_nothing_is_dimmed_and_says_so(client: TestClient) -> None:
    told = marks(client.post("/", data=fields(FOUR["a"]), headers=FRAGMENT).text)
    assert told["SpinalStenosis"] == "changes nothing now"
    assert "changes nothing now" not in told["VertebroplastyCandidacy"]
    assert told["Pain"].startswith("present: this follows from what is recorded")


def test_words_for_patients_are_those_of_the_terminal(client: TestClient) -> None:
    data = fields(FOUR["a"]) | {"audience": "patient"}
    text = Page(client.post("/", data=data, headers=FRAGMENT).text, "/").text
    for line in client.post("/", data=data | {"download": "txt"}).text.replace("\n      ", " ").splitlines()[3:20]:
        assert re.sub(r"\s+", " ", line).strip(" -!") in text
    assert "Percutaneous vertebroplasty IF" not in text


def test_start_again_leaves_nothing(client: TestClient) -> None:
    html = client.post("/", data=fields(FOUR["a"]) | {"clear": "1"}).text
    assert Rows(html).facts == {}
    assert Rows(html).fields["held"] == ""


# --- a file


def test_a_bundle_fills_the_rows_says_where_from_and_what_it_did_not_understand(client: TestClient) -> None:
    html = drop(client, BUNDLE, "bundle.json")
    rows, told, text = Rows(html), marks(html), Page(html, "/").text
    assert rows.facts == {
        "VertebralHemangioma": "present@2026-02-20",
        "BackPain": "present@2026-03-01",
        "NeurologicalDeficit": "absent@2026-03-01",
        "ExtraosseousExtension": "absent@2026-02-20",
    }
    expected = "from the file: Observation/deficit · vhkg:NeurologicalDeficit · absent, 1 Mar 2026"
    assert told["NeurologicalDeficit"] == expected
    assert text.index("Not understood, or not used unmapped https://hospital.example") < text.index("Answer First line")


def test_what_a_file_said_stays_while_rows_are_changed(client: TestClient) -> None:
    first = Rows(drop(client, BUNDLE, "bundle.json"))
    html = client.post("/", data=first.fields | {"f.NeurologicalDeficit": "present"}).text
    rows, told = Rows(html), marks(html)
    assert rows.facts["NeurologicalDeficit"] == "present", "the day was that of what the file says"
    assert told["NeurologicalDeficit"].startswith("changed here; the file: Observation/deficit")
    assert told["BackPain"].startswith("from the file: Condition/pain")
    assert "bundle.json, changed by hand · patient ann · lesion L2 · vertebral hemangioma WITH" in Page(html, "/").text
    back = client.post(
        "/", data=rows.fields | {"f.NeurologicalDeficit": "absent", "d.NeurologicalDeficit": "2026-03-01"}
    )
    assert Rows(back.text).facts == first.facts
    assert marks(back.text)["NeurologicalDeficit"].startswith("from the file")


def test_a_file_of_several_lesions_is_a_table_first_and_then_the_one_chosen(client: TestClient) -> None:
    html = drop(client, COHORT, "cohort.csv")
    rows = Rows(html)
    answers = shipped().recommend(str(ROOT / "docs" / "examples" / "cohort.csv"))
    assert [value for name, value in rows.buttons if name == "at"] == [
        f"{patient}.{lesion}"
        for patient, group in enumerate(dict.fromkeys(each.patient for each in answers))
        for lesion in range(sum(each.patient == group for each in answers))
    ]
    head = Page(html[html.index('<section class="head"') : html.index('<section class="ask"')], "/").text
    assert "patientlesionverdictfirst question" in head
    assert "bT7first line: surgical decompression with preoperative embolizationIs there spinal instability?" in head
    assert rows.facts == {}
    chosen = client.post("/", data=rows.button("at", "6.0")).text
    assert "cohort.csv · patient g · lesion L1 ·" in Page(chosen, "/").text
    assert Rows(chosen).facts == {
        "VertebralHemangioma": "present@2026-11-10",
        "NeurologicalDeficit": "unknown@2026-11-10",
    }
    changed = client.post("/", data=Rows(chosen).fields | {"f.BackPain": "present"}).text
    assert "patient g · lesion L1" in Page(changed, "/").text
    assert "Choose a lesion" in client.post("/", data=Rows(changed).button("at", "")).text


def test_a_fact_of_the_patient_goes_with_every_lesion_and_one_without_a_lesion_with_none(client: TestClient) -> None:
    rows = ("p,T7,VertebralHemangioma,present,", "p,T9,VertebralHemangioma,present,", "p,,Pregnancy,present,")
    html = drop(client, table(*rows, "p,,BackPain,present,"), "p.csv")
    chosen = client.post("/", data=Rows(html).button("at", "0.1")).text
    assert Rows(chosen).facts == {"VertebralHemangioma": "present", "Pregnancy": "present"}
    assert marks(chosen)["BackPain"].startswith("recorded without a lesion")
    assert "Which lesion does this concern: local back pain?" in Page(chosen, "/").text
    settled = client.post("/", data=Rows(chosen).fields | {"f.BackPain": "present"}).text
    assert "Which lesion" not in Page(settled, "/").text
    assert "BackPain" in Rows(settled).facts


def test_conflicts_and_what_is_superseded_or_later_stand_below_their_rows(client: TestClient) -> None:
    rows = (
        "p,,VertebralHemangioma,present,2026-01-02", "p,,BackPain,present,2026-03-01", "p,,BackPain,absent,2026-03-01",
        "p,,NeurologicalDeficit,absent,2026-01-01", "p,,NeurologicalDeficit,present,2026-02-01",
        "p,,SpinalStenosis,present,2026-09-01",
    )  # fmt: skip
    html = drop(client, table(*rows), **{"as-of": "2026-04-01"})
    told = marks(client.post("/", data=Rows(html).fields | {"as-of": "2026-04-01"}).text)
    assert "the file says several things" in told["BackPain"]
    assert "set aside: cannot hold together with local back pain" in told["BackPain"]
    assert "superseded: neurological deficit absent (1 Jan 2026)" in told["NeurologicalDeficit"]
    assert told["SpinalStenosis"].startswith("after the as-of date, not used")
    assert "BackPain" not in Rows(html).facts
    settled = client.post("/", data=Rows(html).fields | {"f.BackPain": "absent", "as-of": "2026-04-01"}).text
    assert "set aside" not in marks(settled)["BackPain"]
    assert Rows(settled).facts["BackPain"] == "absent"


def test_another_day_changes_no_row_by_itself(client: TestClient) -> None:
    rows = (
        "p,,VertebralHemangioma,present,2026-01-02",
        "p,,BackPain,absent,2026-01-02",
        "p,,BackPain,present,2026-05-01",
    )
    html = drop(client, table(*rows))
    assert Rows(html).facts["BackPain"] == "present@2026-05-01"
    earlier = client.post("/", data=Rows(html).fields | {"as-of": "2026-02-01"}).text
    assert Rows(earlier).facts["BackPain"] == "absent@2026-01-02"
    assert "changed" not in marks(earlier)["BackPain"]
    later = client.post("/", data=Rows(earlier).fields | {"as-of": ""}).text
    assert Rows(later).facts["BackPain"] == "present@2026-05-01"
    assert "changed" not in marks(later)["BackPain"]


def test_a_record_that_does_not_conform_is_not_used_and_says_why(client: TestClient) -> None:
    turtle = b"""@prefix : <https://w3id.org/vhkg/ontology#> . <urn:ex:p> a :Patient ; :hasPresentation <urn:ex:l> .
        <urn:ex:l> a :Presentation ; :hasAssessment <urn:ex:a> . <urn:ex:a> a :Assessment ; :ofFinding :BackPain ."""
    html = drop(client, turtle, "p.ttl")
    for shown in (html, client.post("/", data=Rows(html).fields | {"f.BackPain": "present"}).text):
        assert "The record cannot be used" in Page(shown, "/").text
        assert '<pre class="violations">Violation: ' in shown
        assert Rows(shown).facts == {}
        assert '<fieldset class="all" disabled>' in shown


@pytest.mark.parametrize("content", [b"", b"nothing", b"\xff\x00", b"<!DOCTYPE a>"])
def test_a_file_that_cannot_be_read_leaves_the_page_as_it_was(client: TestClient, content: bytes) -> None:
    reply = client.post("/", data=fields(FOUR["a"]), files={"file": ("p.csv", content)})
    assert reply.status_code == 422
    assert "The file was not read." in reply.text
    assert Rows(reply.text).facts == FOUR["a"]


def test_nothing_of_a_broken_file_is_repeated(client: TestClient) -> None:
    refused = 0
    for sent in itertools.islice(itertools.chain(broken(), tainted()), 0, None, 11):
        reply = client.post("/", files={"file": (f"Zqmiller {sent.name}", sent.content)}, headers=FRAGMENT)
        assert reply.status_code < 500
        if reply.status_code != 200:
            refused += 1
            assert clean(reply.text), sent
    assert refused > 10


# --- links, downloads, reports


def test_a_link_leads_to_the_same_facts_and_readings(client: TestClient) -> None:
    html = client.post("/", data=fields(FOUR["a"])).text
    flipped = client.post("/", data=Rows(html).button("read", "CandidacyReading=")).text
    link = re.search(r'id="permalink" href="#([^"]*)"', flipped)
    assert link is not None
    assert "2026-11" not in link[1]
    opened = client.post("/", data={"link": link[1].replace("&amp;", "&")}, headers=FRAGMENT).text
    assert Rows(opened).fields["r.CandidacyReading"] == "CandidacyGuidesRadiationOnly"
    stated = dict(re.findall(r'data-finding="(\w+)" data-status="(\w+)"', opened))
    assert {name: stated[name] for name in FOUR["a"]} == {
        name: each.partition("@")[0] for name, each in FOUR["a"].items()
    }
    assert "other knowledge" not in opened


def test_a_link_of_other_knowledge_says_so_and_what_is_gone(client: TestClient) -> None:
    html = client.post("/", data={"link": "k=0123456789ab&f=BackPain.p,Gone<b>.p"}, headers=FRAGMENT).text
    text = Page(html, "/").text
    assert "made under other knowledge (digest 0123456789ab). That knowledge is not loaded" in text
    assert "Not in this knowledge, and left out: Gone<b>.p." in text


@pytest.mark.parametrize("form", ["json", "ttl", "csv"])
def test_what_is_downloaded_is_what_the_command_prints(client: TestClient, form: str) -> None:
    html = drop(client, BUNDLE, "bundle.json")
    reply = client.post("/", data=Rows(html).fields | {"download": form})
    api = client.post(
        "/api/recommend",
        files={"file": ("bundle.json", BUNDLE)},
        headers={"Accept": reply.headers["content-type"].partition(";")[0]},
    )
    assert reply.text == api.text
    assert reply.headers["content-disposition"] == f'attachment; filename="answer.{form}"'
    if form == "json":
        assert json.loads(reply.text)["answers"][0]["patient"] == "ann"


def test_a_report_on_a_sentence_holds_nothing_of_a_patient(client: TestClient) -> None:
    name = next(each for each in CONTENT.statements if CONTENT.statements[each].quote)
    html = client.get(f"/?sentence={name}").text
    text = Page(html, "/").text
    assert f"Sentence {name}" in text
    assert CONTENT.statements[name].quote in text
    assert shipped().compiled.digest in text
    assert 'href="mailto:?subject=' in html, "no address is invented"
    assert client.get("/?sentence=Zqmill").status_code == 404
    assert clean(client.get("/?sentence=Zqmill", headers={"Accept": "text/html"}).text)


# --- hostile and foreign


def test_a_file_says_its_names_as_text(client: TestClient) -> None:
    name = '"<script>alert(1)</script><b onclick=x>"'
    html = drop(client, table(f"{name},{name},BackPain,present,2026-01-02"), "<img src=x onerror=y>.csv")
    page = Page(html, "/")
    assert "patient <script>alert(1)</script><b onclick=x> · lesion <script>" in page.text
    assert "<img src=x onerror=y>.csv · patient" in page.text
    assert not {"img", "b"} & (set(page.tags) - {"b"})
    assert page.tags.count("script") == 1
    again = client.post("/", data=Rows(html).fields | {"f.BackPain": "absent"}).text
    assert Page(again, "/").tags.count("script") == 1


def test_knowledge_that_is_markup_is_shown_as_text(tmp_path: Path) -> None:
    knowledge = Knowledge.load(str(hostile(tmp_path)))
    with TestClient(create_app(Service(knowledge, Settings(hosts=("testserver",))))) as client:
        first = next(iter(knowledge.content.findings))
        for data in (
            {"audience": "clinician"},
            {f"f.{first}": "present"},
            {f"f.{first}": "present", "audience": "patient"},
        ):
            page = Page(client.post("/", data=data).text, "/")
            assert SHOWN in page.text
            assert page.tags.count("script") == 1
            assert "img" not in page.tags
            assert not any(name.startswith("on") or name == "style" for name, _ in page.attributes if name != "onerror")
            assert not any(MARKUP in value for _, value in page.attributes)


def test_it_is_about_whatever_knowledge_is_loaded(kettle: TestClient) -> None:
    html = kettle.post("/", data={"f.Crust": "present", "f.SlowBoiling": "present"}).text
    text = Page(html, "/").text
    assert "First line" in text
    assert "Vinegar" in text
    assert "hemangioma" not in text.lower()


@pytest.mark.parametrize(
    "data",
    [
        {"f.Zqmill": "present"},
        {"d.Zqmill": "2026-01-01"},
        {"f.BackPain": "Zqmill"},
        {"f.BackPain": "present", "d.BackPain": "Zqmill"},
        {"r.Zqmill": "Zqmill"},
        {"r.CandidacyReading": "Zqmill"},
        {"read": "Zqmill"},
        {"read": "CandidacyReading=Zqmill"},
        {"set": "Zqmill"},
        {"set": "Zqmill=present"},
        {"set": "BackPain=Zqmill"},
        {"was": "BackPain=present@Zqmill"},
        {"as-of": "Zqmill"},
        {"held": "Zqmill"},
        {"held": '{"file":"Zqmill","patients":[["p",[["","",[]]],[]]]}', "at": "7.7"},
        {"held": '{"file":"Zqmill","patients":[["p",[["","",[]]],[]]]}', "at": "Zqmill"},
        {"audience": "Zqmill"},
        {"download": "Zqmill"},
        {"link": "Zqmill"},
    ],
)
def test_what_the_page_does_not_send_is_refused_without_being_repeated(
    client: TestClient, data: dict[str, str]
) -> None:
    reply = client.post("/", data=data, headers=FRAGMENT | {"Accept": "text/html"})
    assert reply.status_code == 400
    assert clean(reply.text)


@pytest.mark.parametrize(
    ("size", "classes"),
    [("phone", ["phone"]), ("column", ["column"]), ("", ["phone", "column"]), ("wide", ["phone", "column"])],
)
def test_the_picture_is_in_the_size_that_is_asked_for(client: TestClient, size: str, classes: list[str]) -> None:
    facts = {f"f.{name}": status for name, status in (("VertebralHemangioma", "present"), ("BackPain", "present"))}
    found = client.post("/", data=facts, headers=FRAGMENT | {"VHKG-Picture": size})
    assert re.findall(r'class="map-picture map-(\w+)"', found.text) == classes
    whole = client.post("/", data=facts, headers={"VHKG-Picture": size})
    assert len(re.findall(r'class="map-picture ', whole.text)) == 2, "without a script it may be shown at any size"
