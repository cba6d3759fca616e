"""A text file of many records, line by line, so that its size does not matter: NDJSON and large tables."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from vhkg.errors import InputError

LINE_LIMIT = 2 * 1024 * 1024
"""As much as one patient's file may hold."""

_BOM = b"\xef\xbb\xbf"


def read_lines(path: Path, name: str) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers, without line breaks; ``.gz`` is unpacked on the way.

    Raises InputError where the file cannot be read, or a line is longer than `LINE_LIMIT` with the blank ones before
    it, so that a small file cannot unpack into endless blanks.
    """
    try:
        with _opened(path) as stream:
            number = length = 0
            while line := stream.readline(LINE_LIMIT + 1):
                number += 1
                length += len(line)
                if length > LINE_LIMIT:
                    place = f"line {number}"
                    raise InputError("a line is longer than 2 MiB", file=name, place=place, mend="split the record")
                line = line.removeprefix(_BOM) if number == 1 else line
                if line.strip():
                    yield number, line.rstrip(b"\r\n")
                    length = 0
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("the gzip data are damaged", file=name, mend="copy the file again") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"it cannot be read: {reason}", file=name, mend="check the file") from error


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")
