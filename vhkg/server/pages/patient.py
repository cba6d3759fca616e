"""The Patient page: facts and readings in, the answer out, with or without a script.

One form is sent to `/` and the whole page comes back; with the header `VHKG-Fragment: answer`, the parts of the page
that change, with the picture in the size that `VHKG-Picture` names (phone, column), or in both. Facts travel in bodies
only. A file that cannot be read leaves the page as it was, with the reason.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.errors import VhkgError
from vhkg.intake import document
from vhkg.rendering.csvout import render_csv
from vhkg.rendering.jsonout import render_json
from vhkg.rendering.rdf import render_turtle
from vhkg.rendering.site.patient import sentence_report
from vhkg.rendering.text import render_text
from vhkg.server.limits import Form, Sent, form
from vhkg.server.pages.patient_answering import Answering
from vhkg.server.pages.patient_facts import Subject
from vhkg.server.pages.patient_form import Asked, asked_of
from vhkg.server.pages.patient_held import Held, hold
from vhkg.server.problems import Refused, of_error, refuse
from vhkg.server.service import Service
from vhkg.server.uploads import Question, file_name, read

_DOWNLOADS = {
    "json": "application/json",
    "ttl": "text/turtle",
    "csv": "text/csv",
    "txt": "text/plain",
}
_OTHER_FIELDS = 40
_VARY = {"Vary": "VHKG-Fragment, VHKG-Picture"}


def routes(service: Service) -> list[BaseRoute]:
    page = _Patient(service)
    return [Route("/", page.get), Route("/", page.post, methods=["POST"])]


class _Patient:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._answering = Answering(service.knowledge)
        self._empty: bytes | memoryview | None = None
        content = service.content
        self._fields = 2 * len(content.findings) + len(content.readings) + _OTHER_FIELDS

    async def get(self, request: Request) -> Response:
        """An empty page, or with `sentence` a report on a sentence to send to whoever keeps the knowledge."""
        if "sentence" in request.query_params:
            return self._report(request)
        return await run_in_threadpool(self._start)

    def _start(self) -> Response:
        """The empty page is the same for everybody and made once."""
        if self._empty is None:
            self._empty = self._page(Asked(subject=Subject())).body
        return HTMLResponse(self._empty, headers=_VARY)

    async def post(self, request: Request) -> Response:
        settings = self._service.settings
        sent = await form(request, limit=settings.upload, seconds=settings.patience, fields=self._fields)
        dropped, problem, status = None, "", HTTPStatus.OK
        file = sent.files.get("file")
        if file is not None and file.content:
            try:
                dropped = await self._held(file)
            except (VhkgError, Refused) as error:
                refused = error if isinstance(error, Refused) else of_error(error, self._service.names)
                problem, status = refused.detail, refused.status
        elif file is not None:
            problem, status = "The file is empty.", HTTPStatus.UNPROCESSABLE_ENTITY
        fragment = request.headers.get("vhkg-fragment") == "answer"
        picture = request.headers.get("vhkg-picture", "")
        return await run_in_threadpool(
            self._answered, sent, dropped, problem, status, fragment=fragment, picture=picture
        )

    async def _held(self, file: Sent) -> Held:
        name = file_name(file.name)
        found = await read(self._service, Question(document(name, file.content)))
        return hold(name, found)

    def _answered(
        self, sent: Form, dropped: Held | None, problem: str, status: HTTPStatus, *, fragment: bool, picture: str
    ) -> Response:
        asked = asked_of(sent, self._service.content, self._service.stamp.digest, dropped)
        if asked.download:
            return self._download(asked)
        return self._page(asked, problem, status, fragment=fragment, picture=picture)

    def _page(
        self,
        asked: Asked,
        problem: str = "",
        status: HTTPStatus = HTTPStatus.OK,
        *,
        fragment: bool = False,
        picture: str = "",
    ) -> Response:
        values = self._answering.values(asked, picture if fragment else "")
        template = "patient_fragment.html" if fragment else "patient.html"
        page = self._service.site.page(template, here="/", problem=problem, **values)
        return HTMLResponse(page, status, _VARY)

    def _download(self, asked: Asked) -> Response:
        if asked.download not in _DOWNLOADS:
            refuse(HTTPStatus.BAD_REQUEST, f"The answer is given as {', '.join(_DOWNLOADS)}.")
        if asked.subject.held is not None and asked.subject.held.at is None:
            refuse(HTTPStatus.BAD_REQUEST, "Choose a lesion first; a download is of one answer.")
        found, content = self._answering.document(asked), self._service.content
        text = {
            "json": lambda: render_json(found),
            "ttl": lambda: render_turtle(found, content),
            "csv": lambda: render_csv(found, content),
            "txt": lambda: render_text(found, content, audience=asked.audience, commands=False),
        }[asked.download]()
        disposition = f'attachment; filename="answer.{asked.download}"'
        kind = _DOWNLOADS[asked.download]
        return Response(text, media_type=kind, headers={"Content-Disposition": disposition})

    def _report(self, request: Request) -> Response:
        found = sentence_report(
            self._service.knowledge.document(()), self._service.content, request.query_params["sentence"]
        )
        if found is None:
            refuse(HTTPStatus.NOT_FOUND, "The knowledge has no sentence of this name.")
        fragment = request.headers.get("vhkg-fragment") == "report"
        template = "patient_report_fragment.html" if fragment else "patient_report.html"
        page = self._service.site.page(template, here="", report=found)
        return HTMLResponse(page, headers=_VARY)
