"""docs/sparql.md is true: its commands give what it shows, and its limits are those of the settings."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import httpx2
import pytest

from tests.server.conftest import Live
from tests.support import ROOT
from vhkg.server.service import Settings
from vhkg.server.sparql.formats import GRAPH_TYPES, TABLE_TYPES
from vhkg.stores.screening import DEEPEST, LONGEST, LONGEST_PATH

PAGE = (ROOT / "docs" / "sparql.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"```console\n\$ (.*?)```", re.DOTALL)
COMMANDS = _BLOCK.findall(PAGE)


def _asked(arguments: list[str], base: str) -> tuple[httpx2.Response, str]:
    """What curl would send, of its options that the page uses; there need not be a curl. And the file for -o."""
    headers, body, written = {}, b"", ""
    address = ""
    rest = iter(arguments)
    for argument in rest:
        if argument == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif argument == "--data-urlencode":
            name, _, value = next(rest).partition("=")
            body = str(httpx2.QueryParams({name: value})).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif argument == "--data-binary":
            body = Path(ROOT, next(rest).removeprefix("@")).read_bytes()
        elif argument == "-o":
            written = next(rest)
        else:
            assert argument == "-s" or not address, argument
            address = address if argument == "-s" else argument
    assert address.startswith("http://127.0.0.1:8000/sparql")
    return httpx2.post(
        address.replace("http://127.0.0.1:8000", base), content=body, headers=headers, timeout=60
    ), written


@pytest.mark.parametrize("block", COMMANDS, ids=range(len(COMMANDS)))
def test_a_command_gives_what_is_shown(block: str, live: Live) -> None:
    stream = io.StringIO(block)
    lexer = shlex.shlex(stream, posix=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    arguments: list[str] = []
    end = 0
    while (token := lexer.get_token()) is not None:
        arguments.append(token)
        end = stream.tell()
        if block[end - 1] == "\n":
            break
    assert arguments[0] == "curl"
    reply, written = _asked(arguments[1:], live.base)
    if written:
        assert reply.status_code == 200
        assert len(reply.text.splitlines()) > 1
    else:
        assert reply.text.replace("\r\n", "\n").strip() == block[end:].strip()


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 4


def test_the_limits_are_those_of_the_settings() -> None:
    settings = Settings()
    limits, capacity = settings.sparql, settings.capacity
    for row in (
        f"{LONGEST:,} bytes, {DEEPEST} levels, {LONGEST_PATH} path operators",
        f"{limits.seconds:g} seconds, {limits.memory >> 20} MiB",
        f"{settings.sparql_rows:,}, or the parameter `limit`, at most {limits.rows:,}",
        f"| {limits.size >> 20} MiB |",
        f"| {capacity.running}, {capacity.share} of one client; {capacity.waiting} that wait,",
        f" that wait, up to {capacity.patience:g} s |",
    ):
        assert row in PAGE
    for kind in (*TABLE_TYPES, *GRAPH_TYPES):
        assert f"`{kind}`" in PAGE
