"""RDF parsing: hostile text neither crashes nor hangs, and faults have a place.

Each text is run in this process: were a bound lost, the suite would die or pass its time limit. What happens
without the bounds is in the docstrings of vhkg.intake.turtle and vhkg.intake.xml.
"""

from __future__ import annotations

import contextlib
import random

import pyoxigraph as ox
import pytest

from tests.intake.support import CONTEXT, PREFIXES
from tests.support import ends
from vhkg.errors import InputError, RefusedInput
from vhkg.intake import Iri, Literal, document
from vhkg.intake.rdf import MAX_TRIPLES, parse_triples
from vhkg.intake.turtle import check_turtle

SIZE = 1_900_000
START = b"<urn:a> <urn:p> "
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a#">'


def filled(part: bytes, size: int = SIZE) -> bytes:
    return part * (size // len(part))


HOSTILE = {
    "open square brackets": ("a.ttl", START + filled(b"[<urn:p> ")),
    "closed square brackets": ("a.ttl", START + filled(b"[<urn:p> ", SIZE // 2) + b"1" + b"]" * (SIZE // 20) + b"."),
    "open round brackets": ("a.ttl", START + filled(b"(")),
    "braces": ("a.trig", filled(b"{")),
    "triple terms": ("a.ttl", START + filled(b"<<( <urn:a> <urn:p> ")),
    "closed triple terms": (
        "a.nt",
        START + b"<<( <urn:a> <urn:p> " * 40_000 + b"<urn:a>" + b" )>>" * 40_000 + b" .",
    ),
    "reified triples": ("a.ttl", filled(b"<<")),
    "annotations": ("a.ttl", START + b"<urn:o> " + filled(b"{| <urn:p> <urn:o> ")),
    "growing base": ("a.ttl", filled(b"@base <urn:x/> . @base <y/> .")),
    "long base": ("a.ttl", b"@base <http://a/" + b"b/" * 400_000 + b"> . " + b"<c> <p> <d> . " * 50_000),
    "long prefix": ("a.ttl", b"@prefix p: <urn:" + b"b" * 900_000 + b"> . p:a p:b " + b"[ p:c " * 150_000),
    "long IRI": ("a.nt", b"<urn:" + b"a" * SIZE + b"> <urn:p> <urn:o> ."),
    "many triples": ("a.ttl", START + filled(b"1,") + b"1 ."),
    "unclosed long text": ("a.ttl", START + b'"""' + filled(b"a\n")),
    "unclosed text": ("a.ttl", START + b'"' + filled(b"a")),
    "escaped quotes": ("a.ttl", START + filled(b"\\'''")),
    "quotes": ("a.ttl", START + filled(b'"') + b'"'),
    "mixed quotes": ("a.ttl", START + filled(b"\"'")),
    "dots": ("a.ttl", b"@prefix e: <urn:e> . e:a" + filled(b".")),
    "blank node dots": ("a.ttl", b"_:a" + filled(b".") + b"b"),
    "long language": ("a.ttl", START + b'"a"@en' + filled(b"-a")),
    "long number": ("a.ttl", START + filled(b"1")),
    "escapes": ("a.ttl", START + b'"' + filled(b"\\u0041") + b'"'),
    "deep XML": ("a.rdf", RDF + filled(b"<a:b><a:c>")),
    "many attributes": (
        "a.rdf",
        RDF + b"<a:b " + b"".join(b'a:x%d="u" ' % i for i in range(100_000)) + b"/></rdf:RDF>",
    ),
    "many namespaces": ("a.rdf", b"<a " + b"".join(b'xmlns:a%d="urn:a#" ' % i for i in range(70_000)) + b"/>"),
    "nested namespaces": (
        "a.rdf",
        RDF
        + b"".join(b"<a:b %s><a:c>" % b" ".join(b'xmlns:z%d_%d="q"' % (i, j) for j in range(50)) for i in range(30)),
    ),
    "long attribute": ("a.rdf", RDF + b'<a:b xml:base="urn:' + b"b" * SIZE + b'"/></rdf:RDF>'),
    "deep XML literal": ("a.rdf", RDF + b'<a:b><a:c rdf:parseType="Literal">' + filled(b"<z>")),
    "long collection": (
        "a.rdf",
        RDF + b'<a:b><a:c rdf:parseType="Collection">' + filled(b"<a:b/>") + b"</a:c></a:b></rdf:RDF>",
    ),
    "unclosed tags": ("a.rdf", filled(b"<")),
    "deep JSON": ("a.jsonld", filled(b"[")),
    "deep JSON objects": ("a.jsonld", filled(b'{"@graph":')),
    "long JSON list": ("a.jsonld", b'{"@id":"urn:a","urn:p":[' + b'"1",' * 450_000 + b'"1"]}'),
    "unclosed JSON text": ("a.jsonld", b'{"@id":"' + filled(b"\\\\")),
    "JSON quotes": ("a.jsonld", b'{"@id":' + filled(b'\\"')),
    "long JSON number": ("a.jsonld", b'{"@id":' + filled(b"1") + b"}"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_and_does_not_hang(name: str) -> None:
    file, raw = HOSTILE[name]
    found = document(file, raw)
    with ends():
        if name in ("escapes", "long number"):
            with pytest.raises(InputError):
                parse_triples(document(file, raw + b" . x"))
        else:
            with pytest.raises(InputError) as caught:
                parse_triples(found, context=CONTEXT)
            assert len(str(caught.value)) < 500


def test_as_many_triples_as_allowed() -> None:
    raw = START + b",".join(b"<urn:%d>" % i for i in range(MAX_TRIPLES)) + b" ."
    assert len(parse_triples(document("a.ttl", raw))) == MAX_TRIPLES


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.ttl", "<urn:a>\n  <urn:p> x .", "a.ttl, line 2, column 11: not Turtle: x is not a valid RDF object"),
        ("a.ttl", "<urn:a>\n <urn:p> zz:a .", "line 2, column 10: not Turtle: The prefix zz: has not been declared"),
        ("a.ttl", "<a> <urn:p> <urn:b> .", "line 1, column 1: not Turtle: No scheme found"),
        ("a.ttl", '<urn:a> <urn:p>\n"x .', 'line 2: not Turtle: " is not closed or escaped'),
        ("a.ttl", "<urn:a> <urn:p> <urn:b c> .", "line 1: not Turtle: < is not closed or escaped"),
        ("a.nt", "# a\r<urn:a> <urn:p> <urn:b>\r<urn:a> .", "line 3, column 1: not N-Triples"),
        ("a.rdf", "<rdf:RDF>\n<a></b></rdf:RDF>", "line 2, column 6: not XML: mismatched tag"),
        ("a.rdf", "<x>&foo;</x>", "not XML: undefined entity"),
        ("a.rdf", RDF.decode() + '<a:b rdf:about="q"/></rdf:RDF>', "not RDF/XML"),
        ("a.jsonld", '{\n "@id": }', "line 2, column 9: not JSON: expecting value"),
    ],
)
def test_syntax_errors_have_a_place(file: str, text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_triples(document(file, text.encode()), context=CONTEXT)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        ("a.trig", "<urn:g> { <urn:a> <urn:p> <urn:b> }", "a named graph, urn:g"),
        ("a.nq", "<urn:a> <urn:p> <urn:b> _:g .", "a named graph"),
        ("a.ttl", '<urn:a> <urn:p> "x"@ar--rtl .', "base direction"),
        ("a.ttl", "<urn:a> <urn:p> <<( <urn:a> <urn:p> <urn:b> )>> .", "a statement about a statement"),
        ("a.ttl", "<urn:a> <urn:p> <urn:b> ~ <urn:r> .", "a statement about a statement"),
        ("a.rdf", '<!DOCTYPE a [<!ENTITY b "c">]><a/>', "a document type or entity is declared"),
        ("a.rdf", '<!doctype a SYSTEM "file:///etc/passwd"><a/>', "a document type or entity is declared"),
        ("a.rdf", '<?xml version="1.0"?>\n<!-- a -->\n<!DOCTYPE a><a/>', "line 3: a document type"),
    ],
)
def test_what_is_well_formed_and_not_allowed(file: str, text: str, expected: str) -> None:
    with pytest.raises(RefusedInput) as caught:
        parse_triples(document(file, text.encode()))
    assert expected in str(caught.value)


def test_another_encoding_is_refused() -> None:
    with pytest.raises(InputError, match="encoding"):
        parse_triples(document("a.rdf", b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>'))


@pytest.mark.parametrize("file", ["a.ttl", "a.trig", "a.nt", "a.nq"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(file: str, end: str) -> None:
    """Elsewhere, rdflib reads no triple after a comment where lines end in CR."""
    text = end.join(["# one", "<urn:a> <urn:p> <urn:b> .# two", "<urn:a> <urn:p> <urn:c>.", "# three", ""])
    triples = parse_triples(document(file, text.encode()))
    assert triples == ((Iri("urn:a"), "urn:p", Iri("urn:b")), (Iri("urn:a"), "urn:p", Iri("urn:c")))


def test_n_triples_survive_what_owlready2_corrupts() -> None:
    """An IRI directly before the full stop, a trailing comment, NaN, long decimals."""
    number = "0.1234567890123456789012345"
    xsd = "http://www.w3.org/2001/XMLSchema#"
    text = (
        f"<urn:a> <urn:p> <urn:long>.\n<urn:a> <urn:q> <urn:b> . # c\n"
        f'<urn:a> <urn:r> "NaN"^^<{xsd}double>.\n<urn:a> <urn:s> "{number}"^^<{xsd}decimal> .'
    )
    objects = [value for _, _, value in parse_triples(document("a.nt", text.encode()))]
    assert objects == [Iri("urn:long"), Iri("urn:b"), Literal("NaN", f"{xsd}double"), Literal(number, f"{xsd}decimal")]


@pytest.mark.parametrize(
    "text",
    [
        PREFIXES + "<urn:a> rdfs:label 'it\\'s', \"\"\"two \"quotes\" # no comment\n<<not a term>>\"\"\", '''\\'''' .",
        "@base <http://a.example/b/> . <c#d> <p> <../e> . # @base <urn:no>",
        'BASE <http://a.example/> PREFIX base: <urn:base:> <x> base:p base:q\\,r, base:s\\~t, "base"@en .',
        "<urn:a> <urn:p> ( 1 2 ( ) ), [ <urn:q> [] ], true, 1.5e3, -4 .",
        "PREFIX : <urn:x:> :a :p :é, :b%20c, :d.e, _:f.g .",
    ],
)
def test_the_scan_lets_valid_turtle_through(text: str) -> None:
    assert parse_triples(document("a.ttl", text.encode()))


PARTS = [
    *("<urn:a>", "_:x", "e:p", "e:a\\,b", "e:", "e:%20", "<c>", "<urn:\\u0041>", "true", "1", "-1.5", "1e3", "a", "é"),
    *("'s'", '"s"', '"""l"q"""', "'''l'''", '"\\""', '""', '"\\u0041"', '"a"@en', '"1"^^e:d'),
    *(".", ";", ",", "[", "]", "(", ")", "{", "}", "#c\n", "\r", "@prefix e: <urn:e:> ."),
    *("<", ">", "\\", '"', "'", "|", "~", "^", "@", "<<", ">>", "{|", "|}"),
]


def test_the_scan_lets_through_whatever_the_parser_reads() -> None:
    """Random text from the grammar's pieces: the scan may refuse triple terms, and nothing else."""
    generator = random.Random(1)
    read = 0
    for _ in range(6000):
        words = generator.choice((" ", "")).join(generator.choice(PARTS) for _ in range(generator.randint(1, 10)))
        found = document("a.trig", f"@prefix e: <urn:e:> . <urn:a> <urn:p> {words} .".encode())
        try:
            for _ in ox.parse(found.content, format=ox.RdfFormat.TRIG):
                pass
        except (SyntaxError, ValueError):
            continue
        read += 1
        with contextlib.suppress(RefusedInput):
            check_turtle(found)
    assert read > 50


def test_other_formats_are_not_rdf() -> None:
    with pytest.raises(InputError, match="CSV is not RDF"):
        parse_triples(document("a.csv", b"x"))
