"""Read the hierarchy of an ontology in any of the syntaxes; imports are not followed."""

from __future__ import annotations

from vhkg.mapping.hierarchy import Hierarchy
from vhkg.mapping.source import LIMIT, Syntax, opened


def read_hierarchy(path: str, *, limit: int = LIMIT) -> Hierarchy:
    """The classes of a file, or of standard input for ``-``.

    Raises InputError for what cannot be read, and UsageError for OBO where fastobo is not installed.
    """
    with opened(path, limit=limit) as stream:
        if stream.syntax is Syntax.OBO:
            from vhkg.mapping.obo import read_obo

            return read_obo(stream)
        from vhkg.mapping.owl import read_owl

        return read_owl(stream)
