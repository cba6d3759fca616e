"""Bodies: how much, how fast, and in memory."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from vhkg.server.limits import Form, body, form
from vhkg.server.problems import Refused

BOUNDARY = "multipart/form-data; boundary=b"


def request(parts: list[bytes], *, pause: float = 0.0, ends: bool = True, **headers: str) -> Request:
    """A request whose body comes in parts. `ends`: it comes whole; otherwise the client goes away."""

    async def messages() -> AsyncIterator[dict[str, Any]]:
        for number, part in enumerate(parts, start=1):
            await asyncio.sleep(pause)
            yield {"type": "http.request", "body": part, "more_body": not ends or number < len(parts)}
        while True:
            yield {"type": "http.disconnect"}

    stream = messages()
    names = [(name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "headers": names}, lambda: anext(stream))


def whole(given: Request, limit: int = 10, seconds: float = 10.0) -> bytes | HTTPStatus:
    try:
        return asyncio.run(body(given, limit=limit, seconds=seconds))
    except Refused as refused:
        return refused.status


@pytest.mark.parametrize(
    ("parts", "options", "found"),
    [
        ([b""], {}, b""),
        ([b"12345", b"67890"], {}, b"1234567890"),
        ([b"12345", b"678901"], {}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ([b"1" * 100] * 100, {}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ([b"1"], {"content_length": "11"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ([b"1"], {"content_length": "11", "expect": "100-continue"}, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ([b"1"], {"content_length": "99999999999999999999999"}, b"1"),
        ([b"1"], {"content_length": "-1"}, b"1"),
        ([b"1"], {"content_length": "²"}, b"1"),
        ([b"1"], {"ends": False}, HTTPStatus.BAD_REQUEST),
    ],
)
def test_bodies(parts: list[bytes], options: dict[str, Any], found: bytes | HTTPStatus) -> None:
    assert whole(request(parts, **options)) == found


def test_a_body_that_does_not_come() -> None:
    assert whole(request([b"1", b"2"], pause=30), seconds=0.05) == HTTPStatus.REQUEST_TIMEOUT


def test_a_slow_body_has_the_time_of_a_slow_line() -> None:
    """Each part earns more time than it takes, so that the whole may take longer than the patience alone."""
    parts = [b"1" * (8 << 10)] * 6
    assert whole(request(parts, pause=0.05), limit=1 << 20, seconds=0.2) == b"".join(parts)


def test_what_is_too_large_is_heard_out_but_not_for_ever() -> None:
    heard = 0

    async def receive() -> dict[str, Any]:
        nonlocal heard
        heard += 1
        return {"type": "http.request", "body": b"1234567890", "more_body": True}

    endless = Request({"type": "http", "method": "POST", "headers": []}, receive)
    assert whole(endless) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert 2 < heard < 20


def sent(content: bytes, kind: str) -> Form | HTTPStatus:
    try:
        return asyncio.run(form(request([content], content_type=kind), limit=1 << 20))
    except Refused as refused:
        return refused.status


def part(name: str, value: str, *, file: str = "") -> bytes:
    named = f'; filename="{file}"' if file else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n{value}\r\n'.encode()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a=%FF", "application/x-www-form-urlencoded"),
        (b"a=\xff", "application/x-www-form-urlencoded"),
        (b"&".join(b"a=1" for _ in range(500)), "application/x-www-form-urlencoded"),
        (b"", "multipart/form-data"),
        (b"nothing of a form", BOUNDARY),
        (part("a", "1"), "multipart/form-data; boundary=other"),
        (b"--b\r\nX: y\r\n\r\nz\r\n--b--", BOUNDARY),
        (b"--b\r\nContent-Disposition: form-data; name=", BOUNDARY),
        (part("a", "1", file="x") + part("b", "2", file="y") + b"--b--", BOUNDARY),
        (b"".join(part("a", "1") for _ in range(500)) + b"--b--", BOUNDARY),
        (b"--b\r\n" + b"A" * 100_000, BOUNDARY),
    ],
)
def test_broken_forms(content: bytes, kind: str) -> None:
    assert sent(content, kind) == HTTPStatus.BAD_REQUEST


def test_forms() -> None:
    found = sent(b"a=1&b=%C3%BC&a=2&c=", "application/x-www-form-urlencoded")
    assert isinstance(found, Form)
    assert (found.one("a"), found.one("b"), found.one("x")) == ("2", "ü", "")
    assert found.every("a") == ("1", "2")
    assert found.every("c") == ()


def test_a_large_file_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refused)
    content = part("file", "x" * (3 << 20), file="a.csv") + b"--b--\r\n"
    found = asyncio.run(form(request([content], content_type=BOUNDARY), limit=4 << 20))
    assert len(found.files["file"].content) == 3 << 20
    assert found.files["file"].name == "a.csv"


def test_an_empty_file_field_is_no_file() -> None:
    found = sent(b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--b--\r\n', BOUNDARY)
    assert found == Form((), {})


@given(st.binary(max_size=300), st.sampled_from((BOUNDARY, "application/x-www-form-urlencoded", "text/plain")))
def test_any_bytes_are_a_form_or_refused(content: bytes, kind: str) -> None:
    assert isinstance(sent(content, kind), (Form, HTTPStatus))


@given(
    st.lists(st.sampled_from((b"--b", b"\r\n", b"--", b"\r\n\r\n", part("a", "1"), b"Content-Disposition: form-data")))
)
def test_pieces_of_multipart_are_a_form_or_refused(pieces: list[bytes]) -> None:
    assert isinstance(sent(b"".join(pieces), BOUNDARY), (Form, HTTPStatus))
