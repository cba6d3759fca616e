"""The work folder: units that are whole or not there, whatever was interrupted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pytest

from vhkg.cohort.frames import SCHEMA
from vhkg.cohort.journal import Journal, Run
from vhkg.cohort.tallies import Tallies
from vhkg.errors import UsageError
from vhkg.model.cohort import TABLES

RUN = Run(
    software="1",
    knowledge_version="v",
    knowledge_digest="d",
    readings={},
    as_of="",
    piece_size=1,
    inputs=(("a", 1, 2),),
)
EMPTY = {name: pl.DataFrame(schema={c: SCHEMA[c] for c in columns}) for name, columns in TABLES.items()}


def keys(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(values, np.uint64)


def refused(name: str) -> dict[str, pl.DataFrame]:
    row = {**dict.fromkeys(TABLES["refused"], "x"), "patient": name}
    return {**EMPTY, "refused": pl.DataFrame([row])}


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    made = Journal(tmp_path / "deep" / "out")
    assert made.begin(RUN)
    return made


def test_a_unit_that_is_there_stays_as_it_was(journal: Journal) -> None:
    assert not journal.done("u")
    journal.put("u", refused("a"), keys(2, 1, 2), {"read": 3}, Tallies())
    journal.put("u", refused("b"), keys(), {}, Tallies())
    assert journal.done("u")
    assert pl.read_parquet(journal.parts / "u" / "refused.parquet")["patient"].to_list() == ["a"]
    assert journal.fates(["u"]) == {"read": 3}
    journal.drop(["u"])
    assert not journal.done("u")


def test_files_hold_plain_texts_so_that_parts_with_other_texts_are_read_together(journal: Journal) -> None:
    for unit, name in (("a", "first"), ("b", "second")):
        frame = pl.DataFrame({"message": pl.Series([name, None], dtype=pl.Enum([name]))})
        journal.put(unit, {"refused": frame}, keys(), {}, Tallies())
    found = pl.read_parquet(journal.parts / "*" / "refused.parquet")
    assert found.schema == {"message": pl.String()}
    assert found["message"].to_list() == ["first", None, "second", None]


def test_what_was_counted_of_units_is_added(journal: Journal) -> None:
    for unit, age in (("a", 3), ("b", None)):
        journal.put(unit, EMPTY, keys(), {}, Tallies(ages=((age, 2, 1), (7, 1, 0))))
    assert journal.tallies(["a", "b"]) == Tallies(ages=((3, 2, 1), (7, 2, 0), (None, 2, 1)))


def test_keys_that_stand_in_two_units_are_seen_and_twice_in_one_is_nothing(journal: Journal) -> None:
    for name, held in (("a", keys(1, 1, 2)), ("b", keys(3)), ("c", keys(2))):
        journal.put(name, EMPTY, held, {}, Tallies())
    assert not journal.repeated(["a", "b"])
    assert journal.repeated(["a", "b", "c"])
    assert not journal.repeated([])


def test_the_output_appears_at_once_and_gathering_can_be_repeated(journal: Journal) -> None:
    for name in ("a", "b", "c"):
        journal.put(name, EMPTY if name == "b" else refused(name), keys(), {}, Tallies())
    for _ in range(2):
        final = journal.gather(["a", "b", "c"], EMPTY)
    assert not journal.output.exists()
    journal.finish(final)
    assert not journal.folder.exists()
    assert [path.name for path in sorted((journal.output / "refused").iterdir())] == [
        "part-00000.parquet", "part-00001.parquet",
    ]  # fmt: skip
    assert {path.name for path in journal.output.iterdir()} == {*TABLES, "run.json"}
    assert len(pl.read_parquet(journal.output / "answers" / "part-00000.parquet")) == 0
    assert not Journal(journal.output).begin(RUN), "the same run is done"


def test_what_an_interruption_left_half_done_is_cleared_away(journal: Journal) -> None:
    half = journal.parts / "u.123.tmp"
    half.mkdir()
    (half / "answers.parquet").write_bytes(b"PAR1")
    assert Journal(journal.output).begin(RUN)
    assert not half.exists()


def test_a_work_folder_that_is_there_says_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for moment in count():
        output = tmp_path / str(moment) / "out"
        if not killed(moment, monkeypatch, partial(Journal(output).begin, RUN)):
            break
        assert Journal(output).begin(RUN)
        assert [path.name for path in output.parent.iterdir()] == ["out.partial"]
    assert moment > 3


def test_work_that_is_being_removed_is_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = 0
    for moment in count():
        journal = Journal(tmp_path / str(moment) / "out")
        journal.begin(RUN)
        journal.put("u", refused("a"), keys(1), {"read": 1}, Tallies())
        final = journal.gather(["u"], EMPTY)
        if not killed(moment, monkeypatch, partial(journal.finish, final)):
            break
        if journal.output.exists():
            shutil.rmtree(journal.output)
        again = Journal(journal.output)
        assert again.begin(RUN)
        assert {path.name for path in journal.output.parent.iterdir()} == {"out.partial"}
        if again.done("u"):
            kept += 1
            assert pl.read_parquet(again.gather(["u"], EMPTY) / "refused")["patient"].to_list() == ["a"]
            assert again.fates(["u"]) == {"read": 1}
    assert moment > 2 * kept > 0


def killed(moment: int, monkeypatch: pytest.MonkeyPatch, action: Callable[[], object]) -> bool:
    """Stop an action before it makes the change of this number to what is on the disk; false if there are fewer."""
    left = iter(range(moment))

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*arguments: object, **options: object) -> object:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return change(*arguments, **options)

        return changed

    with monkeypatch.context() as patched:
        for name in ("unlink", "rename", "mkdir", "replace", "rmdir"):
            patched.setattr(os, name, counted(getattr(os, name)))
        try:
            action()
        except KeyboardInterrupt:
            return True
    return False


def test_another_run_is_refused_where_one_is_unfinished_or_done(journal: Journal) -> None:
    other = msgspec.structs.replace(RUN, as_of="2026-01-01")
    with pytest.raises(UsageError, match="an unfinished run over other input, or with other options, is there"):
        Journal(journal.output).begin(other)
    journal.finish(journal.gather([], EMPTY))
    with pytest.raises(UsageError, match="the output folder holds something else"):
        Journal(journal.output).begin(other)


def test_an_empty_output_folder_will_do_and_a_full_one_will_not(tmp_path: Path) -> None:
    for name, content in (("empty", ()), ("full", ("notes.txt",))):
        (tmp_path / name).mkdir()
        for each in content:
            (tmp_path / name / each).write_text("mine", encoding="utf-8")
    assert Journal(tmp_path / "empty").begin(RUN)
    with pytest.raises(UsageError, match="give another folder"):
        Journal(tmp_path / "full").begin(RUN)
    assert (tmp_path / "full" / "notes.txt").read_text(encoding="utf-8") == "mine"
