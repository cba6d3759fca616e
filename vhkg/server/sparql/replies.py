"""What became of a query, as a response or a refusal; no sentence repeats the query."""

from __future__ import annotations

import math
import re
from http import HTTPStatus
from typing import NoReturn

from starlette.responses import Response

from vhkg.server.problems import Refused, refuse
from vhkg.server.service import Service
from vhkg.server.sparql.formats import content_type
from vhkg.server.stamp import TRUNCATED_HEADER
from vhkg.stores.queries import Ending, Reply
from vhkg.stores.written import TELLING

_SYNTAX = re.compile(r"not SPARQL: error at ([0-9]+):([0-9]+): expected (.*)", re.DOTALL)
_REASON = re.compile(r"[A-Z][a-z]+(?: [A-Za-z]+){2,}")
"""Among the tokens that the parser expected, a rule in words, such as that a prefix is not declared."""
_FUNCTION = "custom function"
"""How the engine speaks of those that SPARQL does not define."""
_MEND = "ask for less, or add LIMIT"


def response(reply: Reply, service: Service, *, kind: str, form: str, asked: int | None) -> Response:
    """`kind` is the media type, `form` the format, `asked` the limit in the request. Raises Refused."""
    if reply.ending is not Ending.answered:
        raise _refusal(reply, service)
    result = reply.result
    headers = {}
    if result.cut:
        if form not in TELLING and asked != result.rows:
            _refuse_untold(result.rows, service)
        headers[TRUNCATED_HEADER] = f"rows={result.rows}"
    return Response(result.body, headers=headers, media_type=content_type(kind))


def _refuse_untold(rows: int, service: Service) -> NoReturn:
    """A table without a head and a graph have no place to say that they are not whole, and files lose their headers."""
    limits = service.settings.sparql
    detail = (
        f"The result goes on after {rows} rows, and this format has no place to say that it was cut; add LIMIT to the"
        f" query, or the parameter limit to the request (at most {limits.rows} rows and {limits.size >> 10} KiB)."
    )
    refuse(HTTPStatus.UNPROCESSABLE_ENTITY, detail)


def _refusal(reply: Reply, service: Service) -> Refused:
    settings = service.settings
    if reply.ending is Ending.busy:
        wait = str(math.ceil(settings.sparql.seconds))
        detail = "Too many queries are being answered; ask again later."
        return Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": wait})
    if reply.ending is Ending.lost:
        detail = "The query was lost, since the process that answers ended; it is started again, so ask again."
        return Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "1"})
    if reply.ending is Ending.stopped:
        return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"The query {reply.fault}; {_MEND}.")
    if reply.ending is Ending.unwritable:
        return Refused(HTTPStatus.NOT_ACCEPTABLE, f"The result {reply.fault}.")
    return Refused(HTTPStatus.BAD_REQUEST, told(reply.fault))


def told(fault: str) -> str:
    """The sentence for a query at fault: where, and which rule; not what stands there.

    >>> told("not SPARQL: error at 1:22: expected one of Prefix not found, ['%'], ['.']")
    'The query is not SPARQL at line 1, column 22: prefix not found.'
    >>> told("cannot be answered: The custom function <https://example.org/f> is not supported")
    'The query calls a function that is not known here.'
    """
    if found := _SYNTAX.match(fault):
        line, column, expected = found.groups()
        reason = _REASON.search(expected)
        why = f": {reason[0][0].lower()}{reason[0][1:]}" if reason else ""
        return f"The query is not SPARQL at line {line}, column {column}{why}."
    if _FUNCTION in fault:
        return "The query calls a function that is not known here."
    return "The query cannot be answered; ask in another way."
