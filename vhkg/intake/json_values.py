"""Strict JSON at the speed of a compiled parser: the same refusals as `parse_json`, which words them.

A compiled parser keeps the last of doubled keys, so a text has doubled keys exactly if it has more colons than the
value written out again: each member that is lost takes its colon along, and colons in strings stay. That does not hold
where a colon is written as ``\\u003a``; there, colons are counted in the text's skeleton, what is outside of strings.
"""

from __future__ import annotations

import re

import msgspec

from vhkg.errors import InputError
from vhkg.intake.document import Document
from vhkg.intake.json_text import MAX_JSON_DEPTH, Json, parse_json

_BESIDE_BRACKETS = bytes(set(range(256)) - set(b'"{}[]'))
_BESIDE_COLONS = bytes(set(range(256)) - set(b'":'))
_SHORT = 4096
"""Shorter texts may have too few brackets to be too deep."""
_BESIDE_MARKS = bytes(set(range(256)) - set(b":{["))
_ONE_KIND = bytes.maketrans(b"[]", b"{}")
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def parse_json_fast(document: Document) -> Json:
    """The value; what is not clearly in order goes to `parse_json`, for its error or its value."""
    content = document.content
    try:
        value: Json = _decode(content)
    except (msgspec.DecodeError, RecursionError):
        return _strictly(document)
    return value if is_plain(content, value) else _strictly(document)


def _strictly(document: Document) -> Json:
    """By `parse_json`; a character that is written as one half of a pair is refused, since no output can hold it."""
    value = parse_json(document)
    try:
        _encode(value)
    except UnicodeEncodeError as error:
        fault = f"there is half a character, \\u{ord(error.object[error.start]):04x}"
        raise InputError(fault, file=document.name, mend="write the whole pair, or remove it") from error
    return value


def is_plain(content: bytes, value: Json) -> bool:
    """Whether the text of a decoded value is shallow enough and has no key twice. Never true by mistake."""
    written = _encode(value)
    if len(content) < _SHORT and not _has_codes(content):
        marks = content.translate(None, _BESIDE_MARKS)
        colons = marks.count(b":")
        return colons == written.count(b":") and (len(marks) - colons <= MAX_JSON_DEPTH or _is_shallow(content))
    return _has_no_key_twice(content, written) and _is_shallow(content)


def _has_no_key_twice(content: bytes, written: bytes) -> bool:
    if not _has_codes(content):
        return content.count(b":") == written.count(b":")
    return _outside_strings(content, _BESIDE_COLONS) == _outside_strings(written, _BESIDE_COLONS)


def _has_codes(content: bytes) -> bool:
    """Whether a character may be written by its code; searching for two bytes takes many times longer."""
    return b"\\" in content and b"\\u" in content


def _is_shallow(content: bytes) -> bool:
    brackets = _outside_strings(content, _BESIDE_BRACKETS).translate(_ONE_KIND)
    for _ in range(MAX_JSON_DEPTH):
        if not brackets:
            break
        brackets = brackets.replace(b"{}", b"")
    return not brackets


def _outside_strings(content: bytes, beside: bytes) -> bytes:
    """What is outside of strings, without the characters `beside`."""
    if b"\\" in content:
        content = _without_escapes(content)
    # Without a pair of quotes that stand side by side, what is inside and what is outside of strings stays so.
    kept = content.translate(None, beside).replace(b'""', b"")
    return b"".join(kept.split(b'"')[::2]) if b'"' in kept else kept


def _without_escapes(content: bytes) -> bytes:
    """Without backslashes and what follows each."""
    first, *others = content.split(b"\\")
    if b"" in others:
        return _ESCAPE.sub(b"", content)
    return first + b"".join([each[1:] for each in others])
