"""The HTTP API: what the commands print as JSON, for programs. `openapi` describes it.

The bytes are those of the command for a file of the same name and content; what a command says on standard error
of the source is in a header.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.answering.knowledge import Patients
from vhkg.intake import Document
from vhkg.model.answer import Answer, AnswerDocument
from vhkg.model.checks import merged
from vhkg.model.source_report import SourceReport
from vhkg.model.terms import all_terms
from vhkg.rendering.csvout import render_csv
from vhkg.rendering.jsonout import render_json, render_jsonl
from vhkg.rendering.rdf import render_turtle
from vhkg.rendering.report import render_report_json
from vhkg.rendering.source_report import summary
from vhkg.rendering.text import render_text
from vhkg.server.negotiation import preferred
from vhkg.server.openapi import READ, description
from vhkg.server.problems import refuse
from vhkg.server.service import Service
from vhkg.server.stamp import stamp
from vhkg.server.uploads import Question, question, read

JSON, TURTLE, CSV, TEXT, LINES = (
    "application/json", "text/turtle", "text/csv", "text/plain", "application/x-ndjson",
)  # fmt: skip
ANSWERS = (JSON, TURTLE, CSV, TEXT, LINES)
_WIDTH = 110
_ROWS = "rows"


def routes(service: Service) -> list[BaseRoute]:
    """The addresses under /api/."""
    api = _Api(service)
    return [
        Route("/api/recommend", api.recommend, methods=["POST"]),
        Route("/api/explain", api.explain, methods=["POST"]),
        Route("/api/validate", api.validate, methods=["POST"]),
        Route("/api/terms", api.terms),
        Route("/api/openapi.json", api.openapi),
    ]


class _Api:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._knowledge = service.knowledge

    async def recommend(self, request: Request) -> Response:
        """The answer document, in the form that Accept prefers, as `vhkg recommend --format` has it."""
        kind = wanted(request, ANSWERS)
        asked = await question(request, self._service)
        if asked.assume:
            refuse(HTTPStatus.BAD_REQUEST, "Assumptions are for /api/explain; leave if out.")
        source = await read(self._service, asked)

        def shown() -> str:
            return render(self._knowledge.document(self._answers(source, asked)), kind, self._service)

        return self._response(await run_in_threadpool(shown), kind, source.report)

    async def explain(self, request: Request) -> Response:
        """The answers as recorded, then those under the assumptions, as `vhkg explain --format json` has them."""
        wanted(request, (JSON,))
        asked = await question(request, self._service)
        source = await read(self._service, asked)

        def shown() -> str:
            found = self._answers(source, asked)
            if asked.assume:
                found += self._answers(source, asked, assume=True)
            return render_json(self._knowledge.document(found))

        return self._response(await run_in_threadpool(shown), JSON, source.report)

    async def validate(self, request: Request) -> Response:
        """The report, as `vhkg validate` has it for one file."""
        kind = wanted(request, (JSON, TURTLE))
        asked = await question(request, self._service)
        source = await read(self._service, asked)
        reports = [each.report for each in source.patients]
        if kind == TURTLE:
            from vhkg.validation import report_turtle

            text = report_turtle(reports)
        else:
            name = asked.source.name if isinstance(asked.source, Document) else _ROWS
            text = render_report_json([(name, merged(reports))])
        return self._response(text, kind, source.report)

    async def terms(self, request: Request) -> Response:
        """The names that exist, or those in which the word `q` occurs."""
        wanted(request, (JSON,))
        word = request.query_params.get("q", "").lower()
        found = [each for each in all_terms(self._service.content) if each.matches(word)]
        return JSONResponse({"terms": [each._asdict() for each in found]})

    async def openapi(self, request: Request) -> Response:
        wanted(request, (JSON,))
        return JSONResponse(description(self._service.settings.base))

    def _response(self, text: str, kind: str, source: SourceReport) -> Response:
        """JSON has no parameter charset (RFC 8259), so that none is added."""
        media = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        headers = {READ: summary(source), **stamp(self._service)}
        return Response(text.encode(), media_type=media, headers=headers)

    def _answers(self, source: Patients, asked: Question, *, assume: bool = False) -> list[Answer]:
        return [
            answer
            for patient in source.patients
            for answer in self._knowledge.answer(
                patient, readings=asked.readings, as_of=asked.as_of, assume=asked.assume if assume else None
            )
        ]


def render(found: AnswerDocument, kind: str, service: Service) -> str:
    """The document as the command prints it in the format of that media type."""
    content = service.content
    if kind == TURTLE:
        text = render_turtle(found, content)
    elif kind == CSV:
        text = render_csv(found, content)
    elif kind == TEXT:
        text = render_text(found, content, width=_WIDTH)
    else:
        text = render_json(found) if kind == JSON else render_jsonl(found)
    return text if text.endswith("\n") else text + "\n"


def wanted(request: Request, offered: tuple[str, ...]) -> str:
    """The media type to answer in. Raises Refused with 406."""
    kind = preferred(request.headers.get("accept", ""), offered)
    if kind is None:
        refuse(HTTPStatus.NOT_ACCEPTABLE, f"This address gives {', '.join(offered)}; accept one of them.")
    return kind
