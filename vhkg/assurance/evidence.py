"""Evidence: what a comparison covered, as one small JSON file for each part of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from vhkg.version import __version__

EXAMPLES = 5
"""So many disagreements are written out; all are counted."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """`digest` names the knowledge that was compared; `command` repeats the comparison; `seed` is null if none."""

    claim: str
    part: str
    cases: int
    disagreements: int
    seed: int | None
    digest: str
    command: str
    software: str = f"vhkg {__version__}"
    examples: tuple[str, ...] = ()


def evidence(
    claim: str,
    part: str,
    *,
    cases: int,
    disagreements: Sequence[object],
    digest: str,
    command: str,
    seed: int | None = None,
) -> Evidence:
    """The evidence of one part, with the first disagreements as text."""
    return Evidence(
        claim=claim,
        part=part,
        cases=cases,
        disagreements=len(disagreements),
        seed=seed,
        digest=digest,
        command=command,
        examples=tuple(str(each) for each in disagreements[:EXAMPLES]),
    )


def write_evidence(found: Evidence, folder: Path) -> Path:
    """Write DIR/claim/part.json; OSError if that is not possible."""
    path = folder / found.claim / f"{found.part}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    return path
