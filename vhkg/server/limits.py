"""Bodies of requests: counted while they arrive, in memory only, and not waited for without end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import NamedTuple, NoReturn
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from vhkg.server.problems import refuse

_FIELDS = 400
PACE = 32 << 10
"""Bytes a second that a slow line brings; only a client that sends less than this runs out of time."""
_PATIENTLY = 4
"""How many times the limit is read of a body that is too large, before the client is told."""
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class Sent(NamedTuple):
    """A file of a form: what the client calls it, and its bytes."""

    name: str
    content: bytes


class Form(NamedTuple):
    """`fields` in the order in which they came; `files` by the name of their field, empty ones left out."""

    fields: tuple[tuple[str, str], ...]
    files: dict[str, Sent]

    def one(self, name: str) -> str:
        """The last value of a field, or an empty text."""
        return next((value for key, value in reversed(self.fields) if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.fields if key == name and value)


class _InMemory(MultiPartParser):
    """A file that grew over this size would be written to disk; the body is limited to less than it."""

    spool_max_size = 1 << 40


def media_type(request: Request) -> str:
    """The type of the body in lower case, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def body(request: Request, *, limit: int, seconds: float = 10.0) -> bytes:
    """The whole body. Raises Refused: 413 for more than `limit` bytes, 408 for one that comes too slowly.

    Too slowly: `seconds` after the time that a slow line needs for what has come so far.
    """
    if _stated(request) > limit:
        if request.headers.get("expect", "").lower() != "100-continue":
            await _let_go(request, limit, seconds)
        _too_large(limit)
    found = bytearray()
    try:
        async with asyncio.timeout(seconds) as waiting:
            start = asyncio.get_running_loop().time()
            async for part in request.stream():
                found += part
                if len(found) > limit:
                    break
                waiting.reschedule(start + seconds + len(found) / PACE)
    except TimeoutError:
        refuse(HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time; send it again.", Connection="close")
    except ClientDisconnect:
        refuse(HTTPStatus.BAD_REQUEST, "The body ended early; send it again.", Connection="close")
    if len(found) > limit:
        found.clear()
        await _let_go(request, limit, seconds)
        _too_large(limit)
    return bytes(found)


def _stated(request: Request) -> int:
    stated = request.headers.get("content-length", "")
    return int(stated) if stated.isascii() and stated.isdecimal() and len(stated) < 20 else 0


async def _let_go(request: Request, limit: int, seconds: float) -> None:
    """Read on without keeping anything: most clients listen only once they have sent all, and those who cannot send
    any more may never see why. A client that goes on and on is left after a while."""
    gone = 0
    with contextlib.suppress(TimeoutError, ClientDisconnect):
        async with asyncio.timeout(seconds):
            while gone <= _PATIENTLY * limit:
                message = await request.receive()
                gone += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return


def _too_large(limit: int) -> NoReturn:
    size = f"{limit / (1 << 20):g} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"
    detail = f"The body is larger than {size}; send less at once."
    refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, Connection="close")


async def form(request: Request, *, limit: int, seconds: float = 10.0, fields: int = _FIELDS) -> Form:
    """A form of at most so many fields, urlencoded or multipart.

    Raises Refused: 400 if it is neither of these in truth, 415 by its type.
    """
    kind = media_type(request)
    if kind not in (URLENCODED, MULTIPART):
        refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send a form, as {URLENCODED} or {MULTIPART}.")
    content = await body(request, limit=limit, seconds=seconds)
    if kind == URLENCODED:
        try:
            pairs = parse_qsl(content.decode("ascii"), True, errors="strict", max_num_fields=fields)
        except ValueError:
            refuse(HTTPStatus.BAD_REQUEST, "The form cannot be read; encode it in percent signs, as UTF-8.")
        return Form(tuple(pairs), {})
    return await _multipart(request, content, fields)


async def _multipart(request: Request, content: bytes, most: int) -> Form:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield content

    try:
        parser = _InMemory(request.headers, stream(), max_files=1, max_fields=most, max_part_size=len(content))
        parsed = await parser.parse()
        if not _closed(request, content):
            raise ValueError
    except (MultiPartException, KeyError, ValueError):
        refuse(HTTPStatus.BAD_REQUEST, "The form cannot be read; send it as multipart/form-data with a boundary.")
    fields: list[tuple[str, str]] = []
    files: dict[str, Sent] = {}
    for name, value in parsed.multi_items():
        if isinstance(value, UploadFile):
            held = value.file.read()
            if held or value.filename:
                files[name] = Sent(value.filename or "", held)
        else:
            fields.append((name, value))
    await parsed.close()
    return Form(tuple(fields), files)


def _closed(request: Request, content: bytes) -> bool:
    """Whether the form has its last delimiter. The parser drops a part that is cut off and says nothing of it."""
    _, parameters = parse_options_header(request.headers["content-type"])
    return b"--" + parameters[b"boundary"] + b"--" in content


__all__ = ["MULTIPART", "URLENCODED", "Form", "Sent", "body", "form", "media_type"]
