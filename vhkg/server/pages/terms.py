"""The Terms pages: the list with its search, and each term for people and as RDF."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from vhkg.errors import near_matches
from vhkg.exchange import Neighbourhoods, everything, write
from vhkg.knowledge.graph import local_name
from vhkg.knowledge.mappings import read_mappings
from vhkg.namespaces import Vhkg
from vhkg.rendering.site.terms import FORMS, Entry, Mapped, MappedSet, entries, groups, spaced, term_view
from vhkg.rendering.wording import joined
from vhkg.server.negotiation import preferred
from vhkg.server.problems import refuse
from vhkg.server.service import Service

HERE = "/terms"
HTML = "text/html"
_KINDS = (HTML, *(kind for _, _, kind in FORMS))
_WRITTEN = {"text/turtle": "ttl", "application/ld+json": "jsonld", "application/rdf+xml": "rdfxml",
            "application/n-triples": "nt"}  # fmt: skip
_LONGEST = 100
"""Letters of a search that are looked at."""


def routes(service: Service) -> list[BaseRoute]:
    page = _Terms(service)
    return [Route(HERE, page.listed), Route(HERE + "/{name}", page.term)]


class _Terms:
    """Handlers are no coroutines, so that what is gathered with the first request keeps no other waiting."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def listed(self, request: Request) -> Response:
        """All terms, or those in which every word of `q` occurs."""
        sought = request.query_params.get("q", "").strip()[:_LONGEST]
        words = sought.lower().split()
        found = [each for each in self._entries if each.matches(words)]
        near = [] if found else self._near(sought)
        page = self._service.site.page(
            "terms.html",
            here=HERE,
            sought=sought,
            groups=groups(found, opened=bool(words)),
            number=len(found),
            near=near,
        )
        return HTMLResponse(page)

    def term(self, request: Request) -> Response:
        """One term: as a page, or its neighbourhood in a form of RDF by Accept or by the ending of the name."""
        name, kind = self._asked(request)
        if name not in self._service.descriptions.names:
            return self._missing(name, request)
        if kind is None:
            refuse(HTTPStatus.NOT_ACCEPTABLE, f"This address gives {', '.join(_KINDS)}; accept one of them.")
        if kind != HTML:
            triples = self._neighbourhoods.of(self._service.descriptions.names[name])
            return Response(write(triples, _WRITTEN[kind]), media_type=kind)
        described = self._service.descriptions.of(self._service.descriptions.names[name])
        view = term_view(
            described,
            self._kinds[name],
            self._labels,
            self._service.content,
            self._mapped.get(name, ()),
        )
        return HTMLResponse(self._service.site.page("terms_term.html", here=HERE, term=view))

    def _asked(self, request: Request) -> tuple[str, str | None]:
        """The term, and the media type wanted. A name may hold a dot: it is taken as it is if it exists."""
        given = request.path_params["name"]
        if given not in self._service.descriptions.names:
            for ending, _, kind in FORMS:
                if given.endswith(ending):
                    return given.removesuffix(ending), kind
        return given, preferred(request.headers.get("accept", ""), _KINDS)

    def _missing(self, name: str, request: Request) -> Response:
        near = self._near(name)
        if preferred(request.headers.get("accept", ""), _KINDS) != HTML:
            mend = f"did you mean {joined(near, 'or')}?" if near else "/terms lists those that exist."
            refuse(HTTPStatus.NOT_FOUND, f"There is no term of that name; {mend}")
        page = self._service.site.page("terms_missing.html", here=HERE, near=near)
        return HTMLResponse(page, HTTPStatus.NOT_FOUND)

    def _near(self, name: str) -> list[str]:
        """Names close to one that does not exist, by name or by label."""
        names = {label: known for known, label in self._labels.items()} | {known: known for known in self._labels}
        return list(dict.fromkeys(names[each] for each in near_matches(name[:_LONGEST], names)))

    @cached_property
    def _labels(self) -> dict[str, str]:
        descriptions = self._service.descriptions
        return {name: descriptions.graph.label(iri) or name for name, iri in descriptions.names.items()}

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        graph = self._service.descriptions.graph
        sources = {graph.text(iri, Vhkg.marker): local_name(iri) for iri in graph.instances(Vhkg.Source)}
        return entries(self._service.content, self._labels, sources, self._mapped)

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {each.name: each.kind for each in self._entries}

    @cached_property
    def _mapped(self) -> dict[str, tuple[Mapped, ...]]:
        found: defaultdict[str, list[Mapped]] = defaultdict(list)
        for row in read_mappings(self._service.knowledge.files.ontology, self._service.content.iris):
            if row.found:
                found[local_name(row.subject)].append(
                    Mapped(
                        curie=row.curie,
                        iri=row.object,
                        label=row.label,
                        relation=spaced(local_name(row.predicate)),
                        negated=row.negated,
                        verified=row.verified,
                        justification=spaced(local_name(row.justification)),
                        confidence=str(row.confidence),
                        version=row.version,
                        comment=row.comment,
                        set=MappedSet(row.set.title, row.set.licence, row.set.comment),
                    )
                )
        ranked = {
            name: sorted(rows, key=lambda each: (each.negated, not each.verified)) for name, rows in found.items()
        }
        return {name: tuple(rows) for name, rows in ranked.items()}

    @cached_property
    def _neighbourhoods(self) -> Neighbourhoods:
        return Neighbourhoods(everything(self._service.published))
