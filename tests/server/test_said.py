"""What an error says: words of ours, names of the knowledge, places; never what it found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.errors import InputError, RefusedInput, UnknownName, UsageError, VhkgError
from vhkg.server.said import without_values, words

CASES: list[tuple[VhkgError, str]] = [
    (InputError("unknown status 'Miller'", file="miller.csv", place="line 3"), "line 3: unknown status …."),
    (InputError("""the key 'O\\'Hara"s' stands twice""", place="line 3"), "line 3: the key … stands twice."),
    (InputError("the subject of Condition/miller-7 is not in the input"), "the subject of … is not in the input."),
    (InputError("a named graph, urn:miller:7", mend="use the default"), "a named graph, …; use the default."),
    (InputError("it has no type", place="urn:miller", mend="give it a class"), "it has no type; give it a class."),
    (InputError("it is larger than 2 MiB"), "it is larger than 2 MiB."),
    (InputError("Miller 12345678 stands twice"), "… stands twice."),
    (InputError("the prefix miller: has not been declared"), "the prefix …: has not been declared."),
    (RefusedInput("the predicate <http://example.org/miller> is not allowed"), "the predicate … is not allowed."),
    (UnknownName("Mill", "finding", ["Pain"]), "unknown finding …; `vhkg terms` lists those that exist."),
    (UnknownName("Pane", "finding", ["Pain"]), "unknown finding …; did you mean Pain?"),
    (UsageError("'Miller' is no alternative of Pain"), "… is no alternative of Pain."),
    (InputError("the text “Miller ist krank” is empty"), "the text … is empty."),
]  # fmt: skip


@pytest.mark.parametrize(("error", "said"), CASES)
def test_cases(error: VhkgError, said: str) -> None:
    assert without_values(error, {"Pain"}) == said


@given(st.text(min_size=1), st.sampled_from(("{0!r}", "{0}", "<{0}>", "`{0}`", "“{0}”", "Patient/{0}", "{0}:{0}")))
def test_no_word_is_repeated_that_is_not_ours(value: str, form: str) -> None:
    error = InputError(f"unknown status {form.format(value)}", place=value, file=value, mend=value)
    for word in without_values(error).split():
        bare = word.strip("'\"`<>()[]{}.,;:!?…")
        assert not bare or bare.lower() in words()


@pytest.mark.parametrize("word", ["present", "column", "modifierextension", "declared"])
def test_words_of_ours(word: str) -> None:
    assert word in words()


def test_words_of_docstrings_are_not_said() -> None:
    assert "miller" not in words()
