"""Digest against the examples of RFC 7616, Basic against RFC 7617, and challenges that are none."""

from __future__ import annotations

import secrets

import pytest

from vhkg.errors import UsageError
from vhkg.stores.credentials import Credentials, authorization, challenge

MUFASA = Credentials("Mufasa", "Circle of Life")
ONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
ASKED = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_example_of_the_standard(algorithm: str, response: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _: ONCE)
    asked = challenge([ASKED.format(algorithm=algorithm)], secret=False)
    assert asked is not None
    said = authorization(asked, MUFASA, "GET", "/dir/index.html", 1)
    assert f'response="{response}"' in said
    assert f'cnonce="{ONCE}"' in said
    assert "qop=auth, nc=00000001" in said
    assert "Circle of Life" not in said


def test_basic_only_where_nobody_in_between_reads_it() -> None:
    header = ['Basic realm="WallyWorld"']
    assert challenge(header, secret=False) is None
    asked = challenge(header, secret=True)
    assert asked is not None
    said = authorization(asked, Credentials("Aladdin", "open sesame"), "PUT", "/", 1)
    assert said == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_digest_before_basic_whatever_the_order() -> None:
    for headers in (['Basic realm="a"', 'Digest realm="b", nonce="n"'], ['Basic realm="a", Digest realm="b", nonce=n']):
        asked = challenge(headers, secret=True)
        assert asked is not None
        assert (asked.scheme, asked.parameters["realm"]) == ("digest", "b")


@pytest.mark.parametrize(
    "header",
    [
        "", "Bearer", "Negotiate abc", "Digest", 'Digest realm="a"', 'Digest realm="a", nonce=""',
        'Digest realm="a", nonce="n", algorithm=SHA-512-256', 'Digest realm="a\r\nX: y", nonce="n"',
    ],
)  # fmt: skip
def test_what_cannot_be_answered(header: str) -> None:
    assert challenge([header], secret=False) is None


@pytest.mark.parametrize(
    ("name", "password"),
    [("", "p"), ("a:b", "p"), ("é", "p"), ("a\n", "p"), ("a", ""), ("a", "p\x00"), ("a", "p" * 1025)],
)
def test_what_is_no_name_or_password(name: str, password: str) -> None:
    with pytest.raises(UsageError) as caught:
        Credentials(name, password)
    assert not password or password not in str(caught.value)


def test_neither_is_shown() -> None:
    assert "Circle" not in repr(MUFASA) + str(MUFASA)
