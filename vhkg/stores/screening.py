"""What a query from outside may say, judged on its text before any parser sees it.

The parser of pyoxigraph dies by SIGSEGV on a few kilobytes of nesting, which no `except` catches, and its evaluator
fetches SERVICE without asking. So the text is cut here into the tokens of SPARQL 1.1 and refused unless it is
shallow, asks and does not change, and names no other source of data. Where our tokens and the parser's may part,
the reading here is the stricter one: the parser takes ``trueSERVICE<…>`` for two tokens, so a refused word is
refused inside a longer one too; and ``?a<?b#>`` may be an IRI or a comparison before a comment, so an IRI with a
fragment must be one that no comparison can be.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vhkg.errors import UsageError

LONGEST = 20_000
DEEPEST = 20
LONGEST_PATH = 200
"""Path operators in one query; each may cost the parser and the evaluator a stack frame."""

_TOKEN = re.compile(
    r"""
    (?P<space>[\x20\t\r\n]+|\#[^\r\n]*)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<string>\"\"\"(?:\"{0,2}(?:[^"\\]|\\[tbnrf\\"']))*\"\"\"
             |'''(?:'{0,2}(?:[^'\\]|\\[tbnrf\\"']))*'''
             |"(?:[^"\\\r\n]|\\[tbnrf\\"'])*"|'(?:[^'\\\r\n]|\\[tbnrf\\"'])*')
  | (?P<variable>[?$][A-Za-z0-9_\u0080-\U0010ffff]+)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<local>:[A-Za-z0-9_\u0080-\U0010ffff:%-]*)
  | (?P<word>[A-Za-z0-9_\u0080-\U0010ffff][A-Za-z0-9_\u0080-\U0010ffff-]*)
  | (?P<open><<|[({\[])
  | (?P<close>>>|[)}\]])
  | (?P<quote>["'])
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REFUSED = ("SERVICE", "FROM")
_UPDATES = ("INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "LOAD", "USING")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_CODEPOINT = re.compile(r"\\[uU]")


class Screened(NamedTuple):
    """`ordered`: the query itself says in which order its rows come."""

    form: str
    ordered: bool


class _Token(NamedTuple):
    kind: str
    text: str


def screen(text: str) -> Screened:
    """Accept a query or say in one sentence what is not allowed.

    Raises UsageError.
    """
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise UsageError(f"the query is longer than {LONGEST} bytes", mend="shorten it")
    if any("\ud800" <= character <= "\udfff" for character in text) or "\0" in text:
        raise UsageError("the query is not text", mend="save it as UTF-8")
    if _CODEPOINT.search(text):
        raise UsageError(r"codepoint escapes such as \u0041 are refused", mend="write the character itself")
    tokens = list(_shallow(_tokens(text)))
    _refuse_words(tokens)
    return Screened(_form(tokens), _ordered(tokens))


def form(text: str) -> Screened:
    """What a query is, for one that goes to a server of the user's own, which judges the rest: no update is sent.

    Raises UsageError.
    """
    tokens = list(_tokens(text, lenient=True))
    return Screened(_form(tokens), _ordered(tokens))


def _tokens(text: str, *, lenient: bool = False) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        kind = found.lastgroup or "other"
        if not lenient and kind == "iri" and "#" in found.group() and "//" not in found.group().partition("#")[0]:
            raise UsageError(f"the IRI {found.group()[:80]} is relative", mend="write it in full, as <https://…#…>")
        if not lenient and kind == "quote":
            raise UsageError("a string in the query is not closed", mend="close it, and escape quotes within it")
        if kind != "space":
            yield _Token(kind, found.group())


def _refuse_words(tokens: list[_Token]) -> None:
    for token in tokens:
        if token.kind == "word":
            word = token.text.upper()
            for refused in (*_REFUSED, "LOAD"):
                if word == refused or (refused in _REFUSED and refused in word):
                    raise UsageError(
                        f"{refused} is refused: a query reads the loaded data and nothing else",
                        mend=f"remove {refused}",
                    )


def _shallow(tokens: Iterable[_Token]) -> Iterator[_Token]:
    """The tokens as they come, up to the first that is too deep: what is hostile costs least."""
    depth = run = path = 0
    for token in tokens:
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth = max(0, depth - 1)
        prefix = token.kind == "other" and token.text in "!^+-"
        run = run + 1 if prefix else 0
        path += token.kind == "other" and token.text in "/|^*!"
        if depth > DEEPEST or run > DEEPEST:
            raise UsageError(f"the query is nested more than {DEEPEST} levels deep", mend="flatten it")
        if path > LONGEST_PATH:
            raise UsageError(f"the query has more than {LONGEST_PATH} path operators", mend="shorten its paths")
        yield token


def _form(tokens: list[_Token]) -> str:
    """The word that says what the query is: the first after the prologue."""
    position = 0
    while position < len(tokens):
        word = tokens[position].text.upper()
        if tokens[position].kind == "word" and word == "BASE":
            position += 2
        elif tokens[position].kind == "word" and word == "PREFIX":
            while position < len(tokens) and tokens[position].kind != "iri":
                position += 1
            position += 1
        elif tokens[position].kind == "word" and word in _FORMS:
            return word
        elif word in _UPDATES:
            raise UsageError(f"{word} is refused: a query changes nothing", mend="ask with SELECT")
        else:
            break
    raise UsageError("the query is none of SELECT, ASK, CONSTRUCT and DESCRIBE", mend="begin it with one of them")


def _ordered(tokens: list[_Token]) -> bool:
    """Whether ORDER BY stands outside all braces."""
    depth = 0
    for before, after in itertools.pairwise(tokens):
        depth += (before.text == "{") - (before.text == "}")
        if depth == 0 and before.text.upper() == "ORDER" and after.text.upper() == "BY":
            return True
    return False
