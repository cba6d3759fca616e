"""The page on which a patient file is checked against the shapes. Nothing of it is kept."""

from __future__ import annotations

import base64
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.answering.knowledge import Patients
from vhkg.errors import InputError
from vhkg.intake import Document, document
from vhkg.model.checks import merged
from vhkg.rendering.report import render_report_json
from vhkg.rendering.site.validation import validation_shown
from vhkg.server.limits import form
from vhkg.server.problems import of_error, refuse
from vhkg.server.service import Service
from vhkg.server.uploads import FILE, Question, file_name, read

_TYPES = {"json": "application/json", "ttl": "text/turtle; charset=utf-8"}
_FORMATS = ("html", *_TYPES)
_LINKED = 1 << 20
"""A report that is longer is not carried by the page too; the form gives it."""


def routes(service: Service) -> list[BaseRoute]:
    return [Route("/validate", _Validate(service).page, methods=["GET", "POST"])]


class _Validate:
    def __init__(self, service: Service) -> None:
        self._service = service

    async def page(self, request: Request) -> Response:
        """The form, or what the shapes say of the file in it."""
        if request.method != "POST":
            return self._page(HTTPStatus.OK)
        settings = self._service.settings
        sent = await form(request, limit=settings.upload, seconds=settings.patience)
        wanted = sent.one("format") or "html"
        if wanted not in _FORMATS:
            refuse(HTTPStatus.BAD_REQUEST, f"The format is one of {', '.join(_FORMATS)}.")
        file = sent.files.get(FILE)
        if file is None:
            if wanted == "html":
                return self._page(HTTPStatus.BAD_REQUEST, fault="No file was chosen; choose one.")
            refuse(HTTPStatus.BAD_REQUEST, f"The form has no file; send one in the field {FILE}.")
        try:
            given = document(file_name(file.name), file.content)
            source = await read(self._service, Question(given))
        except InputError as error:
            refused = of_error(error, self._service.names)
            if wanted != "html":
                raise refused from error
            return self._page(refused.status, fault=refused.detail)
        return await run_in_threadpool(self._shown, given, source, wanted)

    def _shown(self, given: Document, source: Patients, wanted: str) -> Response:
        from vhkg.validation import report_turtle

        reports = [each.report for each in source.patients]
        whole = merged(reports)
        written = {
            "json": render_report_json([(given.name, whole)]).encode(),
            "ttl": report_turtle(reports).encode(),
        }
        if wanted != "html":
            name = f'attachment; filename="validation.{wanted}"'
            return Response(written[wanted], media_type=_TYPES[wanted], headers={"Content-Disposition": name})
        links = {
            ending: f"data:{_TYPES[ending].replace(' ', '')};base64,{base64.b64encode(content).decode()}"
            for ending, content in written.items()
            if len(content) <= _LINKED
        }
        return self._page(HTTPStatus.OK, report=validation_shown(given.name, whole, source.report), links=links)

    def _page(self, status: HTTPStatus, **values: object) -> Response:
        given = {"report": None, "links": {}, "fault": "", "limits": self._service.settings, **values}
        return HTMLResponse(self._service.site.page("validate.html", here="/validate", **given), status)
