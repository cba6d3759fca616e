"""`vhkg serve` as users start and stop it."""

from __future__ import annotations

import http.client
import importlib.util
import json
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.cli.support import DEMO, vhkg
from tests.server.conftest import KETTLE, started
from vhkg.cli.main import vhkg as command
from vhkg.errors import UsageError

CASE = (
    "patient,presentation,finding,status,date\n"
    "ann,T9,VertebralHemangioma,present,2026-01-02\nann,T9,BackPain,present,2026-01-02\n"
    "ann,T9,NeurologicalDeficit,absent,2026-01-02\nann,T9,PercutaneousVertebroplasty,present,2026-02-02\n"
)


def get(base: str, path: str, **headers: str) -> tuple[int, bytes]:
    address = base.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_well_when_told_to(tmp_path: Path, how: signal.Signals) -> None:
    live = started(tmp_path)
    with socket.create_connection(live.base.removeprefix("http://").split(":")) as waiting:  # type: ignore[arg-type]
        waiting.sendall(b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert waiting.recv(12) == b"HTTP/1.1 200"
        live.process.send_signal(how)
        assert live.process.wait(30) == 0
    assert "Traceback" not in live.log


def test_ipv6_and_the_options(tmp_path: Path) -> None:
    """One start for all of them: another knowledge on IPv6, a further host name, an address for links."""
    options = ("--host", "::1", "--knowledge", str(KETTLE), "--allow-host", "kettle.example")
    live = started(tmp_path, *options, "--base", "https://kettle.example/", "--log-level", "info")
    try:
        assert live.base.startswith("http://[::1]:")
        status, page = get(live.base, "/about")
        assert status == 200
        assert b"furred kettle" in page
        assert get(live.base, "/about", Host="kettle.example")[0] == 200
        assert get(live.base, "/about", Host="other.example")[0] == 421
        status, described = get(live.base, "/api/openapi.json")
        assert json.loads(described)["servers"] == [{"url": "https://kettle.example"}]
    finally:
        live.process.send_signal(signal.SIGINT)
        assert live.process.wait(30) == 0


def test_data(tmp_path: Path) -> None:
    """The answers for the files, and the audits of them, can be asked."""
    file = tmp_path / "facts.csv"
    file.write_text(CASE, encoding="utf-8")
    live = started(tmp_path, "--data", str(file))
    try:
        for name in ("treatments-for-patient", "treatment-audit"):
            status, rows = get(live.base, f"/queries/{name}", Accept="application/json")
            assert status == 200
            run = vhkg("query", name, "--data", str(file), "--format", "json")
            assert rows.decode() == run.out
            assert json.loads(rows)["rows"]
    finally:
        live.process.send_signal(signal.SIGINT)
        assert live.process.wait(30) == 0


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = vhkg("serve", "--port", port)
    assert run.code == 2
    assert run.err == (
        f"vhkg: 127.0.0.1:{port}: nothing can listen there: address already in use; choose another --host or --port.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--host", "192.0.2.1", "--port", "0"), 2, "nothing can listen there"),
        (("--host", "no such host", "--port", "0"), 2, "nothing can listen there"),
        (("--port", "70000"), 2, "70000"),
        (("--data", "nowhere.csv"), 3, "nowhere.csv: there is no such file"),
        (("--knowledge", "nowhere"), 4, "nowhere"),
        (("--source", "nowhere.txt"), 3, "nowhere.txt"),
        (("--source", DEMO), 3, "sha256"),
    ],
)
def test_what_cannot_be_served(arguments: tuple[str, ...], code: int, words: str) -> None:
    run = vhkg("serve", *arguments)
    assert run.code == code
    assert words in run.err
    assert "Traceback" not in run.err


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec

    def without(name: str, *rest: Any) -> Any:
        return None if name in ("uvicorn", "python_multipart") else find(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", without)
    result = CliRunner().invoke(command, ["serve"], standalone_mode=False)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == (
        "serving needs uvicorn, python-multipart; install the extra: pip install 'vhkg[server]'."
    )
