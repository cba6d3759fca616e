"""Whether an engine holds a bridge to another ontology, and to which of its classes."""

from __future__ import annotations

from typing import Protocol

from vhkg.errors import UnknownName, UsageError
from vhkg.namespaces import Owl, Skos, Vhkg
from vhkg.stores.results import Rows

_BRIDGES = f"SELECT ?bridge WHERE {{ ?bridge a <{Vhkg.Bridge}> }} LIMIT 1"
_CLASSES = f"""SELECT ?class ?curie WHERE {{ ?class a <{Owl.Class}> ; <{Skos.notation}> ?curie }}
ORDER BY ?curie ?class"""


class Engine(Protocol):
    """Anything that answers a SELECT with rows of text, in the order of the query."""

    def select(self, text: str) -> Rows: ...


def require_link(query: str, engine: Engine, wanted: str) -> None:
    """Raise UsageError unless the engine holds a bridge and, if a class is wanted, that class, by CURIE or IRI."""
    if not engine.select(_BRIDGES).rows:
        raise UsageError(
            f"{query} asks through the classes of another ontology, and no bridge to one is loaded",
            mend="give your copy of it with --link FILE, or load what `vhkg link FILE` writes into the endpoint",
        )
    if not wanted:
        return
    rows = engine.select(_CLASSES).rows
    if not any(wanted in row for row in rows):
        raise UnknownName(wanted, "class of the bridge", [curie for _, curie in rows], listed_by="vhkg link FILE")
