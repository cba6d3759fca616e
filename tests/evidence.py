"""Evidence: what an exhaustive or random comparison covered, one small JSON file for each part of a claim.

A test calls `record` before it asserts, so that a failure leaves its evidence too. ``python -m tests.evidence`` adds
the parts up, compares them with the numbers that evidence.tsv promises, and fails where a claim has fewer cases,
a disagreement, or no evidence at all; it writes build/evidence/summary.json.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.support import ROOT, shipped
from vhkg.assurance.evidence import Evidence, evidence, write_evidence

FOLDER = ROOT / "build" / "evidence"
PROMISES = Path(__file__).parent / "evidence.tsv"


class Total(msgspec.Struct, frozen=True, kw_only=True):
    claim: str
    says: str
    promised: int
    cases: int
    disagreements: int
    parts: int
    digests: tuple[str, ...]
    commands: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.parts > 0 and self.cases >= self.promised and self.disagreements == 0


def record(
    claim: str,
    part: str,
    *,
    cases: int,
    disagreements: Sequence[object] = (),
    command: str,
    seed: int | None = None,
    digest: str = "",
) -> Evidence:
    """Write the evidence of one part; `digest` is that of the shipped knowledge unless another is given."""
    found = evidence(
        claim,
        part,
        cases=cases,
        disagreements=disagreements,
        digest=digest or shipped().compiled.digest,
        command=command,
        seed=seed,
    )
    write_evidence(found, FOLDER)
    return found


def totals(folder: Path = FOLDER, promises: Path = PROMISES) -> list[Total]:
    """What stands in the folder for each promise, and for each claim that nobody promised."""
    found: dict[str, list[Evidence]] = {}
    for path in sorted(folder.glob("*/*.json")):
        each = msgspec.json.decode(path.read_bytes(), type=Evidence)
        found.setdefault(each.claim, []).append(each)
    with promises.open(encoding="utf-8", newline="") as stream:
        promised = {row["claim"]: row for row in csv.DictReader(stream, delimiter="\t")}
    return [
        Total(
            claim=claim,
            says=promised[claim]["says"] if claim in promised else "",
            promised=int(promised[claim]["cases"]) if claim in promised else 0,
            cases=sum(part.cases for part in parts),
            disagreements=sum(part.disagreements for part in parts),
            parts=len(parts),
            digests=tuple(sorted({part.digest for part in parts})),
            commands=tuple(sorted({part.command for part in parts})),
        )
        for claim in dict.fromkeys((*promised, *found))
        for parts in [found.get(claim, [])]
    ]


def main() -> int:
    summary = totals()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2) + b"\n")
    for each in summary:
        mark = "holds" if each.holds else "FAILS"
        print(f"{mark}  {each.claim}: {each.cases} cases of {each.promised}, {each.disagreements} disagreements")
    return 0 if summary and all(each.holds for each in summary) else 1


if __name__ == "__main__":
    sys.exit(main())
