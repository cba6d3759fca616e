"""Files that cannot be read from the middle: packed ones, Turtle and TriG. They are read once, from front to end.

What comes out are texts of N-Triples or N-Quads of bounded size, so that all else is the same for every file.
"""

from __future__ import annotations

import gzip
import mmap
import os
import tempfile
import zlib
from collections.abc import Iterator
from functools import partial
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
_BLOCK = 1 << 20
_LONGEST_LINE = 1 << 24
_LEAST, _MOST_PACKED = 1 << 26, 200
"""A packed file may hold so many bytes, and so many more for each of its own: N-Triples come to about 40."""


def texts_of(path: Path, format: Format, size: int) -> Iterator[bytes]:
    """Texts of about `size` bytes, each of whole lines. Raises InputError, also after some texts were given."""
    name = str(path)
    try:
        if path.suffix.lower() != ".gz":
            with path.open("rb") as file:
                yield from _texts(file, name, format, size)
            return
        with gzip.open(path) as packed, tempfile.TemporaryFile() as unpacked:
            blocks = _unpacked(cast("IO[bytes]", packed), name, _LEAST + _MOST_PACKED * path.stat().st_size)
            if format in _SYNTAXES:
                unpacked.writelines(blocks)
                yield from _turtle(unpacked, name, format, size)
            else:
                yield from _lines(blocks, name, size)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError("the gzip data are damaged", file=name, mend="copy the file again") from error
    except OSError as error:
        raise unreadable(name, error) from error


def _texts(file: IO[bytes], name: str, format: Format, size: int) -> Iterator[bytes]:
    if format in _SYNTAXES:
        return _turtle(file, name, format, size)
    return _lines(iter(partial(file.read, _BLOCK), b""), name, size)


def _unpacked(packed: IO[bytes], name: str, most: int) -> Iterator[bytes]:
    """Blocks of what is packed, as long as it does not grow beyond what patients would."""
    size = 0
    while block := packed.read(_BLOCK):
        size += len(block)
        if size > most:
            fault = f"it unpacks to more than {_MOST_PACKED} times its size"
            raise InputError(fault, file=name, mend="unpack it first if it is what it should be")
        yield block


def _lines(blocks: Iterator[bytes], name: str, size: int) -> Iterator[bytes]:
    found: list[bytes] = []
    length = 0
    for block in blocks:
        found.append(block)
        length += len(block)
        if length >= size and b"\n" in block:
            text = b"".join(found)
            end = text.rfind(b"\n") + 1
            yield text[:end]
            found, length = [text[end:]], len(text) - end
        elif length > size + _LONGEST_LINE:
            raise InputError("a line is longer than 16 MiB", file=name, mend="write a statement a line")
    if length:
        yield b"".join(found)


def _turtle(file: IO[bytes], name: str, format: Format, size: int) -> Iterator[bytes]:
    """Checked as a whole before the parser sees it, as the front door does; the file is mapped, not loaded."""
    if not file.seek(0, os.SEEK_END):
        raise InputError("it is empty", file=name, mend="give a file with patients in it")
    file.seek(0)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        document = Document(name=name, content=cast("bytes", mapped), format=format)
        check_turtle(document)
        try:
            quads = ox.parse(file, format=_SYNTAXES[format])
            while some := list(islice(quads, max(1, size // _BYTES_A_LINE))):
                yield cast("bytes", ox.serialize(some, format=ox.RdfFormat.N_QUADS))
        except (SyntaxError, ValueError) as error:
            raise syntax_error(document, error) from error
