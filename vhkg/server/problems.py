"""What a client is told when something is wrong: one sentence that repeats nothing of the request.

An error of the tree in `vhkg.errors` may name what it found in a file. Whoever sent the file may know that; proxies,
screenshots and error trackers may not, so that a sentence leaves the service without it (`said`).
"""

from __future__ import annotations

from collections.abc import Container
from http import HTTPStatus
from typing import NoReturn

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vhkg.errors import EngineError, InputError, UsageError, VhkgError
from vhkg.server.negotiation import preferred
from vhkg.server.said import without_values

PROBLEM = "application/problem+json"
_HTML = "text/html"
_TITLES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
"""The names of RFC 9110 where a version of Python may have older ones."""


class Refused(Exception):
    """A request that is answered with a status above 399. `detail` is a sentence of ours, without any value."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        super().__init__(status)


def refuse(status: HTTPStatus, detail: str, **headers: str) -> NoReturn:
    """Raise `Refused`; underscores in the names of headers stand for hyphens."""
    raise Refused(status, detail, {name.replace("_", "-"): value for name, value in headers.items()})


def of_error(error: VhkgError, known: Container[str] = ()) -> Refused:
    """The status and the sentence for an error of ours; names in `known` may be repeated."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, InputError):
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    elif isinstance(error, UsageError):
        status = HTTPStatus.BAD_REQUEST
    elif isinstance(error, EngineError):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    sentence = without_values(error, known)
    return Refused(status, sentence[:1].upper() + sentence[1:])


def respond(request: Request, refused: Refused) -> Response:
    """A problem document (RFC 9457), or a page for a client that prefers one."""
    accept = request.headers.get("accept", "")
    title = _TITLES.get(refused.status, refused.status.phrase)
    if preferred(accept, (PROBLEM, "application/json", _HTML)) == _HTML:
        site = request.app.state.service.site
        page = site.page("problem.html", status=refused.status.value, title=title, detail=refused.detail)
        return Response(page, refused.status, refused.headers, media_type=_HTML)
    body = {"type": "about:blank", "title": title, "status": refused.status.value, "detail": refused.detail}
    return JSONResponse(body, refused.status, refused.headers, media_type=PROBLEM)
