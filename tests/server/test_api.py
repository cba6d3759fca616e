"""The bytes of the API are those of the commands, for a file of the same name and content."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

import vhkg as package
from tests.cli.support import DEMO, vhkg
from tests.server.canaries import BUNDLE, CSV, JSONLD, PACKET, TURTLE
from tests.server.conftest import KETTLE
from tests.support import shipped
from vhkg.answering.knowledge import Knowledge
from vhkg.cli.main import vhkg as command
from vhkg.rendering.jsonout import render_json
from vhkg.server.app import create_app
from vhkg.server.service import Service, Settings

OTHER = (
    "patient,presentation,finding,status,date\n"
    "ann,T9,VertebralHemangioma,present,2026-01-02\nann,T9,NeurologicalDeficit,present,2026-01-02\n"
    "ann,T9,NeurologicalDeficit,absent,2026-01-02\nbob,,Pregnancy,present,\nbob,,BackPain,present,2025-12-01\n"
)
INVALID = TURTLE.replace(":status :Present", ":status :Present , :Absent")
FILES: dict[str, str] = {
    "facts.csv": CSV,
    "other facts.csv": OTHER,
    "graph.ttl": TURTLE,
    "two-statuses.ttl": INVALID,
    "graph.jsonld": json.dumps(JSONLD),
    "bundle.json": json.dumps({**BUNDLE, "entry": BUNDLE["entry"][:1]}),
    "packet.json": json.dumps(PACKET),
}
FORMATS = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "ttl": "text/turtle",
    "csv": "text/csv",
    "text": "text/plain",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def post(client: TestClient, path: str, name: str, accept: str, **fields: object) -> bytes:
    sent = {"file": (name, FILES[name].encode(), "application/octet-stream")}
    reply = client.post(path, files=sent, data=fields, headers={"Accept": accept})
    assert reply.status_code == 200, reply.text
    return reply.content


@pytest.mark.parametrize("name", FILES)
def test_recommend_and_validate(client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """In one process, since a process for each would take a minute."""
    for form, accept in FORMATS.items():
        said = run_here(folder, monkeypatch, "recommend", name, "--format", form)
        assert post(client, "/api/recommend", name, accept).decode() == said
    for form in ("json", "ttl"):
        said = run_here(folder, monkeypatch, "validate", name, "--format", form)
        assert post(client, "/api/validate", name, FORMATS[form]).decode() == said
    said = run_here(folder, monkeypatch, "explain", name, "--format", "json", "--if", "BackPain=absent")
    assert post(client, "/api/explain", name, FORMATS["json"], **{"if": "BackPain=absent"}).decode() == said


def run_here(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> str:
    """Standard output of a command that is given the knowledge in place of loading it again."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "110")
    monkeypatch.setattr(package, "load", lambda *_, **__: shipped())
    return CliRunner().invoke(command, arguments, standalone_mode=False).stdout_bytes.decode()


def test_the_command_as_users_start_it(client: TestClient) -> None:
    sent = {"file": (DEMO, Path(DEMO).read_bytes(), "text/csv")}
    reply = client.post("/api/recommend", files=sent)
    run = vhkg("recommend", DEMO, "--format", "json")
    mine, theirs = reply.json(), json.loads(run.out)
    assert [each.pop("file") for each in mine["answers"]] == [Path(DEMO).name]
    assert [each.pop("file") for each in theirs["answers"]] == [DEMO]
    assert mine == theirs


