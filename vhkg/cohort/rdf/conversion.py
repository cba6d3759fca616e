"""Files that cannot be read from the middle: packed ones, Turtle and TriG. They are read once, from front to end.

What comes out are texts of N-Triples or N-Quads of bounded size, so that all else is the same for every file.
"""

from __future__ import annotations

import gzip
import mmap
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from vhkg.errors import InputError
from vhkg.intake import Document, Format, unreadable
from vhkg.intake.rdf import syntax_error
from vhkg.intake.turtle import check_turtle

_SYNTAXES = {Format.TURTLE: ox.RdfFormat.TURTLE, Format.TRIG: ox.RdfFormat.TRIG}
_BYTES_A_LINE = 128


def texts_of(path: Path, format: Format, size: int) -> Iterator[bytes]:
    """Texts of about `size` bytes, each of whole lines. Raises InputError, also after some texts were given."""
    name = str(path)
    try:
        with _opened(path) as stream:
            yield from _turtle(stream, name, format, size) if format in _SYNTAXES else _lines(stream, name, size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("the gzip data are damaged", file=name, mend="copy the file again") from error
    except OSError as error:
        raise unreadable(name, error) from error


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix.lower() == ".gz" else path.open("rb")


def _lines(stream: IO[bytes], name: str, size: int) -> Iterator[bytes]:
    rest = b""
    while read := stream.read(size):
        end = read.rfind(b"\n") + 1
        if end:
            yield rest + read[:end]
            rest = read[end:]
        else:
            rest += read
            if len(rest) > size:
                raise InputError("a line is longer than a whole piece", file=name, mend="write a statement a line")
    if rest:
        yield rest


def _turtle(stream: IO[bytes], name: str, format: Format, size: int) -> Iterator[bytes]:
    """Checked as a whole before the parser sees it, as the front door does; the file is mapped, not loaded."""
    with _plain(stream) as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        document = Document(name=name, content=cast("bytes", mapped), format=format)
        check_turtle(document)
        try:
            quads = ox.parse(file, format=_SYNTAXES[format])
            while some := list(islice(quads, max(1, size // _BYTES_A_LINE))):
                yield cast("bytes", ox.serialize(some, format=ox.RdfFormat.N_QUADS))
        except (SyntaxError, ValueError) as error:
            raise syntax_error(document, error) from error


@contextmanager
def _plain(stream: IO[bytes]) -> Iterator[IO[bytes]]:
    """A file that can be mapped: what is packed is unpacked into one without a name."""
    if not isinstance(stream, gzip.GzipFile):
        yield stream
        return
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file, 1 << 20)
        file.seek(0)
        yield file
