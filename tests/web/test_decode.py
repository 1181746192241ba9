"""What bytes are, whatever their header says."""

import codecs
import gzip

import pytest

from extractors.web.decode import decode, encoding_of, media_of

TEXT = "<html><body><p>Zoë’s clinic charges £95 – the NHS’s café costs €3</p></body></html>"
MOJIBAKE_FREE = "Zoë’s clinic charges £95"


@pytest.mark.parametrize(
    ("encoding", "header", "declared"),
    [
        ("utf-8", "text/html; charset=utf-8", ""),
        ("utf-8", "text/html", ""),
        ("utf-8", "text/html; charset=iso-8859-1", ""),  # the commonest lie
        ("utf-8", "text/html; charset=nonsense", ""),
        ("utf-8", None, ""),
        ("cp1252", "text/html; charset=windows-1252", ""),
        ("cp1252", "text/html; charset=iso-8859-1", ""),  # the WHATWG meaning of the name
        ("cp1252", "text/html; charset=utf-8", '<meta charset="windows-1252">'),
        ("cp1252", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252">'),
        ("cp1252", "text/html; charset=utf-8", ""),
        ("cp1252", "text/html; charset=utf-7", ""),
        ("cp1252", "text/html; charset=hex", ""),
        ("utf-16", "text/html", ""),
        ("utf-8-sig", "text/html; charset=windows-1252", ""),
        ("utf-16-le", "text/html; charset=utf-16-le", ""),
        ("mac_roman", "text/html; charset=macintosh", ""),
    ],
)
def test_text_is_read_as_meant(encoding: str, header: str | None, declared: str) -> None:
    body = (declared + TEXT).encode(encoding)
    assert MOJIBAKE_FREE in decode(body, header)
    codecs.lookup(encoding_of(body, header))


def test_an_xml_declaration_counts() -> None:
    body = "<?xml version='1.0' encoding='windows-1252'?><rss>£</rss>".encode("cp1252")
    assert "£" in decode(body, "application/xml")


def test_a_stray_byte_does_not_spoil_a_page() -> None:
    body = (TEXT * 100).encode() + b"\xff"
    assert encoding_of(body, "text/html; charset=utf-8") == "utf-8"


def test_any_bytes_can_be_read() -> None:
    for body in (b"", b"\xff\xfe", b"\x80" * 10, bytes(range(256)), b"\xfe\xff\x00"):
        assert isinstance(decode(body, "text/html; charset=utf-8"), str)


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
        (gzip.compress(b"x"), "application/xml", "gzip"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "text/html", "binary"),
        (b"  \n ", "text/html", "empty"),
        ("<html><p>hello".encode("utf-16"), "text/html", "html"),
    ],
)
def test_kinds_by_their_bytes(body: bytes, content_type: str | None, media: str) -> None:
    assert media_of(body, content_type) == media
