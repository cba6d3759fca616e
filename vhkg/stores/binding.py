"""Inputs of a query: text from a user becomes a term, and a term becomes SPARQL. Raw text is never pasted.

Inputs are substituted in a marked VALUES line, the only form that gave the same rows on every engine tried;
`initBindings` and pyoxigraph's substitutions did not.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from vhkg.errors import UsageError
from vhkg.namespaces import BASE, Xsd

LONGEST_INPUT = 1000
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,199}")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def term(form: str, text: str, *, name: str, iris: Mapping[str, str] | None = None) -> ox.NamedNode | ox.Literal:
    """The term that `text` stands for; `name` is the input's, for messages.

    `iris` maps local names to IRIs, for terms that have a namespace of their own; others are the ontology's.

    Raises UsageError if the text is not of the form.
    """
    if len(text) > LONGEST_INPUT:
        raise UsageError(f"the input {name} is longer than {LONGEST_INPUT} characters", mend="shorten it")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(f"the input {name} is not Unicode text", mend="give characters, not surrogates")
    local = text.removeprefix("vhkg:")
    if form == "name" and iris and local in iris:
        return ox.NamedNode(iris[local])
    return FORMS[form](text, name)


def sparql(value: ox.NamedNode | ox.Literal) -> str:
    r"""The term as SPARQL that every engine reads back as that very term.

    rdflib expands \uXXXX before it reads strings, even after an escaped backslash, and takes up to eight digits;
    so control characters are written as \UXXXXXXXX, and so is a u that follows a backslash.
    """
    if isinstance(value, ox.NamedNode):
        return str(value)
    quoted = '"'
    for position, character in enumerate(value.value):
        after_backslash = position > 0 and value.value[position - 1] == "\\"
        if character in _SHORT_ESCAPES:
            quoted += _SHORT_ESCAPES[character]
        elif character < " " or character == "\x7f" or (after_backslash and character in "uU"):
            quoted += f"\\U{ord(character):08X}"
        else:
            quoted += character
    quoted += '"'
    datatype = value.datatype.value
    return quoted if datatype == Xsd.string else f"{quoted}^^<{datatype}>"


def _term(text: str, name: str) -> ox.NamedNode:
    local = text.removeprefix("vhkg:").removeprefix(BASE)
    if not _NAME.fullmatch(local):
        raise UsageError(f"the input {name} is not a name of the ontology", mend="give a local name, see `vhkg terms`")
    return ox.NamedNode(BASE + local)


def _text(text: str, name: str) -> ox.Literal:  # noqa: ARG001 - one signature for all forms
    return ox.Literal(text)


def _integer(text: str, name: str) -> ox.Literal:
    if not re.fullmatch(r"-?[0-9]{1,15}", text):
        raise UsageError(f"the input {name} is not a whole number", mend="give digits")
    return ox.Literal(str(int(text)), datatype=ox.NamedNode(Xsd.integer))


def _date(text: str, name: str) -> ox.Literal:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"the input {name} is not a date", mend="write it as 2026-11-23") from error
    return ox.Literal(day.isoformat(), datatype=ox.NamedNode(Xsd.date))


FORMS: dict[str, Callable[[str, str], ox.NamedNode | ox.Literal]] = {
    "name": _term,
    "text": _text,
    "integer": _integer,
    "date": _date,
}
"""name: a term of the ontology by local name; text, integer, date: a literal."""
