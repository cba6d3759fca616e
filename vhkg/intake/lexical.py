"""Lexical forms: a text that claims a datatype must be one of its forms."""

from __future__ import annotations

import datetime
import re
import unicodedata

from vhkg.namespaces import Xsd

_CALENDAR_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FORMS = {
    Xsd.boolean.value: re.compile(r"true|false|0|1"),
    Xsd.integer.value: re.compile(r"[+-]?\d{1,18}", re.ASCII),
    Xsd.decimal.value: re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})", re.ASCII),
}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
_BIDIRECTIONAL = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def calendar_date(text: str) -> datetime.date | None:
    """The day that YYYY-MM-DD names; None for every other form, time zones and week dates included."""
    if not _CALENDAR_DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def has_form(text: str, datatype: str) -> bool:
    """Whether the text is a lexical form that we read; datatypes that we do not know have none."""
    if datatype == Xsd.date:
        return calendar_date(text) is not None
    if datatype == Xsd.string:
        return True
    form = _FORMS.get(datatype)
    return form is not None and form.fullmatch(text) is not None


def is_language_tag(text: str) -> bool:
    """BCP 47 in outline: subtags of at most eight letters or digits."""
    return _LANGUAGE.fullmatch(text) is not None


def unprintable(text: str) -> str:
    """The first character that could forge a terminal line or reverse a sentence, as U+XXXX, or the empty string."""
    if text.isascii() and text.isprintable():
        return ""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") or character in _BIDIRECTIONAL:
            return f"U+{ord(character):04X}"
    return ""
