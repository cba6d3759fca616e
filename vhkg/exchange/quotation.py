"""A statement for the coverage ledger, from its words: offsets and context are found, nothing else is filled in.

Offsets count code points, end exclusive; 24 characters of context stand before and after, as the selectors of the Web
Annotation model have them (https://www.w3.org/TR/annotation-model/#text-quote-selector).
"""

from __future__ import annotations

import re

from vhkg.errors import InputError, UsageError
from vhkg.intake import quoted

CONTEXT = 24
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


def statement_turtle(text: str, quote: str, *, name: str, occurrence: int | None = None, file: str = "") -> str:
    """Turtle for the statement `name` that quotes `quote`; prefixes as the files of an ontology declare them.

    `occurrence`, from 1, chooses where the words stand more than once. Raises InputError if they do not stand in the
    text, and UsageError if they do so several times and no occurrence is chosen.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no local name", place="--name", mend="write letters and digits, such as S12")
    places = [found.start() for found in re.finditer(re.escape(quote), text)] if quote else []
    if not places:
        raise InputError("the words do not stand in the text", file=file, mend="copy them exactly, to the character")
    if occurrence is None and len(places) > 1:
        lines = ", ".join(str(_line(text, place)) for place in places)
        raise UsageError(
            f"the words stand {len(places)} times (lines {lines})", place=file, mend="choose one with --occurrence"
        )
    if not 1 <= (occurrence or 1) <= len(places):
        raise UsageError(
            f"the words stand {len(places)} times", place="--occurrence", mend=f"choose 1 to {len(places)}"
        )
    start = places[(occurrence or 1) - 1]
    end = start + len(quote)
    before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
    return f"""\
:{name} a owl:NamedIndividual , vhkg:Sentence ;
    rdfs:label "{name}: line {_line(text, start)}"@en ;
    oa:hasSelector :{name}Position , :{name}Quote ;
    vhkg:lineNumber {_line(text, start)} .
# to fill in: oa:hasSource, vhkg:section, vhkg:passageOrder (or dcterms:isPartOf for a claim), cito:citesAsEvidence,
# vhkg:disposition with vhkg:modelledBy or vhkg:because

:{name}Position a owl:NamedIndividual , vhkg:PositionSelector ; oa:start {start} ; oa:end {end} .

:{name}Quote a owl:NamedIndividual , vhkg:QuoteSelector ;
    oa:exact {quoted(quote)}@en ;
    oa:prefix {quoted(before)}@en ;
    oa:suffix {quoted(after)}@en .
"""


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
