"""What every check of the knowledge reports."""

from __future__ import annotations

import msgspec


class Fault(msgspec.Struct, frozen=True, order=True):
    """One fault. `check` names the rule, `place` the term, row or line; `mend` says what would put it right."""

    check: str
    place: str
    fault: str
    mend: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fault}; {self.mend} [{self.check}]"
