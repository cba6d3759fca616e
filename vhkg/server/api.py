"""The HTTP API: what the commands print as JSON, for programs. `openapi` describes it."""

from __future__ import annotations

from http import HTTPStatus
from itertools import chain

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.model.answer import Answer, AnswerDocument
from vhkg.model.terms import all_terms
from vhkg.rendering.csvout import render_csv
from vhkg.rendering.jsonout import render_json, render_jsonl
from vhkg.rendering.rdf import render_turtle
from vhkg.rendering.text import render_text
from vhkg.server.negotiation import preferred
from vhkg.server.openapi import description
from vhkg.server.problems import refuse
from vhkg.server.service import Service
from vhkg.server.uploads import Question, question, read

JSON, TURTLE, CSV, TEXT, LINES = (
    "application/json", "text/turtle", "text/csv", "text/plain", "application/x-ndjson",
)  # fmt: skip
_ANSWERS = (JSON, TURTLE, CSV, TEXT, LINES)
_WIDTH = 100


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
        """The answer document, in the form that Accept prefers."""
        kind = _wanted(request, _ANSWERS)
        asked = await question(request, self._service)
        found = await self._document(asked)
        return await run_in_threadpool(self._shown, found, kind)

    async def explain(self, request: Request) -> Response:
        """What other facts would change: the answers as recorded, and as assumed."""
        _wanted(request, (JSON,))
        asked = await question(request, self._service)
        if not asked.assume:
            refuse(HTTPStatus.BAD_REQUEST, "Nothing is assumed; send if with FINDING=present or FINDING=absent.")
        before = await self._document(msgspec.structs.replace(asked, assume={}))
        after = await self._document(asked)
        both = {"before": _builtin(before), "after": _builtin(after), "assumed": asked.assume}
        return JSONResponse(both)

    async def validate(self, request: Request) -> Response:
        """The validation report of each patient, as `vhkg validate --format json` has it for each file."""
        kind = _wanted(request, (JSON, TURTLE))
        patients = (await read(self._knowledge, await question(request, self._service))).patients
        if kind == TURTLE:
            from vhkg.validation import report_turtle

            return Response(report_turtle(each.report for each in patients), media_type=TURTLE)
        reports = [each.report for each in patients]
        return JSONResponse({
            "conforms": all(each.conforms for each in reports),
            "results": [msgspec.to_builtins(result) for result in chain.from_iterable(r.results for r in reports)],
            "patients": len(reports),
            "knowledge": msgspec.to_builtins(self._service.stamp),
        })  # fmt: skip

    async def terms(self, request: Request) -> Response:
        """The names that exist, or those in which the word `q` occurs."""
        _wanted(request, (JSON,))
        word = request.query_params.get("q", "").lower()
        found = [each for each in all_terms(self._service.content) if each.matches(word)]
        return JSONResponse({"terms": [each._asdict() for each in found]})

    async def openapi(self, _: Request) -> Response:
        return JSONResponse(description(self._service.settings.base))

    async def _document(self, asked: Question) -> AnswerDocument:
        patients = (await read(self._knowledge, asked)).patients

        def answers() -> list[Answer]:
            return [
                answer
                for patient in patients
                for answer in self._knowledge.answer(
                    patient, readings=asked.readings, as_of=asked.as_of, assume=asked.assume or None
                )
            ]

        return self._knowledge.document(await run_in_threadpool(answers))

    def _shown(self, found: AnswerDocument, kind: str) -> Response:
        content = self._service.content
        if kind == TURTLE:
            text = render_turtle(found, content)
        elif kind == CSV:
            text = render_csv(found, content)
        elif kind == TEXT:
            text = render_text(found, content, width=_WIDTH)
        else:
            text = render_json(found) if kind == JSON else render_jsonl(found)
        return Response(text, media_type=kind)


def _builtin(found: AnswerDocument) -> object:
    return msgspec.to_builtins(found)


def _wanted(request: Request, offered: tuple[str, ...]) -> str:
    kind = preferred(request.headers.get("accept", ""), offered)
    if kind is None:
        refuse(HTTPStatus.NOT_ACCEPTABLE, f"This address gives {', '.join(offered)}; accept one of them.")
    return kind
