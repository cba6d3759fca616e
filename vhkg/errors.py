"""One error tree; every failure that vhkg foresees is a leaf of it.

    VhkgError                      never raised directly
    ├── UsageError        exit 2   the call is wrong: an option, a name, a query
    │   └── UnknownName            a name that the knowledge does not have
    ├── InputError        exit 3   bytes that cannot be read as patient data
    │   └── RefusedInput           readable, but not allowed in a patient graph
    ├── KnowledgeError    exit 4   the ontology folder itself is at fault
    │   └── OutsideFragment        an axiom that the compiler does not decide exactly
    └── EngineError       exit 4   a reasoner, store or child process failed

A message is one sentence: the file, the place, the fault and the mend.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class VhkgError(Exception):
    """Base of all errors raised on purpose. Never raised directly."""

    exit_code = 4

    def __init__(
        self, fault: str, *, file: str | None = None, place: str | None = None, mend: str | None = None
    ) -> None:
        self.fault = fault
        self.file = file
        self.place = place
        self.mend = mend
        super().__init__(fault)

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place) if part)
        sentence = f"{where}: {self.fault}" if where else self.fault
        return f"{sentence}; {self.mend}." if self.mend else f"{sentence}."


class UsageError(VhkgError):
    """The call is wrong."""

    exit_code = 2


class UnknownName(UsageError):
    """A name that the knowledge does not have, with the nearest ones it has."""

    def __init__(
        self,
        name: str,
        kind: str,
        known: Iterable[str],
        *,
        listed_by: str = "vhkg terms",
        file: str | None = None,
        place: str | None = None,
    ) -> None:
        self.name = name
        near = near_matches(name, known)
        mend = f"did you mean {' or '.join(near)}?" if near else f"`{listed_by}` lists those that exist"
        super().__init__(f"unknown {kind} {name!r}", file=file, place=place, mend=mend)

    def __str__(self) -> str:
        return super().__str__().replace("?.", "?")


class InputError(VhkgError):
    """Bytes that cannot be read as patient data."""

    exit_code = 3


class RefusedInput(InputError):
    """Well-formed data that says what a patient graph may not say."""


class KnowledgeError(VhkgError):
    """The ontology folder is at fault, not the data."""


class OutsideFragment(KnowledgeError):
    """An axiom outside the fragment that the compiler decides exactly."""


class EngineError(VhkgError):
    """A reasoner, a store or a child process failed."""


def near_matches(name: str, known: Iterable[str]) -> list[str]:
    """Return at most three known names close to `name`, best first, whatever the case."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), sorted(by_lower), n=3, cutoff=0.6)
    return [by_lower[match] for match in close]
