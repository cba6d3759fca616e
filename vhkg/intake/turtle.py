"""What must hold of Turtle family text before pyoxigraph sees it.

Measured with pyoxigraph 0.5.13 on 2 MiB: nested triple terms end the process (SIGSEGV), a growing base and a
long prefix make it quadratic in time or memory, deep brackets take 8 s and 0.8 GB. With the bounds below
every parse is linear, so that it needs no child process. Every byte falls into one of the token kinds of the
grammar (https://www.w3.org/TR/turtle/#sec-grammar-grammar) or is a fault here, so that the scan and the
parser cannot disagree about where a text or an IRI ends. No token is tried twice: the scan is linear too.
"""

from __future__ import annotations

import re

from vhkg.errors import InputError, RefusedInput
from vhkg.intake.document import Document, line_number

MAX_NESTING = 64
MAX_IRI_LENGTH = 2048

_TOKEN = re.compile(
    rb"""
      (?P<skip>[\s;,]++|\#[^\r\n]*+)
    | (?P<text>\"\"\"(?:[^"\\]++|\\.|"(?!""))*+\"\"\" | \'\'\'(?:[^'\\]++|\\.|'(?!''))*+\'\'\'
        | "(?:[^"\\\r\n]++|\\.)*+" | '(?:[^'\\\r\n]++|\\.)*+')
    | (?P<triple><<|\{\||~)
    | (?P<iri><[^<>"{}|^`\x00-\x20]*+>)
    | (?P<open>[\[({])
    | (?P<close>[\])}])
    | (?P<word>(?:[^\s<>"'\#\[\](){},;~\\]++|\\.)++)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def check_turtle(document: Document) -> None:
    """Refuse triple terms, a second base, long IRIs and deep nesting."""
    content = document.content
    depth = bases = 0
    for token in _TOKEN.finditer(content):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
            if depth > MAX_NESTING:
                raise _fault(
                    InputError, document, token, f"brackets are nested deeper than {MAX_NESTING}", "flatten it"
                )
        elif kind == "close":
            depth -= 1
        elif kind == "triple":
            raise _fault(
                RefusedInput, document, token, "a statement about a statement (RDF 1.2 triple term)", "remove it"
            )
        elif kind == "iri" and token.end() - token.start() > MAX_IRI_LENGTH:
            raise _fault(InputError, document, token, f"an IRI is longer than {MAX_IRI_LENGTH} bytes", "shorten it")
        elif kind == "word" and token.group().lower() in (b"@base", b"base"):
            bases += 1
            if bases > 1:
                raise _fault(InputError, document, token, "a second base is declared", "keep one")
        elif kind == "other":
            found = token.group().decode("latin-1")
            raise _fault(
                InputError,
                document,
                token,
                f"not {document.format}: {found} is not closed or escaped",
                "correct the syntax",
            )


def _fault(kind: type[InputError], document: Document, token: re.Match[bytes], fault: str, mend: str) -> InputError:
    place = f"line {line_number(document.content, token.start())}"
    return kind(fault, file=document.name, place=place, mend=mend)
