"""Which lines are plain, and that their tokens, with the spaces between them, are the lines."""

from __future__ import annotations

import pytest

from vhkg.cohort.rdf.lines import lines_of

PLAIN = b"<urn:a> <urn:b> <urn:c> ."
CASES: dict[str, tuple[bytes, list[int], list[int], list[int]]] = {
    # the text; the numbers of the lines that are kept, of those that are plain, and of those that are not UTF-8
    "plain": (PLAIN + b"\n" + PLAIN + b"\n", [1, 2], [1, 2], []),
    "no break at the end": (PLAIN, [1], [1], []),
    "nothing": (b"", [], [], []),
    "carriage returns": (PLAIN + b"\r\n" + PLAIN + b"\r" + PLAIN, [1, 2, 3], [1, 2, 3], []),
    "one word first": (b"junk\n" + PLAIN, [1, 2], [2], []),
    "two words first": (b"<urn:a> <urn:b>\n" + PLAIN, [1, 2], [2], []),
    "two spaces": (b"<urn:a>  <urn:b> <urn:c> .\n" + PLAIN, [1, 2], [2], []),
    "a space before": (b" <urn:a> <urn:b> <urn:c> .\n" + PLAIN, [1, 2], [2], []),
    "a space behind": (PLAIN + b" \n" + PLAIN, [1, 2], [2], []),
    "a tab": (b"<urn:a>\t<urn:b> <urn:c> .\n" + PLAIN, [1, 2], [2], []),
    "no space before the stop": (b"<urn:a> <urn:b> <urn:c>.\n" + PLAIN, [1, 2], [2], []),
    "a fourth term": (b"<urn:a> <urn:b> <urn:c> <urn:g> .\n" + PLAIN, [1, 2], [2], []),
    "more behind the stop": (PLAIN + b" " + PLAIN + b"\n" + PLAIN, [1, 2], [2], []),
    "a comment behind": (PLAIN + b" # so\n" + PLAIN, [1, 2], [2], []),
    "a text with spaces": (b'<urn:a> <urn:b> "c d" .\n' + PLAIN, [1, 2], [2], []),
    "a text with a backslash": (b'<urn:a> <urn:b> "c\\td" .\n' + PLAIN, [1, 2], [2], []),
    "not UTF-8": (PLAIN + b'\n<urn:a> <urn:b> "\xff" .\n' + PLAIN, [1, 3], [1, 3], [2]),
    "not UTF-8, far behind": (PLAIN + b'\n<urn:a> <urn:b> "a b c d e \xff" .\n' + PLAIN, [1, 3], [1, 3], [2]),
    "comment with a break before": (b"\r\n# so\r\n" + PLAIN, [3], [3], []),
}


@pytest.mark.parametrize("name", CASES)
def test_plain_lines(name: str) -> None:
    text, kept, plain, garbled = CASES[name]
    found = lines_of(text)
    assert found.number.tolist() == kept
    assert found.number[found.plain].tolist() == plain
    assert [number for number, _ in found.garbled] == garbled
    for row in range(len(kept)):
        if found.plain[row]:
            tokens = (found.subject[row], found.predicate[row], found.object[row], ".")
            assert found.line(row).decode() == " ".join(tokens)


def test_closed_lines_hold_subject_and_predicate() -> None:
    found = lines_of(b'<urn:a> <urn:b> "c d" .\n<urn:a> <urn:b> "c d"\n<urn:a> <urn:b> .\n')
    assert found.closed.tolist() == [True, False, False]
    assert found.data[found.object_start[0] : found.end[0]] == b'"c d" .'
