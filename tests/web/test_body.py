"""Receiving bodies: whatever is sent, no more is held than allowed."""

import gzip
import os
import random
import zlib

import pytest

from extractors.web.body import PIECE, BodyError, Wire, gunzip, read_body

DATA = random.Random(5).randbytes(200_000) + b"the NHS and its partners " * 20_000


def _wire(sent: bytes, cap: int = 10_000_000, piece: int = PIECE) -> Wire:
    left = memoryview(sent)

    def receive(size: int) -> bytes:
        nonlocal left
        taken, left = bytes(left[: min(size, piece)]), left[min(size, piece) :]
        return taken

    return Wire(receive, cap)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("piece", [1000, PIECE])
@pytest.mark.parametrize(
    ("coding", "sent"),
    [
        ("", DATA),
        ("identity", DATA),
        ("gzip", gzip.compress(DATA)),
        ("X-GZIP ", gzip.compress(DATA)),
        ("gzip", gzip.compress(DATA[:999]) + gzip.compress(DATA[999:])),
        ("gzip", gzip.compress(DATA) + b"\0" * 512),
        ("gzip", gzip.compress(DATA) + b"rubbish"),
        ("deflate", zlib.compress(DATA)),
        ("deflate", _raw_deflate(DATA)),
    ],
)
def test_codings_that_servers_use(coding: str, sent: bytes, piece: int) -> None:
    assert read_body(_wire(sent, piece=piece), coding, 1_000_000) == DATA


@pytest.mark.parametrize(
    ("coding", "sent", "error"),
    [
        ("gzip", gzip.compress(b"\0" * 50_000_000), "bomb"),
        ("deflate", zlib.compress(b"\0" * 50_000_000), "bomb"),
        ("gzip", gzip.compress(DATA)[:-1000], "bad_coding"),
        ("gzip", b"not gzip at all", "bad_coding"),
        ("deflate", bytes(range(7, 107)), "bad_coding"),
        ("br", b"x", "bad_coding"),
        ("gzip, gzip", gzip.compress(gzip.compress(DATA)), "bad_coding"),
        ("", b"x" * 1_000_001, "too_large"),
    ],
)
def test_bodies_that_are_refused(coding: str, sent: bytes, error: str) -> None:
    with pytest.raises(BodyError) as refused:
        read_body(_wire(sent), coding, 1_000_000)
    assert refused.value.error_type == error


def test_a_bomb_is_left_before_it_is_received() -> None:
    wire = _wire(gzip.compress(b"\0" * 1_000_000) * 1000)
    with pytest.raises(BodyError):
        read_body(wire, "gzip", 1_000_000)
    assert wire.count <= 2 * PIECE


def test_the_wire_itself_is_capped() -> None:
    wire = _wire(os.urandom(500_000), cap=100_000)
    with pytest.raises(BodyError, match="100,000 bytes were sent"):
        read_body(wire, "", 10_000_000)
    assert wire.count <= 100_000 + PIECE


def test_a_cut_body_is_its_beginning() -> None:
    assert read_body(_wire(DATA), "", 1234, cut=True) == DATA[:1234]
    assert read_body(_wire(gzip.compress(DATA)), "gzip", 1234, cut=True) == DATA[:1234]


def test_gzip_files_are_bounded_too() -> None:
    assert gunzip(gzip.compress(DATA), 1_000_000) == DATA
    with pytest.raises(BodyError):
        gunzip(gzip.compress(b"\0" * 5_000_000), 1_000_000)
    assert gunzip(b"", 10) == b""
