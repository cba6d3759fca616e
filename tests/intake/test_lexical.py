from __future__ import annotations

import datetime

import pytest

from vhkg.intake import calendar_date, unprintable
from vhkg.intake.lexical import has_form, is_language_tag
from vhkg.namespaces import Xsd


def test_calendar_date() -> None:
    assert calendar_date("2024-02-29") == datetime.date(2024, 2, 29)
    assert calendar_date("2023-02-29") is None


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("true", Xsd.boolean, True),
        ("yes", Xsd.boolean, False),
        ("-12", Xsd.integer, True),
        ("1.0", Xsd.integer, False),
        ("1.50", Xsd.decimal, True),
        ("1E999999999", Xsd.decimal, False),
        ("2024-01-01", Xsd.date, True),
        ("a", Xsd.string, True),
        ("a", "urn:other", False),
    ],
)
def test_lexical_forms(text: str, datatype: str, expected: bool) -> None:
    assert has_form(text, datatype) is expected


@pytest.mark.parametrize(("text", "expected"), [("en", True), ("de-CH-1996", True), ("", False), ("en_GB", False)])
def test_language_tags(text: str, expected: bool) -> None:
    assert is_language_tag(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("T9, 椎体 é 👍", ""), ("a\tb", "U+0009"), ("a\x9bb", "U+009B"), ("a\u2066b", "U+2066"), ("\ufffe", "U+FFFE")],
)
def test_unprintable(text: str, expected: str) -> None:
    assert unprintable(text) == expected
