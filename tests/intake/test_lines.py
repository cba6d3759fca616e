"""Text files line by line: numbers, line breaks, blanks, gzip, and what cannot be read."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import ends
from vhkg.errors import InputError
from vhkg.intake import read_lines
from vhkg.intake.lines import LINE_LIMIT

Lines = list[tuple[int, bytes]]


def lines(folder: Path, content: bytes, name: str = "a.ndjson") -> Lines:
    path = folder / name
    path.write_bytes(content)
    return list(read_lines(path, name))


CASES: dict[str, tuple[bytes, Lines]] = {
    "nothing": (b"", []),
    "blanks only": (b"\n  \n\t\r\n\n", []),
    "a last line without its break": (b"a\nb", [(1, b"a"), (2, b"b")]),
    "a last line with its break": (b"a\nb\n", [(1, b"a"), (2, b"b")]),
    "CRLF": (b"a\r\nb\r\n", [(1, b"a"), (2, b"b")]),
    "CRLF and LF": (b"a\nb\r\n\r\nc", [(1, b"a"), (2, b"b"), (4, b"c")]),
    "blank lines count": (b"\n\na\n \nb\n\n", [(3, b"a"), (5, b"b")]),
    "CR within a line breaks none": (b"a\rb\nc", [(1, b"a\rb"), (2, b"c")]),
    "a line separator breaks none": ("a\u2028b\u0085c\nd".encode(), [(1, "a\u2028b\u0085c".encode()), (2, b"d")]),
    "white space around is kept": (b" a \n", [(1, b" a ")]),
    "a byte order mark": (b"\xef\xbb\xbfa\nb", [(1, b"a"), (2, b"b")]),
    "a byte order mark and nothing": (b"\xef\xbb\xbf\nb", [(2, b"b")]),
    "a byte order mark further down": (b"a\n\xef\xbb\xbfb", [(1, b"a"), (2, b"\xef\xbb\xbfb")]),
    "bytes that are no text": (b"\xff\x00\n\xed\xa0\x80", [(1, b"\xff\x00"), (2, b"\xed\xa0\x80")]),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_lines_have_their_numbers(tmp_path: Path, case: str, packed: bool) -> None:
    content, expected = CASES[case]
    found = lines(tmp_path, gzip.compress(content), "a.ndjson.GZ") if packed else lines(tmp_path, content)
    assert found == expected


def test_gzip_of_several_members(tmp_path: Path) -> None:
    packed = gzip.compress(b"a\nb") + gzip.compress(b"c\nd\n")
    assert lines(tmp_path, packed, "a.csv.gz") == [(1, b"a"), (2, b"bc"), (3, b"d")]


@given(st.lists(st.binary(max_size=6)), st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_every_line_comes_with_the_number_that_an_editor_shows(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], line_break: bytes, closed: bool
) -> None:
    content = line_break.join(part.replace(b"\n", b"x") for part in parts) + (line_break if closed else b"")
    found = lines(tmp_path_factory.mktemp("lines"), content)
    split = io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")).readlines()
    assert found == [(n, line.rstrip(b"\r\n")) for n, line in enumerate(split, start=1) if line.strip()]


def test_a_line_may_be_as_long_as_a_patient_s_file(tmp_path: Path) -> None:
    longest = b"a" * (LINE_LIMIT - 1)
    assert lines(tmp_path, longest + b"\n" + longest) == [(1, longest), (2, longest)]


def broken(folder: Path, content: bytes, name: str = "a.ndjson") -> tuple[Lines, str]:
    """The lines before the fault, and the message."""
    path = folder / name
    path.write_bytes(content)
    found: Lines = []
    with ends(), pytest.raises(InputError) as caught:
        found.extend(read_lines(path, name))
    return found, str(caught.value)


TOO_LONG = "a line is longer than 2 MiB; split the record."


def test_a_line_that_is_too_long_is_named_after_those_before_it(tmp_path: Path) -> None:
    content = b"a\n\n" + b"b" * (LINE_LIMIT + 1) + b"\nc\n"
    assert broken(tmp_path, content) == ([(1, b"a")], f"a.ndjson, line 3: {TOO_LONG}")


@pytest.mark.parametrize("blank", [b"\n", b"   \r\n", b" " * 1000 + b"\n"])
def test_endless_blanks_are_stopped(tmp_path: Path, blank: bytes) -> None:
    content = b"a\n" + blank * (LINE_LIMIT // len(blank) + 1)
    found, message = broken(tmp_path, gzip.compress(content), "a.ndjson.gz")
    assert found == [(1, b"a")]
    assert message.endswith(TOO_LONG)


def test_a_gzip_bomb_of_one_line_is_stopped(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a" * (100 * 1024 * 1024), compresslevel=1)
    assert broken(tmp_path, bomb, "a.ndjson.gz") == ([], f"a.ndjson.gz, line 1: {TOO_LONG}")


DAMAGED = "a.ndjson.gz: the gzip data are damaged; copy the file again."


@pytest.mark.parametrize(
    "content",
    [
        b"a\n",
        gzip.compress(b"a\nb\n")[:-9],
        gzip.compress(b"a\nb\n")[:-1] + b"x",
        gzip.compress(b"a\nb\n") + b"more",
        b"\x1f\x8b\x08\x00" + b"\xff" * 20,
    ],
    ids=["no gzip", "cut", "wrong length", "something behind it", "no deflate"],
)
def test_gzip_that_is_damaged(tmp_path: Path, content: bytes) -> None:
    assert broken(tmp_path, content, "a.ndjson.gz")[1] == DAMAGED


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        list(read_lines(tmp_path / "none", "none.ndjson"))
    assert str(caught.value) == "none.ndjson: it cannot be read: no such file or directory; check the file."


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a.ndjson: it cannot be read: is a directory; check the file."):
        list(read_lines(tmp_path, "a.ndjson"))
