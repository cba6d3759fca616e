"""Which of the media types on offer a client wants: proactive negotiation by Accept (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_RANGE = re.compile(r"\s*([\w!#$&^.+*-]+)/([\w!#$&^.+*-]+)\s*((?:;[^,]*)?)$")
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


class _Wanted(NamedTuple):
    specificity: int
    kind: str
    quality: float


def preferred(accept: str, offered: Sequence[str]) -> str | None:
    """The best of `offered`, earlier ones among equals; None where nothing on offer is acceptable.

    The most specific range that matches a type decides its quality. Parameters other than q are not looked at. An
    empty header accepts everything.

    >>> preferred("text/turtle;q=0.5, application/*", ["text/turtle", "application/json"])
    'application/json'
    >>> preferred("image/png", ["text/turtle"]) is None
    True
    """
    if not accept.strip():
        return offered[0]
    wanted = [_wanted(found) for part in accept.split(",") if (found := _RANGE.match(part))]
    best, chosen = 0.0, None
    for kind in offered:
        quality = max((each for each in wanted if _matches(each.kind, kind)), default=_Wanted(0, "", 0.0)).quality
        if quality > best:
            best, chosen = quality, kind
    return chosen


def _wanted(found: re.Match[str]) -> _Wanted:
    major, minor, parameters = found[1].lower(), found[2].lower(), found[3]
    stated = _QUALITY.search(parameters)
    quality = min(1.0, float(stated[1])) if stated else 1.0
    return _Wanted((major != "*") + (minor != "*"), f"{major}/{minor}", quality)


def _matches(wanted: str, kind: str) -> bool:
    major, _, minor = wanted.partition("/")
    theirs = kind.partition(";")[0].strip().lower().partition("/")
    return major in ("*", theirs[0]) and minor in ("*", theirs[2])
