"""What a text says of who bears whom, and who is a patient: no more, so that a first look at an input is quick."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl

from vhkg.cohort.rdf.lexicon import Lexicon, places
from vhkg.cohort.rdf.lines import Lines
from vhkg.cohort.rdf.odd import read_odd
from vhkg.intake import Format
from vhkg.namespaces import Rdf, Vhkg

_TEXT = ord('"')
_PATIENT = f"<{Vhkg.Patient}>"


class Links(NamedTuple):
    """Tokens: the two ends of each link, and the patients."""

    bearer: pl.Series
    child: pl.Series
    patient: pl.Series


def links_of(lines: Lines, lexicon: Lexicon, *, file: str, format: Format) -> Links:
    """The links of a text. Lines of unusual forms are read by the parser, those at fault say nothing."""
    predicate = places(lines.predicate, lexicon.predicate_tokens)
    text = np.frombuffer(lines.data, np.uint8)
    texts = lines.closed.copy()
    texts[texts] = text[lines.object_start[texts]] == _TEXT
    linked = np.flatnonzero(lines.plain & ~texts & (predicate >= 0) & lexicon.links[predicate])
    typed = np.flatnonzero(lines.plain & (predicate == lexicon.predicate(Rdf.type)))
    typed = typed[lines.object.gather(typed).eq_missing(_PATIENT).to_numpy()]
    found: tuple[list[str], list[str], list[str]] = [], [], []
    for row in np.flatnonzero(~(lines.plain | texts)).tolist():
        odd = read_odd(lines.line(row), int(lines.number[row]), file, format)
        place = lexicon.predicate(odd.predicate) if odd is not None else -1
        if odd is not None and place >= 0 and odd.value:
            if lexicon.links[place]:
                found[0].append(odd.subject)
                found[1].append(odd.value)
            elif odd.predicate == Rdf.type and odd.value == _PATIENT:
                found[2].append(odd.subject)
    columns = lines.subject.gather(linked), lines.object.gather(linked), lines.subject.gather(typed)
    bearer, child, patient = (
        pl.concat([plain, pl.Series(odd_ones, dtype=pl.String)]) for plain, odd_ones in zip(columns, found, strict=True)
    )
    return Links(bearer, child, patient.filter(patient.str.starts_with("<")))
