"""An ontology file as a bounded stream of bytes. Nothing that it names is opened or fetched."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from gzip import GzipFile
from pathlib import Path
from typing import IO, cast

from vhkg.errors import InputError, VhkgError
from vhkg.intake import unreadable
from vhkg.intake.document import STANDARD_INPUT
from vhkg.intake.xml import XmlBounds
from vhkg.model import record

LIMIT = 1 << 30
"""Bytes after unpacking. The largest of the ontologies that we map to has about 0.7 GiB as RDF/XML."""
_HEAD = 4096
_GZIP_MAGIC = b"\x1f\x8b"
_CONVERT = "convert it to RDF/XML, Turtle or OBO"


class Syntax(StrEnum):
    OBO = "OBO"
    RDFXML = "RDF/XML"
    TURTLE = "Turtle"
    """N-Triples are Turtle."""


class Stream:
    """A file handle for a parser: it counts, and holds XML to its bounds before the parser sees it.

    Parsers may wrap or lose what is raised while they read, so the fault is kept in `fault` as well.
    """

    def __init__(self, name: str, inner: IO[bytes], limit: int) -> None:
        self.name = name
        self.fault: VhkgError | None = None
        self._inner = inner
        self._left = limit
        self._limit = limit
        self._head = b""
        while len(self._head) < _HEAD and (part := self._read(_HEAD - len(self._head))):
            self._head += part
        self._head = self._head.removeprefix(b"\xef\xbb\xbf")
        self.syntax = _syntax(name, self._head)
        self._bounds = XmlBounds(name) if self.syntax is Syntax.RDFXML else None

    def read(self, size: int = -1) -> bytes:
        try:
            found = self._next(size)
            if self._bounds is not None and size != 0:
                if found:
                    self._bounds.feed(found)
                else:
                    self._bounds.close()
                    self._bounds = None
        except VhkgError as error:
            self.fault = error
            raise
        return found

    def all(self) -> bytes:
        """The rest, for a parser whose guard needs the text as a whole."""
        parts = []
        while part := self.read(1 << 20):
            parts.append(part)
        return b"".join(parts)

    def _next(self, size: int) -> bytes:
        if size < 0:
            size = self._left + 1 + len(self._head)
        if self._head:
            found, self._head = self._head[:size], self._head[size:]
            return found
        return self._read(size)

    def _read(self, size: int) -> bytes:
        try:
            found = self._inner.read(size)
        except (zlib.error, EOFError) as error:
            raise InputError("the gzip data are damaged", file=self.name, mend="copy the file again") from error
        except (OSError, ValueError) as error:
            raise unreadable(self.name, error) from error
        self._left -= len(found)
        if self._left < 0:
            fault = f"it is larger than {self._limit / (1 << 20):g} MiB"
            raise InputError(fault, file=self.name, mend="take the part of it that holds the terms and what is above")
        return found


@contextmanager
def opened(path: str, *, limit: int = LIMIT) -> Iterator[Stream]:
    """A file, or standard input for ``-``; gzip is unpacked while it is read. Raises InputError."""
    name = record.STANDARD_INPUT if path == STANDARD_INPUT else path
    with ExitStack() as stack:
        try:
            file: IO[bytes] = sys.stdin.buffer if path == STANDARD_INPUT else stack.enter_context(Path(path).open("rb"))
        except (OSError, ValueError) as error:
            raise unreadable(name, error) from error
        packed = _peek(file, name) == _GZIP_MAGIC
        yield Stream(name, cast(IO[bytes], GzipFile(fileobj=file)) if packed else file, limit)


def _peek(file: IO[bytes], name: str) -> bytes:
    try:
        return cast(bytes, file.peek(2)[:2])  # type: ignore[attr-defined]  # both are buffered readers
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from error


_XML = re.compile(rb"\s*(?:<\?xml|<!--|<!DOCTYPE|<[A-Za-z_][\w.-]*:RDF\b|<RDF\b)")
_OWL_XML = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*<Ontology[\s>]", re.DOTALL)
_FUNCTIONAL = re.compile(rb"^\s*(?:Prefix|Ontology)\s*[(:]", re.MULTILINE)
_OBO = re.compile(rb"^(?:format-version:|\[(?:Term|Typedef|Instance)\])", re.MULTILINE)


def _syntax(name: str, head: bytes) -> Syntax:
    """By content rather than by name: files called .owl come in all of these."""
    if not head.strip():
        raise InputError("it is empty", file=name, mend="give an ontology as RDF/XML, Turtle or OBO")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in head:
        raise InputError("it is not UTF-8 text", file=name, mend="save it as UTF-8")
    if _OWL_XML.match(head):
        raise InputError("it is OWL/XML", file=name, mend=_CONVERT)
    if _XML.match(head):
        return Syntax.RDFXML
    if _FUNCTIONAL.search(head):
        raise InputError("it is in functional or Manchester syntax", file=name, mend=_CONVERT)
    if head.lstrip()[:1] == b"{":
        raise InputError("it is JSON", file=name, mend=_CONVERT)
    return Syntax.OBO if _OBO.search(head) else Syntax.TURTLE
