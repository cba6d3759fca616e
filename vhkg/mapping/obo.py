"""An ontology in OBO, frame by frame (https://owlcollab.github.io/oboformat/doc/obo-syntax.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from vhkg.errors import InputError, UsageError
from vhkg.mapping.hierarchy import Collector, Hierarchy, expanded
from vhkg.namespaces import OBO

if TYPE_CHECKING:
    from vhkg.mapping.source import Stream


_RESERVED = ":/?#[]@!$&'()*+,;=%"
"""Characters of an IRI that are left as they are."""


def read_obo(stream: Stream) -> Hierarchy:
    """The hierarchy. Raises InputError, and UsageError where fastobo is not installed."""
    try:
        import fastobo
    except ImportError as error:
        raise UsageError(
            "reading OBO needs the package fastobo",
            file=stream.name,
            mend="pip install 'vhkg[link]', or give the ontology as Turtle or RDF/XML",
        ) from error
    found = Collector()
    try:
        frames = fastobo.iter(stream)
        header = list(frames.header())
        spaces = {str(clause.prefix): str(clause.url) for clause in header if clause.raw_tag() == "idspace"}
        for frame in frames:
            if isinstance(frame, fastobo.term.TermFrame):
                _term(frame, found, spaces)
    except (SyntaxError, ValueError, TypeError, OSError, RuntimeError) as error:
        if stream.fault is not None:
            raise stream.fault from error
        line = getattr(error, "lineno", None)
        message = error.msg if isinstance(error, SyntaxError) and error.msg else str(error)
        raise InputError(
            f"not OBO: {' '.join(message.split())[:200].rstrip('.')}",
            file=stream.name,
            place=f"line {line}" if line else None,
            mend="correct the syntax",
        ) from error
    if stream.fault is not None:
        raise stream.fault
    return found.hierarchy(stream.name, _version({clause.raw_tag(): clause.raw_value() for clause in header}))


def _term(frame: Any, found: Collector, spaces: dict[str, str]) -> None:
    iri = expanded(str(frame.id), spaces)
    for clause in frame:
        tag = clause.raw_tag()
        if tag == "is_a":
            found.parents[iri].add(expanded(str(clause.term), spaces))
        elif tag == "name":
            found.label(iri, str(clause.name), "")
        elif tag == "is_obsolete" and clause.obsolete:
            found.deprecated.add(iri)
        elif tag == "replaced_by":
            found.replaced[iri].add(expanded(str(clause.term), spaces))
        elif tag == "alt_id":
            found.absorbed[expanded(str(clause.alt_id), spaces)].add(iri)
    found.classes.add(iri)


def _version(header: dict[str, str]) -> str:
    """The version IRI that the format's rule makes of ``data-version``, or the ontology's IRI."""
    ontology, version = header.get("ontology", ""), header.get("data-version", "")
    for iri in (version, ontology):
        if "://" in iri:
            return quote(iri, safe=_RESERVED)
    if not ontology:
        return ""
    name = ontology.removesuffix(".obo").removesuffix(".owl")
    if not version:
        return OBO + quote(f"{name}.owl")
    dated = version.removeprefix(f"{name}/").removesuffix(f"/{name}.owl")
    return OBO + quote(f"{name}/{dated}/{name}.owl")
