"""Results of SPARQL in the formats that the recommendations of the W3C name, up to limits, in a stable order.

Tables are written here, since the engine's own writers know no limit: SPARQL 1.1 Query Results JSON, XML, and CSV and
TSV Formats (https://www.w3.org/TR/sparql11-overview/#sparql11-results); terms of RDF 1.2 as in its drafts. Graphs are
written by the engine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

import msgspec
import pyoxigraph as ox

from vhkg.namespaces import DESCRIBING, ITS, PREFIXES, SPARQL_RESULTS, Xsd

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Solution = Sequence[Term | None]
_Row = Callable[[Solution], bytes]
TABLES = ("json", "xml", "csv", "tsv")
GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
TELLING = ("json", "xml")
"""Formats that have a place, head/link, in which a result says that it was cut."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOCAL = re.compile(r"[A-Za-z_\u00c0-\uffff][\w.\u00b7-]*$")
_QUOTED_CELL = re.compile('[",\r\n]')


class Unwritable(ValueError):
    """The result holds what the format cannot express."""


class Written(msgspec.Struct, frozen=True):
    """`rows` of a table or triples of a graph. `cut`: there were more than the limits let through."""

    body: bytes
    rows: int
    cut: bool = False


def write_truth(truth: bool, form: str) -> Written:
    """The answer of an ASK. CSV and TSV do not define one: it is the sole cell of the column `answer`."""
    word = b"true" if truth else b"false"
    body = {
        "json": b'{"head":{},"boolean":' + word + b"}",
        "xml": _xml_start((), ()) + b"<boolean>" + word + b"</boolean></sparql>",
        "csv": b"answer\r\n" + word + b"\r\n",
        "tsv": b"?answer\n" + word + b"\n",
    }
    return Written(body[form], 1)


def write_table(
    columns: Sequence[str],
    solutions: Iterable[Solution],
    form: str,
    *,
    rows: int,
    size: int,
    ordered: bool,
    link: str,
) -> Written:
    """The rows up to the limits; one more is looked for, so that a cut is known to be one.

    Rows that the query puts in no order are sorted by their text. `link` is what the head of a cut result refers to.
    Raises Unwritable.
    """
    row = _ROWS[form](columns)
    lines: list[bytes] = []
    length, cut = 0, False
    for solution in solutions:
        line = row(solution)
        length += len(line) + 1
        if len(lines) == rows or length > size:
            cut = True
            break
        lines.append(line)
    if not ordered:
        lines.sort()
    links = (link,) if cut else ()
    return Written(_FRAMES[form](columns, links, lines), len(lines), cut)


def write_graph(triples: Iterable[ox.Triple], form: str, *, rows: int, size: int) -> Written:
    """The triples up to the limits, each once, sorted; `size` is of their N-Triples. Raises Unwritable."""
    found: dict[str, ox.Triple] = {}
    length, cut = 0, False
    for triple in triples:
        text = str(triple)
        if text in found:
            continue
        length += len(text.encode()) + 3
        if len(found) == rows or length > size:
            cut = True
            break
        found[text] = triple
    chosen = [found[text] for text in sorted(found)]
    if form == "rdfxml":
        _fit_for_rdfxml(chosen)
    return Written(graph_bytes(chosen, form), len(chosen), cut)


def graph_bytes(triples: Sequence[ox.Triple], form: str) -> bytes:
    """A graph in a format of `GRAPHS`, with the prefixes that it uses."""
    used = {text for triple in triples for text in _iris(triple)}
    prefixes = {
        name: iri for name, iri in (PREFIXES | DESCRIBING).items() if any(text.startswith(iri) for text in used)
    }
    return ox.serialize(triples, format=GRAPHS[form], prefixes=prefixes) or b""


def _iris(triple: ox.Triple) -> Iterator[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal) and not term.language and term.datatype.value != Xsd.string:
            yield term.datatype.value
        elif isinstance(term, ox.Triple):
            yield from _iris(term)


def _fit_for_rdfxml(triples: Iterable[ox.Triple]) -> None:
    """RDF/XML names a property by an XML name, and writes text as XML: not every graph fits in (section 2.6)."""
    for triple in triples:
        if not _LOCAL.search(triple.predicate.value):
            raise Unwritable("holds a property whose IRI does not end in an XML name; ask for Turtle")
        if isinstance(triple.object, ox.Triple):
            raise Unwritable("holds a triple term; ask for Turtle")
        if isinstance(triple.object, ox.Literal):
            _xml_text(triple.object.value)


