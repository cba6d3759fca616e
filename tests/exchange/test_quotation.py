"""A statement made from its words is the one that the ledger holds, and its faults have one sentence each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import shipped
from vhkg.errors import InputError, UsageError
from vhkg.exchange import statement_turtle

TEXT = "One crust.\nAnother crust is here.\nThe end 1\n"


@pytest.mark.source
def test_every_quotation_of_the_ledger_is_found_where_it_stands(article_path: Path) -> None:
    text = article_path.read_text(encoding="utf-8")
    for statement in shipped().content.statements.values():
        if not statement.quote:
            continue
        places = [found.start() for found in re.finditer(re.escape(statement.quote), text)]
        made = statement_turtle(
            text, statement.quote, name=statement.name, occurrence=places.index(statement.start) + 1
        )
        assert f"oa:start {statement.start} ; oa:end {statement.end} ." in made
        assert f"vhkg:lineNumber {statement.line} ." in made


def test_context_is_what_stands_around() -> None:
    made = statement_turtle(TEXT, "The end 1", name="S03")
    assert 'oa:prefix "\\nAnother crust is here.\\n"@en' in made
    assert 'oa:suffix "\\n"@en' in made
    assert ":S03 a owl:NamedIndividual" in made


@pytest.mark.parametrize(
    ("quote", "options", "error", "sentence"),
    [
        ("crusts", {}, InputError, "the words do not stand in the text; copy them exactly"),
        ("", {}, InputError, "the words do not stand in the text"),
        ("crust", {}, UsageError, r"the words stand 2 times \(lines 1, 2\); choose one with --occurrence"),
        ("crust", {"occurrence": 3}, UsageError, "choose 1 to 2"),
        ("end", {"name": "a b"}, UsageError, "'a b' is no local name"),
    ],
)
def test_faults(quote: str, options: dict[str, object], error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        statement_turtle(TEXT, quote, **{"name": "S01", **options})  # type: ignore[arg-type]


def test_an_occurrence_is_chosen() -> None:
    assert "oa:start 19 ; oa:end 24" in statement_turtle(TEXT, "crust", name="S02", occurrence=2)
