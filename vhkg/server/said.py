"""Sentences of errors without anything of the request: a word is repeated only if the program itself has it.

Faults name what was found, quoted or not: an IRI, a resource with its id, a key. No rule about quotation marks or
about where values stand holds for all of them, and for those of parsers that are not ours. So it is turned round:
words that stand in the texts of our own modules are said, names of the knowledge too, numbers where they say a place
or a limit; anything else becomes an ellipsis. Quoted parts go even if their words are ours.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from vhkg.errors import VhkgError

_MODULES = (
    "errors.py",
    "namespaces.py",
    "answering",
    "explanation",
    "intake",
    "knowledge",
    "model",
    "patients",
    "stores",
)
"""What can raise while a request is answered."""
_PARSERS = (
    "expecting property name enclosed in double quotes delimiter value extra data unterminated string starting at "
    "invalid control character escape illegal trailing comma",  # json
    "syntax error no element found not well-formed invalid token unclosed mismatched tag duplicate attribute junk "
    "after document element undefined entity unbound prefix",  # expat
    "a dot is expected at the end of statements unexpected end of file character line jumps are not allowed in "
    "literals scheme an absolute IRI has been declared valid RDF object predicate subject node blank datatype the "
    "prefix language tag graph name",  # oxttl
    "new-line seen in unquoted field unexpected end of field larger than limit",  # csv
)
"""Words of the parsers' own messages, which stand in no text of ours."""
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|<[^>]*>|`[^`]*`|\b[\w+.-]+:[^\s,;]+""")
_PLACE = re.compile(r"(?:(?:line|row|column|byte|entry|member|record) [0-9]{1,9}(?:, )?)+")
_MARKS = "'\"`<"
_PREFIX = "vhkg:"
_EDGES = "'\"`<>()[]{}.,;:!?…"
_NUMBER = re.compile(r"[0-9]{1,9}")
_COUNTED = frozenset(("line", "row", "column", "byte", "entry", "member", "record", "than", "version"))
_GAPS = re.compile(r"…(?:[ ,]*…)+")


def without_values(error: VhkgError, known: Container[str] = ()) -> str:
    """The sentence of an error without what it repeats; names in `known` stay.

    >>> from vhkg.errors import InputError
    >>> without_values(InputError("unknown status 'Miller'", file="miller.csv", place="line 3", mend="write present"))
    'line 3: unknown status …; write present.'
    >>> without_values(InputError("the subject of Patient/Miller-77 is not in the input"))
    'the subject of … is not in the input.'
    """
    fault = _said(error.fault, known)
    place = error.place if error.place and _PLACE.fullmatch(error.place) else ""
    sentence = f"{place}: {fault}" if place else fault
    mend = _said(error.mend, known) if error.mend else ""
    if mend:
        sentence = f"{sentence}; {mend}"
    return sentence if sentence.endswith("?") else f"{sentence}."


def _said(text: str, known: Container[str]) -> str:
    def quoted(found: re.Match[str]) -> str:
        part = found[0]
        name = part.strip(_EDGES)
        ours = part.startswith("`vhkg ") or name.removeprefix(_PREFIX) in known
        if not ours and part[0] not in _MARKS:
            ours = name.lower() in words()  # an IRI, such as that of the context
        return part if ours else "…"

    before = ""
    shown = []
    for token in _QUOTED.sub(quoted, text).split():
        word = token.strip(_EDGES)
        numeric = _NUMBER.fullmatch(word) is not None and before in _COUNTED
        ours = not word or word.removeprefix(_PREFIX) in known or word.lower() in words() or numeric
        shown.append(token if ours else f"…{token[len(token.rstrip(',;:.?')) :]}")
        before = word
    return _GAPS.sub("…", " ".join(shown))


@cache
def words() -> frozenset[str]:
    """Words in lower case, without punctuation around; docstrings left out. The source is parsed once, 0.2 s."""
    found = {word.lower() for text in _PARSERS for word in text.split()}
    for file in _sources():
        tree = ast.parse(file.read_bytes())
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
                found.update(word.strip(_EDGES).lower() for word in node.value.split())
    return frozenset(found)


def _sources() -> Iterator[Traversable]:
    package = resources.files("vhkg")
    waiting = [package / name for name in _MODULES]
    while waiting:
        each = waiting.pop()
        if each.is_dir():
            waiting += each.iterdir()
        elif each.name.endswith(".py"):
            yield each
