"""Headers in which each reply says which knowledge it rests on, and whether its result was cut.

`VHKG-Knowledge` is a dictionary of structured fields (RFC 9651): version, digest, and the review status of the
source. `VHKG-Truncated` is there only if the result has more rows than were sent: how many were.
"""

from __future__ import annotations

from vhkg.server.service import Service

KNOWLEDGE_HEADER = "VHKG-Knowledge"
TRUNCATED_HEADER = "VHKG-Truncated"


def stamp(service: Service) -> dict[str, str]:
    """For every reply."""
    shown = service.stamp
    members = {"version": shown.version, "digest": shown.digest, "review": shown.review_status}
    return {KNOWLEDGE_HEADER: ", ".join(f"{name}={_string(text)}" for name, text in members.items())}


def shared(service: Service) -> dict[str, str]:
    """For replies to GET and HEAD: pages elsewhere may read them (CORS), unless answers about patients are held."""
    if service.answers:
        return {}
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": f"{KNOWLEDGE_HEADER}, {TRUNCATED_HEADER}, Retry-After",
    }


def _string(text: str) -> str:
    """A String where ASCII suffices, a Display String otherwise (RFC 9651, sections 3.3.3 and 3.3.8).

    >>> _string('a "b"')
    '"a \\\\"b\\\\""'
    >>> _string("ü%")
    '%"%c3%bc%25"'
    """
    if text.isascii() and text.isprintable():
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    encoded = (chr(byte) if 0x20 <= byte < 0x7F and byte not in b'%"' else f"%{byte:02x}" for byte in text.encode())
    return f'%"{"".join(encoded)}"'
