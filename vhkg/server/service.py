"""What every route is given: one knowledge, its questions, its pages, and the settings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from anyio import CapacityLimiter

from vhkg.answering.knowledge import Knowledge
from vhkg.answering.published import published
from vhkg.exchange import Descriptions
from vhkg.model.answer import KnowledgeShown
from vhkg.model.content import Content
from vhkg.namespaces import BASE, KNOWLEDGE
from vhkg.rendering.site import Site
from vhkg.stores import Capacity, Catalogue, Limits

if TYPE_CHECKING:
    from vhkg.stores.queries import QueryService

_READING = 2
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Sizes are in bytes.

    `base` is the address under which others reach the service, without a slash at the end; empty: as each request
    names it. `hosts` are the names it answers to, ``*`` for any; `origins` are the web origins that may call CDS Hooks
    from a browser.
    """

    base: str = ""
    hosts: tuple[str, ...] = LOOPBACK
    origins: tuple[str, ...] = ()
    upload: int = 8 << 20
    form: int = 256 << 10
    held: int = 256 << 20
    """Of all bodies together, at any time."""
    lesions: int = 200
    facts: int = 5000
    """In one file: an answer is a hundred times as long as what it is about, and repeats what was superseded."""
    patience: float = 10.0
    """Seconds that a client has for sending a whole body."""
    sparql: Limits = Limits(rows=10_000, memory=256 << 20)
    """For one query at the endpoint; its rows are the most that a request may ask for."""
    sparql_rows: int = 1000
    """Rows of a result where the request does not say how many."""
    capacity: Capacity = Capacity()


class Service:
    """Immutable; made once, before any request."""

    def __init__(
        self, knowledge: Knowledge, settings: Settings | None = None, answers: bytes = b"", article: str = ""
    ) -> None:
        """`answers` are N-Triples for the SPARQL endpoint; `article` is the text of the article, if held."""
        self.knowledge = knowledge
        self.settings = settings or Settings()
        self.answers = answers
        self.article = article

    @cached_property
    def large_files(self) -> CapacityLimiter:
        """Who reads a large file; each takes seconds and some hundred MiB."""
        return CapacityLimiter(_READING)

    @property
    def content(self) -> Content:
        return self.knowledge.content

    @cached_property
    def stamp(self) -> KnowledgeShown:
        """Version, digest and review status, as each output carries them."""
        return self.knowledge.document(()).knowledge

    @cached_property
    def disclaimer(self) -> str:
        return self.knowledge.document(()).disclaimer

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the knowledge and of the words for patient data, which a message may repeat."""
        vocabulary = self.knowledge.compiled.vocabulary
        iris = (*vocabulary.classes, *vocabulary.predicates, *vocabulary.statuses)
        return self.site.names.union(iri.removeprefix(BASE) for iri in iris)

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.knowledge.files.queries)

    @cached_property
    def published(self) -> dict[str, bytes]:
        return published(self.knowledge)

    @cached_property
    def descriptions(self) -> Descriptions:
        """What there is to say of each term."""
        return Descriptions(self.knowledge.files.ontology, self.knowledge.compiled)

    @cached_property
    def site(self) -> Site:
        return Site(self.content, self.stamp, self.disclaimer)

    @cached_property
    def queries(self) -> QueryService:
        """Other people's SPARQL; the knowledge alone is also a graph by the name of what is published."""
        from vhkg.stores.queries import QueryService

        graph = KNOWLEDGE + self.stamp.digest[:16]
        return QueryService(
            self.published,
            self.answers,
            {graph: self.published},
            limits=self.settings.sparql,
            capacity=self.settings.capacity,
        )
