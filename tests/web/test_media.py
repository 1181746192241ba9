"""What bytes are, whatever their header says."""

import gzip

import pytest

from extractors.web.body import declared_charset, media_of


@pytest.mark.parametrize(
    ("body", "content_type", "media"),
    [
        (b"<!DOCTYPE html><title>x</title>", "text/plain", "html"),
        (b"  <p>hello", None, "html"),
        (b"plain words", "text/html", "html"),
        (b"plain words", "text/plain", "text"),
        (b"%PDF-1.7 ...", "text/html", "pdf"),
        (b"\n\n%PDF-1.4", "application/octet-stream", "pdf"),
        (b"<?xml version='1.0'?><rss version='2.0'>", "text/html", "xml"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html xmlns='...'>", "application/xml", "html"),
        (b'{"version": 1}', "text/html", "json"),
        (gzip.compress(b"x", mtime=0), "application/xml", "gzip"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "text/html", "binary"),
        (b"  \n ", "text/html", "empty"),
        ("<html><p>hello".encode("utf-16"), "text/html", "html"),
    ],
)
def test_kinds_by_their_bytes(body: bytes, content_type: str | None, media: str) -> None:
    assert media_of(body, content_type) == media


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/html; charset=UTF-8", "utf-8"),
        ("text/html;Charset='windows-1252'", "windows-1252"),
        ("text/html", None),
        ("", None),
        (None, None),
        ("text/html; charset=", None),
    ],
)
def test_what_a_header_declares(content_type: str | None, charset: str | None) -> None:
    assert declared_charset(content_type) == charset
