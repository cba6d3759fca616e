"""A name and a password for a server, said the way that it asks: Digest (RFC 7616) or Basic (RFC 7617).

Basic sends the password itself, so it is answered over HTTPS or to this very machine only.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence

import msgspec

from vhkg.errors import UsageError

LONGEST = 1024
_SCHEME = re.compile(r"(?:^|,)\s*(Digest|Basic)(?=\s|,|$)", re.IGNORECASE)
_PARAMETER = re.compile(r'([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES = {"MD5": "md5", "SHA-256": "sha256"}


class Credentials(msgspec.Struct, frozen=True):
    """Neither is ever shown: `repr` and messages leave them out."""

    name: str
    password: str

    def __post_init__(self) -> None:
        if not self.name or ":" in self.name or not self.name.isascii() or not self.name.isprintable():
            raise UsageError(
                "the name is not one that HTTP can send", place="--username", mend="give ASCII characters but no colon"
            )
        if not self.password or len(self.password) > LONGEST or not self.password.isprintable():
            raise UsageError(
                "the password is no line of text", place="--password-file", mend=f"give 1 to {LONGEST} characters"
            )

    def __repr__(self) -> str:
        return "Credentials(…)"


class Challenge(msgspec.Struct, frozen=True):
    """How a server asks."""

    scheme: str
    parameters: Mapping[str, str]


def challenge(headers: Sequence[str], *, secret: bool) -> Challenge | None:
    """The best of what a server offers that may be answered: Digest before Basic, and Basic only if `secret`."""
    found = [each for header in headers for each in _challenges(header)]
    for each in found:
        if each.scheme == "digest" and _hash(each) and each.parameters.get("nonce"):
            return each
    return next((each for each in found if each.scheme == "basic" and secret), None)


def authorization(asked: Challenge, given: Credentials, method: str, target: str, count: int) -> str:
    """The header that answers; `target` is path and query, `count` how often this challenge has been answered."""
    if asked.scheme == "basic":
        return "Basic " + base64.b64encode(f"{given.name}:{given.password}".encode()).decode()
    parameters = asked.parameters
    realm, nonce = parameters.get("realm", ""), parameters["nonce"]
    once, number = secrets.token_hex(16), f"{count:08x}"
    secret = _digest(asked, f"{given.name}:{realm}:{given.password}")
    if parameters.get("algorithm", "").lower().endswith("-sess"):
        secret = _digest(asked, f"{secret}:{nonce}:{once}")
    asking = _digest(asked, f"{method}:{target}")
    said = {"username": given.name, "realm": realm, "nonce": nonce, "uri": target}
    bare = {}
    if "auth" in re.split(r"[\s,]+", parameters.get("qop", "")):
        said["response"] = _digest(asked, f"{secret}:{nonce}:{number}:{once}:auth:{asking}")
        said["cnonce"] = once
        bare = {"qop": "auth", "nc": number}
    else:
        said["response"] = _digest(asked, f"{secret}:{nonce}:{asking}")
    if "opaque" in parameters:
        said["opaque"] = parameters["opaque"]
    if "algorithm" in parameters:
        bare["algorithm"] = parameters["algorithm"]
    quoted = [f'{name}="{re.sub(_ESCAPED, _escape, value)}"' for name, value in said.items()]
    return "Digest " + ", ".join([*quoted, *(f"{name}={value}" for name, value in bare.items())])


_ESCAPED = re.compile(r'["\\]')


def _escape(found: re.Match[str]) -> str:
    return "\\" + found.group()


def _challenges(header: str) -> list[Challenge]:
    if not header.isprintable() or not header.isascii():
        return []
    starts = list(_SCHEME.finditer(header))
    ends = [*(start.start() for start in starts[1:]), len(header)]
    return [
        Challenge(
            start[1].lower(),
            {
                name.lower(): re.sub(r"\\(.)", r"\1", quoted) if quoted else token
                for name, quoted, token in _PARAMETER.findall(header[start.end() : end])
            },
        )
        for start, end in zip(starts, ends, strict=False)
    ]


def _hash(asked: Challenge) -> str | None:
    return _HASHES.get(asked.parameters.get("algorithm", "MD5").upper().removesuffix("-SESS"))


def _digest(asked: Challenge, text: str) -> str:
    return hashlib.new(_hash(asked) or "sha256", text.encode()).hexdigest()
