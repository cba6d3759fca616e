"""The second engine: rdflib, slower, there to show that the queries say the same on another implementation.

The only module that imports rdflib for queries, and it does so when used. It never sees data from outside.
"""

from __future__ import annotations

from collections.abc import Mapping

from vhkg.errors import EngineError
from vhkg.stores.results import Rows, shown_iri


class RdflibStore:
    """The same contract as `EmbeddedStore`."""

    def __init__(self, knowledge: Mapping[str, bytes], answers: bytes = b"") -> None:
        from rdflib import Graph

        self._graph = Graph()
        for name, content in sorted(knowledge.items()):
            if name.endswith(".ttl"):
                self._graph.parse(data=content.decode(), format="turtle")
        if answers:
            self._graph.parse(data=answers.decode(), format="turtle")

    def select(self, text: str) -> Rows:
        from rdflib import URIRef

        try:
            result = self._graph.query(text)
            if result.type != "SELECT" or result.vars is None:
                raise EngineError("the query is not a SELECT", mend="write it as one")
            columns = tuple(str(variable) for variable in result.vars)
            rows = tuple(
                tuple(
                    "" if term is None else shown_iri(str(term)) if isinstance(term, URIRef) else str(term)
                    for term in row
                )
                for row in result
                if isinstance(row, tuple)
            )
        except EngineError:
            raise
        except Exception as error:  # rdflib raises pyparsing's and its own errors without a common root
            raise EngineError(f"rdflib did not answer the query: {error}", mend="check the query") from error
        return Rows(columns, rows)
