"""Ranges of a file meet at lines, and at groups of lines, wherever they are cut."""

from __future__ import annotations

import itertools
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.cohort.tables.csv_lines import line_count
from vhkg.cohort.tables.line_ranges import blocks_of_lines, group_start, line_breaks, line_start, next_line
from vhkg.errors import InputError

LINES = st.lists(st.tuples(st.sampled_from(["a", "b", "cc"]), st.sampled_from(["\n", "\r\n"])), min_size=1)


def _group(line: bytes) -> str:
    return line.decode().strip()


@given(lines=LINES, last=st.booleans(), size=st.integers(1, 9))
def test_no_cut_divides_a_line_or_group(lines: list[tuple[str, str]], size: int, *, last: bool) -> None:
    written = [(name + end).encode() for name, end in lines]
    data = b"".join(written if last else [*written[:-1], written[-1].rstrip(b"\r\n")])
    stream = BytesIO(data)
    cuts = [0, *range(size, len(data), size), len(data)]
    for together in (False, True):
        starts = [0]
        for cut in cuts[1:]:
            starts.append(group_start(stream, cut, "f", _group) if together else line_start(stream, cut, "f"))
        assert starts == sorted(starts)
        parts = [data[start:end] for start, end in itertools.pairwise(starts)]
        assert b"".join(parts) == data
        kept = [part for part in parts if part]
        assert [line for part in kept for line in part.splitlines()] == data.splitlines()
        if together:
            ends = [(one.splitlines()[-1], two.splitlines()[0]) for one, two in itertools.pairwise(kept)]
            assert all(before != after for before, after in ends)


@given(text=st.text("a\r\n", max_size=40), end=st.integers(0, 40), block=st.integers(1, 5))
def test_breaks_are_counted_as_lines_are(text: str, end: int, block: int) -> None:
    data = text.encode()
    before = data[:end]
    assert line_breaks(BytesIO(data), end) == before.count(b"\n") + before.replace(b"\r\n", b"\n").count(b"\r")
    assert line_count(before) == len(before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").splitlines())
    blocks = list(blocks_of_lines(BytesIO(data), block, "f"))
    assert b"".join(blocks) == data
    assert all(each.endswith(b"\n") for each in blocks[:-1])


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="f: a line is longer than 2 MiB"):
        next_line(BytesIO(b"x" * 3_000_000), "f")
