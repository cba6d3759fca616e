"""Strict JSON: what is refused and in which words, and the value of the standard library for all else."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vhkg.errors import InputError
from vhkg.intake import Document, Format, Json, document, parse_json, parse_json_fast
from vhkg.intake.json_text import MAX_JSON_DEPTH
from vhkg.intake.json_values import is_plain

PARSERS = (parse_json, parse_json_fast)
DEEP = f"the JSON is nested deeper than {MAX_JSON_DEPTH}; flatten it."
NUMBER = "a number is not finite or has too many digits; correct the number."

REFUSED = {
    '{"a": 1, "a": 2}': "line 1: the key 'a' stands twice in one object; keep one; a list holds several values.",
    '{"a": 1,\n"b": 1,\r\n"a": 1}': "a.json, line 3: the key 'a' stands twice",
    '{"a": {"b": 1,\n"b": 1}}': "a.json, line 2: the key 'b' stands twice",
    '[{"b": {}, "b": {}}]': "the key 'b' stands twice",
    '{"a": 1, "a": ":"}': "the key 'a' stands twice",
    '{"a": [":"], "a": [":", ":"]}': "the key 'a' stands twice",
    '{":": 1, "a": 1, "a": 1}': "the key 'a' stands twice",
    '{"": 1, "": 1}': "the key '' stands twice",
    '{"a": 1, "\\u0061": 2}': "a.json: the key 'a' stands twice",
    '{"a\\":": 1, "a\\":": 1}': "stands twice",
    '{"é": 1, "\\u00e9": 1}': "the key 'é' stands twice",
    "[" * 33 + "]" * 33: f"a.json, line 1: {DEEP}",
    "[" * 900 + "]" * 900: DEEP,
    "[" * 100_000 + "]" * 100_000: DEEP,
    '{"a":\n' * 33 + "1" + "}" * 33: f"a.json, line 33: {DEEP}",
    "[" * 100_000: DEEP,
    '{"a":' * 100_000: DEEP,
    "NaN": f"a.json: {NUMBER}",
    '{"a": NaN}': NUMBER,
    "[Infinity]": NUMBER,
    "[-Infinity]": NUMBER,
    "1e999": NUMBER,
    "[1, -1e400]": NUMBER,
    "1" * 400 + ".0": NUMBER,
    "1" * 4301: NUMBER,
    '{"a": 1} x': "a.json, line 1, column 10: not JSON: extra data; correct the syntax.",
    '{"a": 1}\n{"a": 1}': "a.json, line 2, column 1: not JSON: extra data; correct the syntax.",
    '{"a": 1},': "extra data",
    "{": "a.json, line 1, column 2: not JSON: expecting property name enclosed in double quotes; correct the syntax.",
    "{'a': 1}": "expecting property name",
    "{1: 2}": "expecting property name",
    '{"a" 1}': "line 1, column 6: not JSON: expecting ':' delimiter",
    '{"a": 1,}': "not JSON",
    "[1,]": "not JSON",
    "[1 2]": "line 1, column 4: not JSON: expecting ',' delimiter",
    "[1": "not JSON",
    "[01]": "not JSON",
    "[1.]": "not JSON",
    "[.5]": "not JSON",
    "[+1]": "not JSON",
    "True": "line 1, column 1: not JSON: expecting value",
    "// why\n1": "line 1, column 1: not JSON: expecting value",
    "\u00a01": "line 1, column 1: not JSON: expecting value",
    '"a\nb"': "not JSON: invalid control character",
    '"\\x"': "not JSON: invalid \\escape",
    '"open': "not JSON: unterminated string",
    '["open, [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[': "not JSON: unterminated string",
}


def refusal(parse: Callable[[Document], Json], text: str) -> str:
    with pytest.raises(InputError) as caught:
        parse(document("a.json", text.encode()))
    assert caught.value.exit_code == 3
    return str(caught.value)


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:30]))
def test_what_is_refused(parse: Callable[[Document], Json], text: str) -> None:
    assert REFUSED[text] in refusal(parse, text)


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\\ud800a"', '["", "\\ud800\\ud800"]', '{"\\ud800": 1}', '{"a": {"b": "\\ud800"}}']
)
def test_half_a_character_is_refused(text: str) -> None:
    says = "a.json: there is half a character, \\ud800; write the whole pair, or remove it."
    assert refusal(parse_json_fast, text) == says


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b'{"a": "\xff"}', "a.json, line 1, byte 8: it is not UTF-8; save it as UTF-8."),
        (b'{\n"a": "\xed\xa0\x80"}', "a.json, line 2, byte 9: it is not UTF-8; save it as UTF-8."),
        ('{"a": 1}'.encode("utf-16"), "a.json: it is UTF-16, not UTF-8; save it as UTF-8."),
        (b'{"a": "\x00"}', "a.json, line 1, byte 8: there is a NUL byte; save it as plain UTF-8 text."),
        (b"\xef\xbb\xbf", "a.json: it is empty; `vhkg template csv` prints a file to start from."),
    ],
)
def test_bytes_that_are_no_text_do_not_pass_the_door(raw: bytes, says: str) -> None:
    with pytest.raises(InputError) as caught:
        document("a.json", raw)
    assert str(caught.value) == says


@pytest.mark.parametrize("parse", PARSERS)
def test_a_byte_order_mark_is_passed_over(parse: Callable[[Document], Json]) -> None:
    assert parse(document("a.json", b'\xef\xbb\xbf{"a": 1}')) == {"a": 1}


VALUES: dict[str, Json] = {
    "[1, 2]": [1, 2],
    '[{"a": 1}, {"a": 2}]': [{"a": 1}, {"a": 2}],
    '{"a": {"a": {"a": 1}}}': {"a": {"a": {"a": 1}}},
    '{"a": "}{\\":\\"a\\":"}': {"a": '}{":"a":'},
    '{"a\\":": 1, "b": ":"}': {'a":': 1, "b": ":"},
    '{"\\\\": 1, "b": "\\\\"}': {"\\": 1, "b": "\\"},
    '"\\ud83d\\ude00"': "😀",
    '"\\u0000\\u001f\x7f"': "\x00\x1f\x7f",
    "18446744073709551616": 2**64,
    "-9223372036854775809": -(2**63) - 1,
    "9" * 400: int("9" * 400),
    "-0": 0,
    "[1E5, 1e-400, 0.1]": [100000.0, 0.0, 0.1],
    "\t[ ]\r\n": [],
}


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("text", VALUES, ids=lambda text: ascii(text[:30]))
def test_what_is_read(parse: Callable[[Document], Json], text: str) -> None:
    assert parse(Document(name="a", content=text.encode(), format=Format.JSON)) == VALUES[text]


@pytest.mark.parametrize("form", ['[%s"x"%s]', '{"a":%s"]["%s}'])
def test_the_depth_that_is_allowed(form: str) -> None:
    allowed = form % ("[" * (MAX_JSON_DEPTH - 1), "]" * (MAX_JSON_DEPTH - 1))
    assert parse_json_fast(document("a.json", allowed.encode())) == json.loads(allowed)
    assert DEEP in refusal(parse_json_fast, f"[{allowed}]")


HOSTILE = st.text(st.sampled_from('"\\:{}[],ab\u00e9😀\n\u2028'), max_size=8) | st.text(max_size=8)
NUMBERS = st.integers() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | HOSTILE
VALUE: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HOSTILE, inner, max_size=4), max_leaves=20
)


@given(VALUE, st.booleans(), st.sampled_from([None, 0, 2]))
def test_any_value_is_that_of_the_standard_library(value: Any, ascii_only: bool, indent: int | None) -> None:
    """Down to its types and the order of its keys: 1, 1.0 and true are three."""
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    source = Document(name="a", content=text.encode(), format=Format.JSON)
    assert repr(parse_json_fast(source)) == repr(parse_json(source)) == repr(value)


Pairs = list[tuple[str, Any]]
PAIRS: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, 1) | HOSTILE,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.lists(st.tuples(st.sampled_from(["a", "b", 'a"', "\\", "a:", "é"]), inner), max_size=3)
    ),
    max_leaves=12,
)
"""JSON in which an object is a list of pairs, so that it may have a key twice; an array is a tuple."""


def written(value: Any, ascii_only: bool) -> str:
    def members(values: Iterable[Any]) -> str:
        return ", ".join(written(each, ascii_only) for each in values)

    if isinstance(value, tuple):
        return f"[{members(value)}]"
    if isinstance(value, list):
        pairs = (f"{written(key, ascii_only)}: {written(inner, ascii_only)}" for key, inner in value)
        return f"{{{', '.join(pairs)}}}"
    return json.dumps(value, ensure_ascii=ascii_only)


def has_a_key_twice(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(has_a_key_twice, value))
    if isinstance(value, list):
        keys = [key for key, _ in value]
        return len(set(keys)) < len(keys) or any(has_a_key_twice(inner) for _, inner in value)
    return False


@given(PAIRS, st.booleans())
def test_a_text_is_refused_exactly_if_an_object_has_a_key_twice(value: Any, ascii_only: bool) -> None:
    text = written(value, ascii_only)
    source = Document(name="a", content=text.encode(), format=Format.JSON)
    twice = has_a_key_twice(value)
    assert is_plain(source.content, json.loads(text)) is not twice
    if twice:
        assert "stands twice in one object" in refusal(parse_json_fast, text)
    else:
        assert parse_json_fast(source) == json.loads(text)


@given(st.text(st.sampled_from('{}[]":,\\ 0e1-.ntufalsr\n'), max_size=30) | st.text(max_size=10))
def test_of_any_text_the_two_parsers_say_the_same(text: str) -> None:
    source = Document(name="a", content=text.encode(), format=Format.JSON)
    found: list[object] = []
    for parse in PARSERS:
        try:
            found.append(parse(source))
        except InputError as error:
            found.append(str(error))
    assert found[0] == found[1] or "half a character" in str(found[1])
    if not isinstance(found[1], str):
        assert found[1] == json.loads(text)


@given(VALUE, st.data())
def test_a_text_cut_short_is_refused_or_another_value(value: Any, data: st.DataObject) -> None:
    """No error of a library comes out, wherever the text ends."""
    text = json.dumps(value).encode()
    cut = text[: data.draw(st.integers(0, len(text)))]
    source = Document(name="a", content=cut, format=Format.JSON)
    with contextlib.suppress(InputError):
        assert parse_json_fast(source) == json.loads(cut)
