"""Where lines of a large file begin."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from vhkg.errors import InputError
from vhkg.intake import unreadable
from vhkg.intake.lines import LINE_LIMIT

_BLOCK = 1024 * 1024


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked if it is ``.gz``. Raises InputError for what cannot be read."""
    try:
        if is_packed(path):
            with gzip.open(path, "rb") as packed:
                yield cast("IO[bytes]", packed)
        else:
            with Path(path).open("rb") as stream:
                yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("the gzip data are damaged", file=path, mend="copy the file again") from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def is_packed(path: str) -> bool:
    return path.lower().endswith(".gz")


def next_line(stream: IO[bytes], path: str) -> bytes:
    """The next line with its end; empty at the end of the file. Raises InputError where it is too long."""
    line = stream.readline(LINE_LIMIT + 1)
    if len(line) > LINE_LIMIT:
        raise InputError("a line is longer than 2 MiB", file=path, mend="end each line with a line feed")
    return line


def line_start(stream: IO[bytes], offset: int, path: str) -> int:
    """The first place from `offset`, which is above 0, at which a line begins; the end of the file if none does."""
    stream.seek(offset - 1)
    return offset - 1 + len(next_line(stream, path))


def group_start(stream: IO[bytes], offset: int, path: str, group: Callable[[bytes], str]) -> int:
    """The first place from `offset` at which a line begins that is of another group than the line before it."""
    at = line_start(stream, offset, path)
    stream.seek(at)
    before: str | None = None
    while line := next_line(stream, path):
        found = group(line)
        if before is not None and found != before:
            return at
        before = found
        at += len(line)
    return at


def line_breaks(stream: IO[bytes], end: int) -> int:
    """How many lines end before a place: with LF, CRLF or CR."""
    stream.seek(0)
    found = 0
    after_return = False
    while end > 0 and (block := stream.read(min(_BLOCK, end))):
        end -= len(block)
        found += block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
        found -= after_return and block.startswith(b"\n")
        after_return = block.endswith(b"\r")
    return found


def blocks_of_lines(stream: IO[bytes], size: int, path: str) -> Iterator[bytes]:
    """The rest of a stream in blocks of whole lines."""
    while block := stream.read(size):
        yield block if block.endswith(b"\n") else block + next_line(stream, path)
