"""Which tokens the front door lets through as they stand: fewer than it would, never one that it would not.

IRIs are of the schemes, lengths and characters that neither parser nor gate questions; texts have no escapes. Whatever
else there is may be right too, and is for the parser and the gate to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from vhkg.intake import Literal, unprintable
from vhkg.intake.gate import MAX_TEXT_LENGTH
from vhkg.intake.lexical import has_form
from vhkg.namespaces import RESERVED, Rdf, Xsd
from vhkg.validation.columns import Bools

_CHARACTERS = r"(?:[A-Za-z0-9:/?@!$&'()*+,;=._~-]|%[0-9A-Fa-f]{2})"
_HOST = r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?"
_BEFORE_FRAGMENT = rf"(?:(?:urn|tag):[A-Za-z0-9]{_CHARACTERS}*|{_HOST}(?:[/?]{_CHARACTERS}*)?)"
_NODE = rf"^(?:<{_BEFORE_FRAGMENT}(?:#{_CHARACTERS}*)?>|_:[A-Za-z0-9]+)$"
_RESERVED = "^<(?:" + "|".join(map(re.escape, RESERVED)) + ")"
_MAX_LENGTH = 2000
_LITERAL = re.compile(r'"([^"\\\r\n]*)"(?:@([a-z]{2,3})|\^\^<([^<>"\s\\]+)>)?')


def clean_nodes(tokens: pl.Series) -> Bools:
    """Which tokens are IRIs of the data's own, or blank nodes, beyond doubt."""
    web = tokens.str.starts_with("<http")
    found = tokens.str.contains(_NODE) & (tokens.str.len_bytes() < _MAX_LENGTH)
    if web.any():
        found &= ~(web & tokens.str.contains(_RESERVED))
    return found.to_numpy().astype(np.bool_, copy=False)


def clean_literals(tokens: Sequence[str], datatypes: frozenset[str]) -> list[Literal | None]:
    """The texts that the tokens stand for; None where there is any doubt."""
    return [_literal(token, datatypes) for token in tokens]


def _literal(token: str, datatypes: frozenset[str]) -> Literal | None:
    found = _LITERAL.fullmatch(token)
    if found is None:
        return None
    text, language, datatype = found.groups()
    if len(text) > MAX_TEXT_LENGTH or unprintable(text):
        return None
    if language:
        return Literal(text, Rdf.langString.value, language)
    if datatype is None:
        return Literal(text)
    known = datatype != Xsd.string and datatype in datatypes and has_form(text, datatype)
    return Literal(text, datatype) if known else None
