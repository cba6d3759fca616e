"""Where the elements of the picture lead."""

from __future__ import annotations

import msgspec

from vhkg.model.algorithm import Room


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """`patient` and `article` are the addresses of the two pages, empty on the page itself."""

    patient: str = ""
    article: str = "/article"

    def fact(self, finding: str) -> str:
        return f"{self.patient}#fact-{finding}"

    def recommendation(self, name: str) -> str:
        return f"{self.patient}#recommendation-{name}"

    def statement(self, name: str) -> str:
        return f"{self.article}#{name}"

    def room(self, room: Room) -> str:
        """The silence, or the nearest statement of a factor that no silence names."""
        return self.silence(room.silence) if room.silence else self.statement(room.nearest)

    def silence(self, name: str) -> str:
        return f"{self.article}#silence-{name}"