# --- JSON


def _json_term(term: Term) -> dict[str, object]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _json_term(part) for name, part in parts.items()}}
    found: dict[str, object] = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
        if term.direction:
            found["its:dir"] = _direction(term)
    elif term.datatype.value != Xsd.string:
        found["datatype"] = term.datatype.value
    return found


def _json_row(columns: Sequence[str]) -> _Row:
    def row(solution: Solution) -> bytes:
        bound = zip(columns, solution, strict=True)
        return msgspec.json.encode({name: _json_term(term) for name, term in bound if term is not None})

    return row


def _json_frame(columns: Sequence[str], links: Sequence[str], lines: Sequence[bytes]) -> bytes:
    head: dict[str, object] = {"vars": columns}
    if links:
        head["link"] = links
    start = b'{"head":' + msgspec.json.encode(head) + b',"results":{"bindings":['
    return start + b",\n".join(lines) + b"]}}\n"


# --- XML


def _xml_text(text: str) -> str:
    """A carriage return is written as a reference, since parsers make a line feed of it."""
    if _NOT_XML.search(text):
        raise Unwritable("holds a character that XML does not allow; ask for JSON or Turtle")
    return escape(text, {"\r": "&#13;"})


def _xml_term(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{term.value}</bnode>"
    if isinstance(term, ox.Triple):
        parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
        return f"<triple>{''.join(f'<{name}>{_xml_term(part)}</{name}>' for name, part in parts)}</triple>"
    kind = ""
    if term.language:
        kind = f" xml:lang={quoteattr(term.language)}"
        if term.direction:
            kind += f' its:dir="{_direction(term)}" xmlns:its="{ITS}" its:version="2.0"'
    elif term.datatype.value != Xsd.string:
        kind = f" datatype={quoteattr(term.datatype.value)}"
    return f"<literal{kind}>{_xml_text(term.value)}</literal>"


def _xml_row(columns: Sequence[str]) -> _Row:
    def row(solution: Solution) -> bytes:
        bound = zip(columns, solution, strict=True)
        cells = (f'<binding name="{name}">{_xml_term(term)}</binding>' for name, term in bound if term is not None)
        return f"<result>{''.join(cells)}</result>".encode()

    return row


def _xml_start(columns: Sequence[str], links: Sequence[str]) -> bytes:
    names = "".join(f'<variable name="{name}"/>' for name in columns)
    further = "".join(f"<link href={quoteattr(link)}/>" for link in links)
    return f'<?xml version="1.0"?>\n<sparql xmlns="{SPARQL_RESULTS}"><head>{names}{further}</head>'.encode()


def _xml_frame(columns: Sequence[str], links: Sequence[str], lines: Sequence[bytes]) -> bytes:
    return _xml_start(columns, links) + b"<results>\n" + b"\n".join(lines) + b"</results></sparql>\n"


# --- CSV and TSV


def _csv_term(term: Term | None) -> str:
    text = "" if term is None else _csv_text(term)
    return '"' + text.replace('"', '""') + '"' if _QUOTED_CELL.search(text) else text


def _csv_text(term: Term) -> str:
    if isinstance(term, (ox.NamedNode, ox.Literal)):
        return term.value
    if isinstance(term, ox.Triple):
        return " ".join(map(_csv_text, (term.subject, term.predicate, term.object)))
    return str(term)


def _tsv_term(term: Term | None) -> str:
    """The term as in N-Triples, where a tabulator is escaped."""
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(map(_tsv_term, (term.subject, term.predicate, term.object)))} )>>"
    return "" if term is None else str(term)


def _csv_row(_: Sequence[str]) -> _Row:
    return lambda solution: ",".join(map(_csv_term, solution)).encode()


def _tsv_row(_: Sequence[str]) -> _Row:
    return lambda solution: "\t".join(map(_tsv_term, solution)).encode()


def _csv_frame(columns: Sequence[str], _: Sequence[str], lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\r\n" for line in (",".join(columns).encode(), *lines))


def _tsv_frame(columns: Sequence[str], _: Sequence[str], lines: Sequence[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in ("\t".join(f"?{name}" for name in columns).encode(), *lines))


def _direction(term: ox.Literal) -> str:
    return str(term.direction)


_ROWS = {"json": _json_row, "xml": _xml_row, "csv": _csv_row, "tsv": _tsv_row}
_FRAMES = {"json": _json_frame, "xml": _xml_frame, "csv": _csv_frame, "tsv": _tsv_frame}
