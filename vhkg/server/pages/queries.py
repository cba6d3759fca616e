"""The questions: their list, each with its rows, and a visitor's own SPARQL. Rows download as they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.errors import UnknownName, UsageError
from vhkg.model.terms import all_terms
from vhkg.namespaces import PREFIXES
from vhkg.rendering.site.queries import InputShown, QuestionShown, grouped, table
from vhkg.server.limits import form
from vhkg.server.negotiation import preferred
from vhkg.server.pages.own_query import Fault, ask, refused
from vhkg.server.problems import refuse
from vhkg.server.said import without_values
from vhkg.server.service import Service
from vhkg.stores import Catalogue, EmbeddedStore, Provenance, Query, Rows, rows_to_csv, rows_to_json, run

HTML, CSV, JSON = "text/html", "text/csv", "application/json"
_FORMATS = {"html": HTML, "csv": CSV, "json": JSON}
_FORMAT, _QUERY = "format", "query"
_NOTE = re.compile(r"^(?:#|--) note: (.*)$", re.MULTILINE)
_START = f"""\
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX vhkg: <{PREFIXES["vhkg"]}>

SELECT ?recommendation ?label WHERE {{
  ?recommendation a vhkg:Recommendation ; rdfs:label ?label .
}}
ORDER BY ?label
"""
"""What the editor holds before anything was asked."""


def routes(service: Service) -> list[BaseRoute]:
    pages = _Queries(service)
    return [
        Route("/queries", pages.queries, methods=["GET", "POST"]),
        Route("/queries/{name}", pages.question, methods=["GET", "POST"]),
    ]


class _Queries:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._files = service.knowledge.files

    @cached_property
    def _catalogue(self) -> Catalogue:
        return Catalogue(self._files.queries | self._files.cohort_queries)

    @cached_property
    def _store(self) -> EmbeddedStore:
        """For our own questions, which need no limits."""
        return EmbeddedStore(self._service.published, self._service.answers)

    @cached_property
    def _whole(self) -> Callable[[Query], Rows]:
        """The rows of a question without inputs: always the same, since nothing that is held changes."""
        return cache(lambda query: run(query, self._store, {}, self._service.content.iris))

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        return [(each.name, each.label) for each in all_terms(self._service.content)]

    async def queries(self, request: Request) -> Response:
        """The list, or what the query in a form gives."""
        if request.method == "POST":
            return await self._own(request)
        groups = grouped(self._shown(each, {}) for each in self._catalogue)
        return self._page("queries.html", HTTPStatus.OK, {"groups": groups, "query": _START})

    async def question(self, request: Request) -> Response:
        """One question; its inputs in the address, or in a form where they may be about patients."""
        query = self._named(request)
        if request.method == "POST":
            settings = self._service.settings
            sent = await form(request, limit=settings.form, seconds=settings.patience)
            given = _filled(sent.fields)
        else:
            given = _filled(request.query_params.multi_items())
        kind = _kind(request, given.pop(_FORMAT, ""))
        if request.method != "POST" and query.kind != "knowledge" and given:
            refuse(HTTPStatus.BAD_REQUEST, "Inputs about patients are sent in the body; use the form on the page.")
        return await self._asked(query, given, kind)

    async def _own(self, request: Request) -> Response:
        sent = await form(request, limit=self._service.settings.form, seconds=self._service.settings.patience)
        kind = _kind(request, sent.one(_FORMAT))
        text = sent.one(_QUERY).replace("\r\n", "\n")
        if not text.strip():
            found: Rows | Fault = Fault(HTTPStatus.BAD_REQUEST, "There is no query; write one.")
        else:
            found = await ask(self._service, text, request.client.host if request.client else "")
        if isinstance(found, Rows):
            return self._rows(found, kind, "own-query", "own_query.html", query=text, fault=None)
        if kind != HTML:
            raise refused(found)
        return self._page("own_query.html", found.status, {"query": text, "fault": found, "table": None})

    def _named(self, request: Request) -> Query:
        name = request.path_params["name"]
        if name not in self._catalogue.names():
            refuse(HTTPStatus.NOT_FOUND, "There is no question of that name; see the list of questions.")
        return self._catalogue.get(name)

    async def _asked(self, query: Query, given: Mapping[str, str], kind: str) -> Response:
        shown = self._shown(query, given)
        unanswered = {"question": shown, "table": None, "query": query.text}
        if not shown.open_here:
            if kind != HTML:
                refuse(HTTPStatus.CONFLICT, "This question is about data that are not held here.")
            return self._page("question.html", HTTPStatus.OK, unanswered | {"fault": ""})
        iris = self._service.content.iris
        try:
            text = query.bound(given, iris)
            if given:
                rows = await run_in_threadpool(run, query, self._store, given, iris)
            else:
                rows = await run_in_threadpool(self._whole, query)
        except UsageError as error:
            status = HTTPStatus.NOT_FOUND if isinstance(error, UnknownName) else HTTPStatus.BAD_REQUEST
            sentence = without_values(error, self._service.names)
            if kind != HTML:
                refuse(status, sentence)
            return self._page("question.html", status, unanswered | {"fault": sentence})
        return self._rows(rows, kind, query.name, "question.html", question=shown, fault="", query=text)

    def _rows(self, rows: Rows, kind: str, name: str, template: str, **values: object) -> Response:
        if kind == HTML:
            statements, terms = self._service.content.statements, self._service.descriptions.names
            shown = table(rows.columns, rows.rows, statements=statements, terms=terms, cut=rows.truncated)
            return self._page(template, HTTPStatus.OK, {**values, "table": shown})
        stamp = self._service.stamp
        provenance = Provenance(stamp.version, stamp.digest, stamp.review_status)
        text = rows_to_csv(rows, provenance) if kind == CSV else rows_to_json(rows, provenance)
        ending = "csv" if kind == CSV else "json"
        headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
        media = f"{CSV}; charset=utf-8; header=present" if kind == CSV else JSON
        return Response(text.encode(), media_type=media, headers=headers)

    def _page(self, template: str, status: HTTPStatus, values: Mapping[str, object]) -> Response:
        shared = {
            "here": "/queries",
            "names": self._names,
            "limits": self._service.settings,
            "holds_patients": bool(self._service.answers),
        }
        return HTMLResponse(self._service.site.page(template, **shared, **values), status)

    def _shown(self, query: Query, given: Mapping[str, str]) -> QuestionShown:
        held = query.kind == "knowledge" or (query.kind == "patient" and bool(self._service.answers))
        data = {"patient": " --data FILE", "cohort": " --cohort DIR"}.get(query.kind, "")
        link = " --link FILE" if query.linked else ""
        return QuestionShown(
            name=query.name,
            number=query.number,
            question=query.question,
            kind=query.kind,
            users=tuple(query.users.split()),
            silent=query.empty_is_error,
            notes=tuple(_NOTE.findall(query.text)),
            inputs=tuple(
                InputShown(
                    name=each.name,
                    label=each.name.strip("_").replace("_", " "),
                    form=each.form,
                    default=each.default,
                    value=given.get(each.name, ""),
                )
                for each in query.inputs
            ),
            open_here=held and not query.linked,
            command=f"vhkg query {query.name}{data}{link}",
            served=query.kind == "patient" and not query.linked,
        )


def _filled(fields: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Fields with a value: a form sends all it has."""
    return {name: value for name, value in fields if value}


def _kind(request: Request, named: str) -> str:
    """What is wanted: by the field format, or by Accept. Raises Refused."""
    if named:
        if named not in _FORMATS:
            refuse(HTTPStatus.BAD_REQUEST, f"The format is one of {', '.join(_FORMATS)}.")
        return _FORMATS[named]
    kind = preferred(request.headers.get("accept", ""), (HTML, CSV, JSON))
    if kind is None:
        refuse(HTTPStatus.NOT_ACCEPTABLE, f"This address gives {HTML}, {CSV} and {JSON}; accept one of them.")
    return kind
