"""The lines of a piece of NDJSON, of a bounded length each."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from vhkg.cohort.reader import Piece
from vhkg.errors import InputError
from vhkg.intake.lines import LINE_LIMIT

_BOM = b"\xef\xbb\xbf"
PACKED = ".gz"


def lines_of(piece: Piece) -> Iterator[tuple[int, bytes]]:
    """The lines that begin in a piece of one file, blank ones too, with their places in it, from 1.

    Of a line that is longer than `LINE_LIMIT`, a part comes that is longer too. Raises InputError.
    """
    (file,) = piece.files
    try:
        with _opened(Path(file)) as stream:
            position = piece.start
            if position:
                stream.seek(position - 1)
                position += _skipped(stream) - 1
            number = 0
            while (not piece.end or position < piece.end) and (line := stream.readline(LINE_LIMIT + 2)):
                number += 1
                yield number, (line if position else line.removeprefix(_BOM)).rstrip(b"\r\n")
                position += len(line)
                if not line.endswith(b"\n"):
                    position += _skipped(stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("the gzip data are damaged", file=piece.name, mend="copy the file again") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"it cannot be read: {reason}", file=piece.name, mend="check the file") from error


def _skipped(stream: IO[bytes]) -> int:
    """How long what is left of a line was."""
    length = 0
    while part := stream.readline(LINE_LIMIT):
        length += len(part)
        if part.endswith(b"\n"):
            break
    return length


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == PACKED else path.open("rb")
