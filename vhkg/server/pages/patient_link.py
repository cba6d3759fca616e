"""A link to a state of the Patient page: facts and readings, without days and names of anyone.

    /#k=DIGEST&f=FINDING.p,FINDING.a,FINDING.u&r=READING.ALTERNATIVE

It stands behind `#`, so that no server is told it; the page sends it on in a body.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import msgspec

from vhkg.model.content import Content
from vhkg.server.problems import refuse

DIGITS = 12
"""How much of the digest stands in a link."""
_LONGEST = 20_000
_SHOWN = 80
_LETTERS = {"p": "present", "a": "absent", "u": "unknown"}
_LETTER_OF = {word: letter for letter, word in _LETTERS.items()}


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """`gone` are the facts and readings of the link that this knowledge does not have.

    `digest` is that of the link if it is another than ours, else empty.
    """

    facts: dict[str, str]
    readings: dict[str, str]
    gone: tuple[str, ...]
    digest: str


def link_of(fragment: str, content: Content, digest: str) -> Link:
    """A link that was opened. Raises Refused for what is no such link."""
    if len(fragment) > _LONGEST:
        refuse(HTTPStatus.BAD_REQUEST, "The link is too long.")
    parts: dict[str, str] = {}
    for part in fragment.split("&"):
        key, separator, value = part.partition("=")
        if key not in ("k", "f", "r") or not separator or key in parts:
            refuse(HTTPStatus.BAD_REQUEST, "The link cannot be read; it is k=…&f=…&r=….")
        parts[key] = value
    facts: dict[str, str] = {}
    readings: dict[str, str] = {}
    gone: dict[str, None] = {}
    for item in filter(None, parts.get("f", "").split(",")):
        name, _, letter = item.partition(".")
        if name in content.findings and letter in _LETTERS:
            facts[name] = _LETTERS[letter]
        else:
            gone[item[:_SHOWN]] = None
    for item in filter(None, parts.get("r", "").split(",")):
        name, _, alternative = item.partition(".")
        known = content.readings.get(name)
        if known is not None and alternative in {each.name for each in known.alternatives}:
            readings[name] = alternative
        else:
            gone[item[:_SHOWN]] = None
    theirs = parts.get("k", "")
    same = bool(theirs) and digest.startswith(theirs)
    return Link(
        facts=facts, readings=readings, gone=tuple(gone), digest="" if same else theirs[:_SHOWN] or "not stated"
    )


def link_to(facts: Mapping[str, str], readings: Mapping[str, str], content: Content, digest: str) -> str:
    """The fragment for rows as they stand; readings that are the default are left out."""
    stated = ",".join(f"{name}.{_LETTER_OF[status]}" for name, status in facts.items() if status)
    chosen = ",".join(
        f"{name}.{value}" for name, value in sorted(readings.items()) if value != content.readings[name].default
    )
    return f"k={digest[:DIGITS]}" + (f"&f={stated}" if stated else "") + (f"&r={chosen}" if chosen else "")
