"""Strict JSON at the speed of a compiled parser: the same refusals as `parse_json`, which words them.

Depth and doubled keys are seen in the text's skeleton, the brackets and colons outside strings. A compiled parser
keeps the last of doubled keys, so a text has doubled keys exactly if it has more colons outside strings than the value
written out again.
"""

from __future__ import annotations

import re

import msgspec

from vhkg.errors import InputError
from vhkg.intake.document import Document
from vhkg.intake.json_text import MAX_JSON_DEPTH, Json, parse_json

_BESIDE_SKELETON = bytes(set(range(256)) - set(b'"{}[]:'))
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
    skeleton = _skeleton(content)
    brackets = skeleton.translate(_ONE_KIND, b":")
    for _ in range(MAX_JSON_DEPTH):
        if not brackets:
            break
        brackets = brackets.replace(b"{}", b"")
    return not brackets and skeleton.count(b":") == _skeleton(_encode(value)).count(b":")


def _skeleton(content: bytes) -> bytes:
    if b"\\" in content:
        content = _ESCAPE.sub(b"", content)
    # Without a pair of quotes that stand side by side, what is inside and what is outside of strings stays so.
    return b"".join(content.translate(None, _BESIDE_SKELETON).replace(b'""', b"").split(b'"')[::2])
