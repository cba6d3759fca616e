"""One tree: every error has a place in it, an exit code, and one sentence."""

from __future__ import annotations

import pytest

from vhkg import errors
from vhkg.errors import (
    EngineError,
    InputError,
    KnowledgeError,
    OutsideFragment,
    RefusedInput,
    UnknownName,
    UsageError,
    VhkgError,
    near_matches,
)


def _leaves(error: type[VhkgError]) -> set[type[VhkgError]]:
    return {error}.union(*(_leaves(below) for below in error.__subclasses__()))


def test_the_tree_is_drawn_at_the_top() -> None:
    drawn = errors.__doc__ or ""
    found = {error for error in _leaves(VhkgError) if error.__module__ == errors.__name__}
    assert {error.__name__ for error in found} == {word for word in drawn.split() if hasattr(errors, word)}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError, 2),
        (UnknownName, 2),
        (InputError, 3),
        (RefusedInput, 3),
        (KnowledgeError, 4),
        (OutsideFragment, 4),
        (EngineError, 4),
    ],
)
def test_exit_codes(error: type[VhkgError], code: int) -> None:
    assert error.exit_code == code


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("the file is empty"), "the file is empty."),
        (InputError("not Turtle", file="a.ttl"), "a.ttl: not Turtle."),
        (InputError("not Turtle", file="a.ttl", place="line 3"), "a.ttl, line 3: not Turtle."),
        (InputError("not Turtle", place="line 3", mend="close the list"), "line 3: not Turtle; close the list."),
    ],
)
def test_a_message_is_one_sentence(error: VhkgError, sentence: str) -> None:
    assert str(error) == sentence


def test_errors_carry_their_parts() -> None:
    error = RefusedInput("says too much", file="a.ttl", place="line 3", mend="remove it")
    assert (error.fault, error.file, error.place, error.mend) == ("says too much", "a.ttl", "line 3", "remove it")


def test_an_unknown_name_has_near_matches() -> None:
    error = UnknownName("swelingg", "finding", ["Swelling", "Redness"], file="a.csv")
    assert str(error) == "a.csv: unknown finding 'swelingg'; did you mean Swelling?"
    assert error.name == "swelingg"


def test_an_unknown_name_without_near_matches_says_where_to_look() -> None:
    assert str(UnknownName("x", "finding", ["Swelling"])).endswith("`vhkg terms` lists those that exist.")
    assert str(UnknownName("x", "query", [], listed_by="vhkg query")).endswith("`vhkg query` lists those that exist.")


def test_near_matches_are_at_most_three_and_best_first() -> None:
    assert near_matches("REDNES", ["Redness", "Red", "Rednesses", "Reddest", "Blue"])[0] == "Redness"
    assert len(near_matches("aaaa", ["aaab", "aaac", "aaad", "aaae"])) == 3
    assert near_matches("", ["a"]) == []
