"""Code tables of an invented vocabulary and entries in their codes, for the tests of interpretation and assembly."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from vhkg.model.coded import BodySite, CodedEntry, CodeTables, Meaning, Reading, Site, Unit
from vhkg.model.vocabulary import FindingTerm, Vocabulary

SYSTEM = "https://codes.example"
STATUSES = {
    "sure": Reading.ASSERTED,
    "refuted": Reading.DENIED,
    "over": Reading.RESOLVED,
    "perhaps": Reading.SUSPECTED,
    "open": Reading.UNCERTAIN,
    "": Reading.UNCERTAIN,
    "error": Reading.DROPPED,
}
ELEMENTS = ("Record", "Answer", "List")
"""A record is there or not, an answer has a value, and a list states only what its code says by itself."""


def token(code: str) -> str:
    return f"{SYSTEM}|{code}"


def _meanings() -> dict[str, tuple[Meaning, ...]]:
    return {
        "red": (Meaning(term="Redness"),),
        "scarlet": (Meaning(term="Redness", if_absent=False),),
        "coloured": (Meaning(term="Redness", if_present=False),),
        "reddish": (Meaning(term="Redness", if_present=False, if_absent=False),),
        "red-skin": (Meaning(term="Redness", site_kind="skin"),),
        "not-red": (Meaning(term="Redness", if_present=False, if_absent=False, status="absent"),),
        "surely-red": (Meaning(term="Redness", if_present=False, if_absent=False, status="present"),),
        "swollen": (Meaning(term="Swelling"),),
        "both": (Meaning(term="Redness"), Meaning(term="Swelling")),
        "travel": (Meaning(term="Travelling"),),
        "score": (Meaning(term="Itch"),),
        "score-of-a-kind": (Meaning(term="Itch", if_absent=False),),
    }


TABLES = CodeTables(
    systems={"X": SYSTEM, SYSTEM: SYSTEM},
    prefixes={SYSTEM: "X"},
    meanings={token(code): meanings for code, meanings in _meanings().items()},
    answers={token("yes"): "present", token("no"): "absent", token("no idea"): "unknown"},
    readings={f"{element}.status|{code}": reading for element in ELEMENTS for code, reading in STATUSES.items()}
    | {"Record.second|": Reading.ASSERTED, "Record.second|refuted": Reading.DENIED, "Record.third|": Reading.UNCERTAIN},
    sites={
        token("arm"): Site(lesion="arm", kind="skin"),
        token("leg"): Site(lesion="leg", kind="skin"),
        token("skin"): Site(lesion="", kind="skin"),
        token("heart"): Site(lesion="", kind="organ"),
    },
    units={f"Itch|{token('points')}": Unit(factor=1, minimum=0, maximum=10)},
    suspected={"Redness": "SuspectedRedness"},
    zero_denies={"Itch": ("Redness", "Swelling")},
)
VOCABULARY = Vocabulary(
    classes=frozenset(),
    predicates=frozenset(),
    datatypes=frozenset(),
    statuses={},
    findings={
        name: FindingTerm(name, f"https://terms.example/{name}", bearer, "hasFinding")
        for name, bearer in (
            ("Redness", "lesion"),
            ("SuspectedRedness", "lesion"),
            ("Swelling", "lesion"),
            ("Travelling", "patient"),
        )
    },
)


def site(*codes: str, text: str = "") -> BodySite:
    return BodySite(tuple(map(token, codes)), text)


def record(*codes: str, status: str = "sure", **rest: Any) -> CodedEntry:
    """A record of these codes; what is the same in two of them tells them apart no more than in a source."""
    coded = tuple(map(token, codes))
    return CodedEntry(**{"element": "Record", "origin": "r", "codes": coded, "statuses": (("status", status),), **rest})


def answer(code: str, value: bool | float | str | None = None, *, status: str = "sure", **rest: Any) -> CodedEntry:
    """An answer: true or false, a number in points, or a code."""
    given: dict[str, Any] = {"values": (token(value),)} if isinstance(value, str) else {"value": value}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        given["unit"] = token("points")
    return record(code, status=status, **{"element": "Answer", "valued": True, **given, **rest})


_DAYS = st.sampled_from(["", "2026", "2026-03", "2026-03-01", "2026-03-31", "2026-04-02"])
_STATUSES = st.tuples(st.sampled_from(["status", "second"]), st.sampled_from([*STATUSES, "strange"]))
_SITES = st.sampled_from([site("arm"), site("leg"), site("skin"), site("heart"), site("elsewhere"), site(text="there")])


def _tokens(*codes: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), max_size=3, unique=True).map(lambda found: tuple(map(token, found)))


ENTRIES = st.builds(
    CodedEntry,
    element=st.sampled_from(ELEMENTS),
    origin=st.sampled_from(["a", "b"]),
    codes=_tokens(*_meanings(), "nothing", "of ours"),
    statuses=st.lists(
        st.tuples(st.sampled_from(["status", "second"]), st.sampled_from([*STATUSES, "strange"])),
        max_size=3,
        unique=True,
    ).map(tuple),
    values=_tokens("yes", "no", "no idea", "maybe"),
    value=st.sampled_from([None, True, False, 0, 0.0, 3, -1.0, 11.0]),
    valued=st.booleans(),
    unit=st.sampled_from(["", token("points"), token("metres")]),
    absent_reason=st.booleans(),
    sites=st.lists(_SITES, max_size=2, unique_by=lambda each: (each.codes, each.text)).map(tuple),
    lesion=st.sampled_from(["", "arm"]),
    recorded=_DAYS,
    began=_DAYS,
    ended=_DAYS,
    unclear=st.sampled_from(["", "", "a reason"]),
)
"""Entries of any shape, more of them strange than a reader makes."""
