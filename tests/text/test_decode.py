"""Decoding: what pages declare, what they really are, and what survives of damaged ones."""

import random

import pytest

from extractors.text.decode import decode

PROSE = "The trust’s deal – worth £2.5bn – was “value for money”, said Zoë. " * 3


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (PROSE.encode(), None),
        (PROSE.encode(), "text/html; charset=utf-8"),
        (PROSE.encode(), "text/html; charset=ISO-8859-1"),  # the commonest wrong header
        (PROSE.encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (PROSE.encode("cp1252"), "latin1"),
        (PROSE.encode("cp1252"), "text/html; charset=utf-8"),  # declared one, sent the other
        (PROSE.encode("cp1252"), None),
        (PROSE.encode("cp1252"), "text/html; charset=no-such-charset"),
        (b"\xef\xbb\xbf" + PROSE.encode(), "latin1"),
        (PROSE.encode("utf-16"), None),
        (PROSE.encode("utf-16-le"), "text/html"),
        (PROSE.encode("utf-16-be"), None),
    ],
)
def test_the_same_prose_comes_out_of_every_encoding(data: bytes, declared: str | None) -> None:
    assert decode(data, declared, html=True) == PROSE


def test_the_page_s_own_meta_counts_where_the_header_is_silent() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2">Łódź'
    assert decode(page.encode("iso-8859-2"), "text/html", html=True) == page
    assert decode(page.encode("iso-8859-2"), None, html=False) != page


def test_the_header_goes_before_the_meta() -> None:
    page = '<meta charset="iso-8859-2"><p>£5m</p>'
    assert decode(page.encode("cp1252"), "text/html; charset=windows-1252", html=True) == page


def test_a_pasted_pound_sign_in_utf_8_is_kept() -> None:
    assert decode(PROSE.encode() + b" and \xa33m more", None, html=True) == PROSE + " and £3m more"


def test_a_sequence_cut_in_two_is_replaced_not_misread() -> None:
    assert decode(PROSE.encode() + b"\xe2\x80", None, html=True) == PROSE + "\ufffd"


def test_text_in_another_script_is_guessed() -> None:
    russian = "Государственная служба здравоохранения заключила договор с частными больницами. " * 5
    assert decode(russian.encode("cp1251"), None, html=True) == russian


def test_no_nul_survives() -> None:
    assert decode(b"a\x00b", None, html=True) == "ab"


def test_seeded_noise_never_raises() -> None:
    rng = random.Random(20)
    labels = [None, "utf-8", "utf-16", "idna", "base64", "rot13", "utf-7", "gbk", "hz", "\x00", "punycode"]
    for _ in range(600):
        data = rng.randbytes(rng.randrange(120)) + rng.choice([b"", PROSE.encode(), b"<meta charset='x'>"])
        text = decode(data, rng.choice(labels), html=rng.random() < 0.5)
        assert "\x00" not in text
