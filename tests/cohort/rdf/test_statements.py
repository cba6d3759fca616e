"""Whom lines are about is told the same with and without order among the nodes."""

from __future__ import annotations

import pytest

from tests.support import shipped
from vhkg.cohort.rdf.lines import lines_of
from vhkg.cohort.rdf.text import TextReader
from vhkg.intake import Format

TEXTS = (
    b"",
    b'<urn:x:b> <urn:x:p> <urn:x:a> .\n<urn:x:a> <urn:x:p> "t" .\n',
    b"_:z <urn:x:p> _:a .\n<urn:x:a> <urn:x:p> .\nno statement\n<urn:x:\\u0061> <urn:x:p> <urn:x:b> .\n",
    b'<urn:x:a> <urn:x:p> <urn:x:b>\n\n# nothing\n_:z <urn:x:p> "\xff" .\n_:y <urn:x:p> "two" .\n',
)


@pytest.mark.parametrize("text", TEXTS)
def test_each_line_is_about_the_same_node(text: bytes) -> None:
    reader, lines = TextReader("x.nt", Format.NTRIPLES, shipped()), lines_of(text)
    whole, short = reader.statements(lines), reader.subjects(lines)
    assert short.odd == whole.odd
    assert sorted(short.tokens.to_list()) == whole.tokens.to_list()
    named = [[found.tokens[at] if at >= 0 else None for at in found.subject.tolist()] for found in (whole, short)]
    assert named[0] == named[1]
