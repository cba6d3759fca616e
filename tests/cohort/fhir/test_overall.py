"""What stands twice in an export, whichever pieces it is in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import shipped
from vhkg.cohort.fhir.lines import Lines
from vhkg.cohort.fhir.memory import Memory
from vhkg.cohort.fhir.overall import digest, overall, write, write_piece
from vhkg.cohort.keys import keys_of
from vhkg.cohort.reader import Piece

Resources = list[tuple[str, int]]
"""Origins with their contents."""


@given(
    st.lists(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 1)), max_size=8), min_size=1, max_size=4)
)
def test_an_origin_is_contested_if_it_has_two_contents(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[Resources]
) -> None:
    folder = tmp_path_factory.mktemp("overall")
    for number, resources in enumerate(pieces):
        lines = Lines(shipped(), Memory(shipped(), "a"))
        lines.origins, lines.places = [origin for origin, _ in resources], list(range(len(resources)))
        write_piece(folder, Piece(number, "a", ("a",)), lines, len(resources))

    def again(piece: Piece, places: set[int]) -> Iterable[tuple[str, bytes]]:
        return [(pieces[piece.number][place][0], digest(pieces[piece.number][place][1])) for place in places]

    found = overall(folder, again)
    everything = [resource for resources in pieces for resource in resources]
    contents = {origin: {content for each, content in everything if each == origin} for origin, _ in everything}
    expected = [len(contents[origin]) > 1 for origin in contents]
    assert found.is_contested(keys_of(list(contents))).tolist() == expected
    lengths = [len(resources) for resources in pieces]
    assert found.before == {number: sum(lengths[:number]) for number in range(len(pieces))}
    assert overall(folder, lambda _piece, _places: []) == found


def test_the_order_of_keys_is_no_content() -> None:
    one, other = json.loads('{"a": 1, "b": {"c": 2, "d": 3}}'), json.loads('{"b": {"d": 3, "c": 2}, "a": 1}')
    assert digest(one) == digest(other) != digest({"a": 1})


def test_a_file_appears_whole(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b", b"first")
    write(tmp_path / "a" / "b", b"second")
    assert [(path.name, path.read_bytes()) for path in (tmp_path / "a").iterdir()] == [("b", b"second")]
