"""The Article page, and a page for each sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.answering.algorithm import algorithm, standings
from vhkg.answering.meetings import smallest_states, tension_meetings
from vhkg.errors import near_matches
from vhkg.model.algorithm import Room, Way
from vhkg.model.content import Content
from vhkg.model.table import AtomKind
from vhkg.namespaces import Dcterms, Vhkg
from vhkg.rendering.site.article import BECAME, ArticleView, article_view
from vhkg.rendering.site.article_sheet import sheet
from vhkg.rendering.site.article_values import Gathered, Met, State
from vhkg.rendering.site.map import Links, picture
from vhkg.server.service import Service

HERE = "/article"


def routes(service: Service) -> list[BaseRoute]:
    page = _Article(service)
    return [Route(HERE, page.article), Route(HERE + "/{name}", page.sentence)]


class _Article:
    """What the pages show is the same for every request, and gathered with the first."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def article(self, request: Request) -> Response:
        """All of it; `became` shows the passages of one disposition only."""
        chosen = request.query_params.get("became", "")
        page = self._service.site.page(
            "article.html",
            here=HERE,
            view=self._view,
            chosen=chosen if chosen in BECAME else "",
            picture=self._picture,
        )
        return HTMLResponse(page)

    def sentence(self, request: Request) -> Response:
        """One sentence, or claim, with all that was made of it."""
        service, name = self._service, request.path_params["name"]
        statements = service.content.statements
        if name not in statements:
            near = near_matches(name, statements)
            page = service.site.page("article_missing.html", here=HERE, near=near)
            return HTMLResponse(page, HTTPStatus.NOT_FOUND)
        found = sheet(service.content, self._gathered, name)
        return HTMLResponse(service.site.page("article_sentence.html", here=HERE, sheet=found))

    @cached_property
    def _view(self) -> ArticleView:
        return article_view(self._service.content, self._gathered)

    @cached_property
    def _picture(self) -> str:
        drawn = algorithm(self._service.knowledge)
        return picture(drawn, standings(drawn), links=Links(patient="/", article=""))

    @cached_property
    def _gathered(self) -> Gathered:
        return gathered(self._service)


def gathered(service: Service) -> Gathered:
    """What the pages show besides the content."""
    graph, content = service.descriptions.graph, service.content
    drawn = algorithm(service.knowledge)
    return Gathered(
        digest=service.stamp.digest,
        text=service.article,
        publisher=graph.text(content.iris[content.article.name], Dcterms.publisher),
        expressions={name: service.descriptions.definition(content.iris[name]) for name in _conditions(content)},
        states=_states(service),
        meetings=_meetings(service),
        rooms=frozenset(room.silence for room in (*_rooms(drawn.way), *drawn.factors)),
        sources={graph.text(iri, Vhkg.marker): graph.name_of(iri) for iri in graph.instances(Vhkg.Source)},
    )


def _rooms(way: Way) -> Iterator[Room]:
    for stretch in (way.within, way.beside):
        yield from stretch.rooms
    for arm in way.arms():
        yield from _rooms(arm)


def _conditions(content: Content) -> set[str]:
    return {name for each in content.recommendations for name in (each.condition, each.exclusion) if name}


def _states(service: Service) -> dict[str, tuple[State, ...]]:
    """For each recommendation, the smallest records in which it is in force at the default readings."""
    knowledge = service.knowledge
    decider, table = knowledge.decider, knowledge.compiled.table
    base = decider.guards.literals(decider.guards.chosen({}))
    return {
        each.name: _named(service, smallest_states(table, decider.evaluator, base, [each.name]))
        for each in knowledge.content.recommendations
    }


def _meetings(service: Service) -> dict[str, tuple[Met, ...]]:
    return {
        tension.tension: tuple(
            Met(meeting.recommendations, _named(service, meeting.states)) for meeting in tension.meetings
        )
        for tension in tension_meetings(service.knowledge)
    }


def _named(service: Service, states: tuple[tuple[int, ...], ...]) -> tuple[State, ...]:
    """Literals as findings, in the order in which people are shown them. Readings stand at their defaults."""
    atoms = service.knowledge.compiled.table.atoms
    order = {name: place for place, name in enumerate(service.content.findings)}
    found = []
    for state in states:
        facts = [(atoms[abs(each) - 1], each > 0) for each in state]
        named = [(atom.name, present) for atom, present in facts if atom.kind is AtomKind.FINDING]
        found.append(tuple(sorted(named, key=lambda fact: order.get(fact[0], len(order)))))
    return tuple(found)
