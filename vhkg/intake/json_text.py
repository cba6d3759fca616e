"""JSON from outside: bounded depth, no key twice, numbers kept as they are written."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn, TypeAlias

from vhkg.errors import InputError
from vhkg.intake.document import Document, line_number

MAX_JSON_DEPTH = 32

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?P<closed>"?)|[\[{]|[\]}]', re.DOTALL)


def parse_json(document: Document) -> Json:
    """Read one JSON value; errors give line and column, or the key that stands twice."""
    _check_depth(document)
    try:
        value: Json = json.loads(
            document.text,
            object_pairs_hook=lambda pairs: _object(document, pairs),
            parse_constant=_no_constant,
            parse_float=_finite,
        )
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            file=document.name,
            place=f"line {error.lineno}, column {error.colno}",
            mend="correct the syntax",
        ) from error
    except ValueError as error:
        fault = "a number is not finite or has too many digits"
        raise InputError(fault, file=document.name, mend="correct the number") from error
    return value


def _check_depth(document: Document) -> None:
    """A text that is not closed ends the scan: the parser gets no further, and scanning on would be quadratic."""
    depth = 0
    for token in _TOKEN.finditer(document.content):
        mark = token.group()[:1]
        if mark == b'"' and not token["closed"]:
            return
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        if depth > MAX_JSON_DEPTH:
            raise InputError(
                f"the JSON is nested deeper than {MAX_JSON_DEPTH}",
                file=document.name,
                place=f"line {line_number(document.content, token.start())}",
                mend="flatten it",
            )


def _object(document: Document, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            position = _second_use(document.content, key)
            raise InputError(
                f"the key {key[:80]!r} stands twice in one object",
                file=document.name,
                place=f"line {line_number(document.content, position)}" if position >= 0 else None,
                mend="keep one; a list holds several values",
            )
        found[key] = value
    return found


def _second_use(content: bytes, key: str) -> int:
    """Where the key stands for the second time, if it is the only one that does; else -1, rather than a guess."""
    uses = [
        use.start() for use in re.finditer(re.escape(json.dumps(key, ensure_ascii=False).encode()) + rb"\s*:", content)
    ]
    return uses[1] if len(uses) == 2 else -1


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
