"""What the text of a query may hold, before any parser sees it."""

from __future__ import annotations

import pytest

from vhkg.errors import UsageError
from vhkg.stores.screening import LONGEST, form, screen

ALLOWED = {
    "SELECT * { ?s ?p ?o }": ("SELECT", False),
    "# SERVICE in a comment (((((((((((((((((((((((((((\nASK { ?s ?p 'FROM SERVICE {{{{{{{{{{{{{{{{{{{{{{{{{{{' }": (
        "ASK",
        False,
    ),
    "BASE <http://x/> PREFIX a: <http://y/#>\nPREFIX : <z> construct { ?s ?p ?o } { ?s ?p ?o }": ("CONSTRUCT", False),
    "DESCRIBE <http://example.org/SERVICE#FROM>": ("DESCRIBE", False),
    "PREFIX e: <http://x/> SELECT ?from ?load { ?service e:from ?from ; e:add-from ?load } ORDER BY ?from": (
        "SELECT",
        True,
    ),
    "SELECT * { { SELECT ?x { ?x ?y ?z } ORDER BY ?x } }": ("SELECT", False),
    'SELECT * { ?s ?p """a "quoted" \'\'\' {{{{{{{{{{{{{{{{{{{{{{{{{{ text""" , "\\"" , \'\\\'\' }': ("SELECT", False),
    "SELECT * { ?s ?p ?o FILTER(?a<3 && ?b>4 && !(?c <= ?d)) }": ("SELECT", False),
    "SELECT * { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*)>1) ORDER\nBY DESC(?s)": ("SELECT", True),
    "PREFIX payload: <http://x/> SELECT * { ?s payload:x ?o }": ("SELECT", False),
}
REFUSED = {
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }": "SERVICE",
    "SELECT * { serVice SILENT ?x { ?s ?p ?o } }": "SERVICE",
    "ASK { ?s ?p trueSERVICE <http://x/> {} }": "SERVICE",
    "ASK { ?s ?p 1SERVICE <http://x/> {} }": "SERVICE",
    "ASK { ?s ?p <http://a>SERVICE<http://x/> {} }": "SERVICE",
    "PREFIX e: <http://x/> ASK { ?s ?p e:b.SERVICE <http://x/> {} }": "SERVICE",
    "PREFIX e: <http://x/> ASK { SERVICEe:b {} }": "SERVICE",
    'SELECT * { FILTER(?a<?b#>"""\n) SERVICE <http://x/> {} #"""\n }': "in full",
    "SELECT * { FILTER(?a<e:b#>'''\n) SERVICE <http://x/> {} #'''\n }": "in full",
    "SELECT * { FILTER(?a<#>'''\n?b) SERVICE <http://x/> {} #'''\n }": "in full",
    "SELECT * FROM <http://x/> { ?s ?p ?o }": "FROM",
    "SELECT * FROM NAMED <http://x/> { ?s ?p ?o }": "FROM",
    "ASKFROM<http://x/> { ?s ?p ?o }": "FROM",
    "SELECT * { ?s ?p ?o } # x\rFROM": "FROM",
    "LOAD <http://x/>": "LOAD",
    "INSERT DATA { <a> <b> <c> }": "INSERT",
    "PREFIX a: <b> DELETE WHERE { ?s ?p ?o }": "DELETE",
    "CLEAR ALL": "CLEAR",
    "WITH <a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": "WITH",
    "": "none of",
    "PREFIX a: <b>": "none of",
    "SELECT * { S\\u0045RVICE <http://x/> {} }": "codepoint",
    "SELECT * { ?s ?p 'open }": "not closed",
    "SELECT * { ?s ?p 'line\nfeed' }": "not closed",
    "SELECT * { ?s ?p '\0' }": "not text",
    "SELECT * { ?s ?p '\ud800' }": "not text",
    "SELECT * " + "{" * 21: "nested",
    "SELECT * { FILTER" + "(" * 20: "nested",
    "SELECT * { ?s ?p " + "[ ?p " * 20: "nested",
    "SELECT * { " + "<< " * 20: "nested",
    "SELECT * { FILTER(" + "! " * 21 + "true) }": "nested",
    "SELECT * { FILTER(" + "!#\n" * 21 + "true) }": "nested",
    "SELECT * { FILTER(" + "- " * 21 + "1) }": "nested",
    "SELECT * { ?s " + "^" * 21 + "?p ?o }": "nested",
    "SELECT * { ?s <a>" + "/<a>" * 201 + " ?o }": "path",
    "SELECT * { ?s <a>" + "|<a>" * 201 + " ?o }": "path",
    "SELECT * { ?s ?p '" + "x" * LONGEST + "' }": "longer",
    "SELECT * { ?s ?p '" + "é" * (LONGEST // 2) + "' }": "longer",
}


@pytest.mark.parametrize("text", ALLOWED)
def test_a_harmless_query_passes(text: str) -> None:
    assert screen(text) == ALLOWED[text]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:40]))
def test_a_harmful_query_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match=REFUSED[text]):
        screen(text)


def test_the_limit_itself_is_allowed() -> None:
    text = "SELECT * " + "{" * 20 + "}" * 20
    assert screen(text + " " * (LONGEST - len(text))).form == "SELECT"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BASE <http://x/> SELECT * { <#a> ?p ?o }", "SELECT"),
        ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SELECT"),
        (r"ASK FROM <http://x/> { ?s ?p '\u0041' }", "ASK"),
        ("CONSTRUCT " + "{" * 30 + "}" * 30, "CONSTRUCT"),
    ],
)
def test_a_server_of_the_users_may_be_asked_for_more(text: str, kind: str) -> None:
    assert form(text).form == kind
    with pytest.raises(UsageError):
        screen(text)


@pytest.mark.parametrize("text", ["LOAD <http://x/>", "INSERT DATA { }", "WITH <g> DELETE { } WHERE { }", "", "x"])
def test_but_not_to_change_anything(text: str) -> None:
    with pytest.raises(UsageError):
        form(text)
