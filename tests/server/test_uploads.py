"""Names of files, readings, days and assumptions as clients send them."""

from __future__ import annotations

import datetime
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.server.problems import Refused
from vhkg.server.uploads import assumed, date, file_name, pairs


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ("a.csv", "a.csv"),
        ("/etc/passwd", "passwd"),
        ("..\\..\\a.csv", "a.csv"),
        ("C:\\data\\a b.csv", "a b.csv"),
        ("", "request"),
        ("..", ".."),
        ("/", "request"),
        ("a\0.csv", "a.csv"),
        ("x" * 200 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_file_names(sent: str, name: str) -> None:
    assert file_name(sent) == name


@given(st.text())
def test_a_file_name_has_no_folder(sent: str) -> None:
    name = file_name(sent)
    assert name
    assert "/" not in name
    assert "\\" not in name
    assert PurePath(name).name == name or name == ".."


def test_pairs() -> None:
    assert pairs(["a=b", " c = d=e "]) == [("a", "b"), ("c", "d=e")]
    with pytest.raises(Refused):
        pairs(["a"])


def test_days() -> None:
    assert date("") is None
    assert date("2026-01-02") == datetime.date(2026, 1, 2)
    for wrong in ("2026-02-30", "yesterday", "2026-1-2", "2026-01-02T00:00"):
        with pytest.raises(Refused):
            date(wrong)


def test_assumptions() -> None:
    assert assumed([("a", "present"), ("b", "absent")]) == {"a": True, "b": False}
    for wrong in ([("a", "maybe")], [("a", "present"), ("a", "absent")]):
        with pytest.raises(Refused):
            assumed(wrong)
