"""docs/serve.md is true: its commands give what it shows, its options and limits are those that there are."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import pytest
from starlette.routing import Route

from tests.server.conftest import Live
from tests.support import ROOT, shipped
from vhkg.cli.serve import serve
from vhkg.intake.document import PATIENT_FILE_LIMIT
from vhkg.server.app import create_app
from vhkg.server.limits import PACE
from vhkg.server.service import Service, Settings

PAGE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ (.*?)```", PAGE, re.DOTALL)


class Curl(NamedTuple):
    """What a command sends; `saved`: its output goes to a file."""

    url: str
    options: dict[str, Any]
    saved: bool
    shown: str


def command(block: str) -> Curl:
    """Of curl's options those that the page uses; a quoted argument may go over several lines."""
    stream = io.StringIO(block)
    lexer = shlex.shlex(stream, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    arguments: list[str] = []
    while (token := lexer.get_token()) is not None:
        arguments.append(token)
        if block[stream.tell() - 1] == "\n":
            break
    shown = block[stream.tell() :]
    assert arguments.pop(0) == "curl"
    url, saved = "", False
    options: dict[str, Any] = {"headers": {}}
    rest = iter(arguments)
    for each in rest:
        if each == "-H":
            name, _, value = next(rest).partition(": ")
            options["headers"][name] = value
        elif each == "-F":
            name, _, value = next(rest).partition("=@")
            options["files"] = {name: (Path(value).name, (ROOT / value).read_bytes())}
        elif each in ("--data", "--data-binary"):
            text = next(rest)
            options["content"] = (ROOT / text[1:]).read_bytes() if text.startswith("@") else text.encode()
        elif each == "-o":
            saved = bool(next(rest))
        elif each != "-s":
            assert not url, each
            url = each
    return Curl(url.removeprefix("http://127.0.0.1:8000"), options, saved, shown)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_a_command_gives_what_is_shown(block: str, live: Live) -> None:
    asked = command(block)
    reply = httpx2.post(live.base + asked.url, **asked.options)
    if asked.saved:
        assert reply.status_code == 200
        assert reply.text
    else:
        assert reply.text.strip() == asked.shown.strip()


def test_there_are_commands() -> None:
    assert len(BLOCKS) >= 4


def test_every_option_is_there() -> None:
    for option in serve.params:
        for name in option.opts:
            assert f"`{name}" in PAGE
    for name in re.findall(r"`(--[a-z-]+)", PAGE):
        assert any(name in option.opts for option in serve.params) or name in ("--if", "--format"), name


def test_every_address_is_there() -> None:
    paths = {route.path for route in create_app(Service(shipped())).routes if isinstance(route, Route)}
    for address in re.findall(r"\| `(?:GET |POST )?(/[a-z./]*)[?`]", PAGE):
        assert address in paths
    for path in paths:
        if path.startswith("/api/"):
            assert path in PAGE


def test_limits() -> None:
    settings = Settings()
    inside = f"more than {settings.lesions} lesions or {settings.facts:,} facts about them"
    assert f"more than {settings.upload >> 20} MiB, or {inside};" in PAGE
    assert f"RDF and CSV may have {PATIENT_FILE_LIMIT >> 20} MiB" in PAGE
    assert f"more slowly than {PACE >> 10} KiB a second, after {settings.patience:g} seconds" in PAGE
    assert f"ended after {settings.sparql.seconds:g} seconds" in PAGE