def test_readings_and_days(client: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ("--reading", "candidacy=CandidacyGuidesRadiationOnly", "--as-of", "2026-01-02")
    said = run_here(folder, monkeypatch, "recommend", "facts.csv", "--format", "json", *given)
    fields = {"reading": "candidacy=CandidacyGuidesRadiationOnly", "as-of": "2026-01-02"}
    assert post(client, "/api/recommend", "facts.csv", "application/json", **fields).decode() == said
    raw = client.post("/api/recommend", content=CSV, headers={"Content-Type": "text/csv"}, params=fields)
    assert raw.text == said.replace('"facts.csv"', '"request.csv"')


def test_rows_are_a_table(client: TestClient) -> None:
    rows = [{"patient": "p", "finding": "BackPain", "status": "present", "date": "2026-01-02"}]
    reply = client.post("/api/recommend", json={"rows": rows, "asOf": "2026-01-03", "readings": {}})
    document = shipped().document(shipped().recommend(rows, as_of=datetime.date(2026, 1, 3)))
    assert reply.text == render_json(document)


def test_what_became_of_the_entries_is_said(client: TestClient) -> None:
    reply = client.post("/api/recommend", files={"file": ("b.json", FILES["packet.json"].encode())})
    assert reply.headers["vhkg-read"].startswith("phenopacket, 1 patient, ")


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/api/recommend", {"data": {"reading": "x"}}, 400),
        ("/api/recommend", {"files": {"file": ("a.csv", CSV)}, "data": {"if": "BackPain=absent"}}, 400),
        ("/api/explain", {"files": {"file": ("a.csv", CSV)}, "data": {"if": "BackPain=maybe"}}, 400),
        ("/api/explain", {"files": {"file": ("a.csv", CSV)}, "data": {"if": "Nothing=absent"}}, 400),
        ("/api/recommend", {"files": {"file": ("a.csv", CSV)}, "data": {"reading": "candidacy=x"}}, 400),
        ("/api/recommend", {"files": {"file": ("a.csv", CSV)}, "data": {"as-of": "yesterday"}}, 400),
        ("/api/recommend", {"content": b"", "headers": {"Content-Type": "text/csv"}}, 422),
        ("/api/recommend", {"content": b"x", "headers": {"Content-Type": "image/png"}}, 415),
        ("/api/recommend", {"content": CSV, "headers": {"Content-Type": "text/csv", "Accept": "image/png"}}, 406),
        ("/api/validate", {"content": CSV, "headers": {"Content-Type": "text/csv", "Accept": "text/csv"}}, 406),
        ("/api/recommend", {"json": {"rows": []}}, 422),
        ("/api/recommend", {"json": {"rows": [{"patient": 1}]}}, 422),
        ("/api/recommend", {"json": {"rows": [{"patient": "p"}], "more": 1}}, 422),
        ("/api/recommend", {"json": {"rows": [{"patient": "p"}], "asOf": "soon"}}, 400),
    ],
)
def test_refusals(client: TestClient, path: str, options: dict[str, object], status: int) -> None:
    reply = client.post(path, **options)  # type: ignore[arg-type]
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == status


DAYS = [f"20{year:02}-{month:02}-{day:02}" for year in range(20) for month in range(1, 13) for day in range(1, 22)]
MANY: dict[str, list[str]] = {
    "patients": [f"{number},,BackPain,present,\n" for number in range(201)],
    "lesions": [f"p,{number},BackPain,present,\n" for number in range(201)],
    "facts": [f"p,T9,BackPain,present,{day}\n" for day in DAYS[:5001]],
    "facts of a patient": [
        *(f"p,{number},BackPain,present,\n" for number in range(100)),
        *(f"p,,Pregnancy,absent,{day}\n" for day in DAYS[:50]),
    ],
}


@pytest.mark.parametrize("name", MANY)
def test_what_would_be_an_endless_answer(client: TestClient, name: str) -> None:
    """One row more than is answered at once."""
    header, headers = "patient,presentation,finding,status,date\n", {"Content-Type": "text/csv"}
    for path in ("/api/recommend", "/api/validate"):
        reply = client.post(path, content=header + "".join(MANY[name]), headers=headers)
        assert reply.status_code == 413
        assert "more than 200 lesions in it, or 5000 facts" in reply.json()["detail"]
    fewer = client.post("/api/validate", content=header + "".join(MANY[name][:-1]), headers=headers)
    assert fewer.status_code == 200


def test_terms(client: TestClient) -> None:
    every = client.get("/api/terms").json()["terms"]
    some = client.get("/api/terms", params={"q": "EMBOL"}).json()["terms"]
    assert 0 < len(some) < len(every)
    assert all(each in every for each in some)


def test_another_knowledge() -> None:
    kettle = Knowledge.load(str(KETTLE))
    example = KETTLE / "examples" / "demo.csv"
    with TestClient(create_app(Service(kettle, Settings(hosts=("testserver",))))) as client:
        reply = client.post("/api/recommend", files={"file": (example.name, example.read_bytes())})
        assert reply.json()["knowledge"]["digest"] == kettle.compiled.digest
        assert reply.json()["answers"]
