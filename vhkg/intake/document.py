"""The one front door for bytes: a path or standard input becomes a bounded, clean text document."""

from __future__ import annotations

import re
import sys
import zlib
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec

from vhkg.errors import InputError
from vhkg.model import record

PATIENT_FILE_LIMIT = 2 * 1024 * 1024
JSON_FILE_LIMIT = 64 * 1024 * 1024
"""A FHIR bundle holds all of a patient's history; its parser is linear."""
STANDARD_INPUT = "-"
_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class Format(StrEnum):
    TURTLE = "Turtle"
    TRIG = "TriG"
    NTRIPLES = "N-Triples"
    NQUADS = "N-Quads"
    RDFXML = "RDF/XML"
    JSONLD = "JSON-LD"
    JSON = "JSON"
    """JSON without any JSON-LD keyword: a FHIR resource or a phenopacket, perhaps."""
    NDJSON = "NDJSON"
    """A JSON value a line."""
    CSV = "CSV"


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What passed the door: strict UTF-8 without byte order mark or NUL. `name` is what messages call the file."""

    name: str
    content: bytes
    format: Format

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")


_EXTENSIONS = {
    ".ttl": Format.TURTLE,
    ".nt": Format.NTRIPLES,
    ".nq": Format.NQUADS,
    ".trig": Format.TRIG,
    ".jsonld": Format.JSONLD,
    ".rdf": Format.RDFXML,
    ".owl": Format.RDFXML,
    ".xml": Format.RDFXML,
    ".csv": Format.CSV,
    ".ndjson": Format.NDJSON,
}


def read_bytes(path: str, *, limit: int = PATIENT_FILE_LIMIT) -> Document:
    """Read a file, or standard input for ``-``; gzip is unpacked and counted while it inflates.

    JSON that is no JSON-LD may be as large as `JSON_FILE_LIMIT` where no other limit than the usual is given.

    A UTF-8 byte order mark is dropped, since spreadsheets write it.
    """
    name = record.STANDARD_INPUT if path == STANDARD_INPUT else path
    return document(name, _read(path, name, _most(limit, name)), limit=limit)


def document(name: str, raw: bytes, *, limit: int = PATIENT_FILE_LIMIT) -> Document:
    """The same door for bytes that are already in memory, such as the body of a request."""
    stem, most = name, _most(limit, name)
    if raw.startswith(_GZIP_MAGIC):
        raw = _inflate(raw, name, most)
        stem = name.removesuffix(".gz")
    content = raw.removeprefix(_BOM)
    if len(raw) > most:
        raise _too_large(name, most)
    if len(raw) > limit and _format_of(stem, content) not in (Format.JSON, Format.NDJSON):
        raise _too_large(name, limit)
    _refuse_unclean(content, name)
    return Document(name=name, content=content, format=_format_of(stem, content))


def _most(limit: int, name: str) -> int:
    """The limit before the content is known: more than the usual for what may be JSON."""
    known = _EXTENSIONS.get(Path(name.removesuffix(".gz")).suffix.lower(), Format.JSON)
    return JSON_FILE_LIMIT if limit == PATIENT_FILE_LIMIT and known in (Format.JSON, Format.NDJSON) else limit


def _read(path: str, name: str, limit: int) -> bytes:
    try:
        if path == STANDARD_INPUT:
            return _read_bounded(sys.stdin.buffer, limit)
        with Path(path).open("rb") as stream:
            return _read_bounded(stream, limit)
    except (OSError, ValueError) as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: OSError | ValueError) -> InputError:
    """Why a file could not be opened or read, as a sentence."""
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file", file=name, mend="correct the path")
    if isinstance(error, IsADirectoryError):
        return InputError("this is a folder, not a file", file=name, mend="name the files in it")
    if isinstance(error, PermissionError):
        return InputError("permission to read it is denied", file=name, mend="change its permissions")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InputError(f"it cannot be read: {reason.lower()}", file=name, mend="correct the path")


def _read_bounded(stream: BinaryIO, limit: int) -> bytes:
    """At most one byte more than the limit, so that an endless stream ends."""
    parts: list[bytes] = []
    missing = limit + 1
    while missing > 0 and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _inflate(raw: bytes, name: str, limit: int) -> bytes:
    if len(raw) > limit:
        raise _too_large(name, limit)
    found = bytearray()
    rest = raw
    try:
        while rest:
            member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            found += member.decompress(rest, limit + 1 - len(found))
            if len(found) > limit:
                raise _too_large(name, limit)
            if not member.eof:
                raise InputError("the gzip data end too early", file=name, mend="copy the file again")
            rest = member.unused_data
    except zlib.error as error:
        raise InputError("the gzip data are damaged", file=name, mend="copy the file again") from error
    return bytes(found)


def _too_large(name: str, limit: int) -> InputError:
    return InputError(
        f"it is larger than {limit / (1024 * 1024):g} MiB",
        file=name,
        mend="split it into one file per patient",
    )


def _refuse_unclean(content: bytes, name: str) -> None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("it is UTF-16, not UTF-8", file=name, mend="save it as UTF-8")
    position = content.find(b"\x00")
    if position >= 0:
        place = f"{_line(content, position)}, byte {position + 1}"
        raise InputError("there is a NUL byte", file=name, place=place, mend="save it as plain UTF-8 text")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"{_line(content, error.start)}, byte {error.start + 1}"
        raise InputError("it is not UTF-8", file=name, place=place, mend="save it as UTF-8") from error
    if not content.strip():
        raise InputError("it is empty", file=name, mend="`vhkg template csv` prints a file to start from")


def line_number(content: bytes, position: int) -> int:
    """The line of a byte, from 1; LF, CRLF and CR end a line."""
    before = content[:position]
    return 1 + before.count(b"\n") + before.count(b"\r") - before.count(b"\r\n")


def _line(content: bytes, position: int) -> str:
    return f"line {line_number(content, position)}"


def _format_of(name: str, content: bytes) -> Format:
    suffix = Path(name).suffix.lower()
    if suffix == ".json":
        return _json_kind(content)
    return _EXTENSIONS.get(suffix) or _sniff(content)


_JSONLD_KEYWORD = re.compile(rb'"@(?:context|graph|id|type)"\s*:')
_XML_START = re.compile(rb"<\?xml|<!--|<!DOCTYPE|<(?:[A-Za-z_][\w.-]*:)?RDF[\s>]")
_JSON_LINES = re.compile(rb"\s*\{[^\r\n]*\}[ \t]*\r?\n\s*\{")
_JSON_START = re.compile(rb'\{\s*["}]|\[\s*\{')


def _json_kind(content: bytes) -> Format:
    if _JSON_LINES.match(content):
        return Format.NDJSON
    return Format.JSONLD if _JSONLD_KEYWORD.search(content) else Format.JSON


def _sniff(content: bytes) -> Format:
    """Turtle family text is taken for TriG, which contains the others."""
    start = content.lstrip()
    if _XML_START.match(start):
        return Format.RDFXML
    if _JSON_START.match(start):
        return _json_kind(start)
    header = [cell.strip(b' "\t').lower() for cell in re.split(rb"[\r\n]", start, maxsplit=1)[0].split(b",")]
    return Format.CSV if b"patient" in header and b"finding" in header else Format.TRIG
