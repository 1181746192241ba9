"""Receiving a body, bounded on the wire and after decompression whatever the sender claims, and what kind it is."""

import codecs
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator

from extractors.web.model import ErrorType, Media

# Codings whose unpacking can be bounded and whose end can be told from a break; every server speaks gzip.
ACCEPT_ENCODING = "gzip, deflate"
PIECE = 65_536
"""Bytes received or unpacked at a time."""


class BodyError(Exception):
    """A body was refused while it was received; `error_type` says why in the terms of `FetchResult`."""

    def __init__(self, error_type: ErrorType, message: str) -> None:
        self.error_type: ErrorType = error_type
        super().__init__(message)


class Wire:
    """The payload as received, counted; reading past the cap raises `BodyError`."""

    def __init__(self, receive: Callable[[int], bytes], cap: int) -> None:
        self._receive = receive
        self._cap = cap
        self.count = 0

    def read(self) -> bytes:
        """The next bytes, at most a piece of them; empty at the end.

        Raises:
            BodyError: more came than the cap.
        """
        piece = self._receive(PIECE)
        self.count += len(piece)
        if self.count > self._cap:
            raise BodyError("too_large", f"more than {self._cap:,} bytes were sent")
        return piece


def read_body(wire: Wire, coding: str, cap: int, *, cut: bool = False) -> bytes:
    """The whole payload, decompressed; with `cut` its first `cap` bytes.

    `coding` is the Content-Encoding header. No more than `cap` bytes and one piece are ever held.

    Raises:
        BodyError: a cap is passed, or the coding is broken, stacked or not one that was offered.
    """
    body = bytearray()
    try:
        for piece in _decoded(wire, coding.strip().lower()):
            body += piece
            if len(body) >= cap and cut:
                return bytes(body[:cap])
            if len(body) > cap:
                raise BodyError("bomb" if wire.count < len(body) else "too_large", f"over {cap:,} bytes once unpacked")
    except zlib.error as error:
        raise BodyError("bad_coding", f"the {coding} coding is broken: {error}") from error
    return bytes(body)


def gunzip(data: bytes, cap: int) -> bytes:
    """A gzip file's content, such as a sitemap's.

    Raises:
        BodyError: broken, or more than `cap` bytes.
    """
    view = memoryview(data)
    position = 0

    def receive(size: int) -> bytes:
        nonlocal position
        piece = bytes(view[position : position + size])
        position += len(piece)
        return piece

    return read_body(Wire(receive, len(data)), "gzip", cap)


def content_hash(body: bytes) -> str:
    """What tells one body from another: SHA-256 in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _decoded(wire: Wire, coding: str) -> Iterator[bytes]:
    if coding in {"", "identity", "none"}:
        return iter(wire.read, b"")
    if coding in {"gzip", "x-gzip"}:
        return _inflated(wire, zlib.MAX_WBITS | 16)
    if coding == "deflate":
        return _inflated(wire, None)
    raise BodyError("bad_coding", f"the content coding {coding[:40]!r} was not offered")


def _inflated(wire: Wire, window_bits: int | None) -> Iterator[bytes]:
    """gzip in one or several members, or deflate with or without its zlib wrapper, piece by bounded piece."""
    data = wire.read()
    if window_bits is None:
        window_bits = _deflate_window(data)
    inflater = zlib.decompressobj(window_bits)
    while data:
        piece = inflater.decompress(data, PIECE)
        if piece:
            yield piece
        data = inflater.unconsumed_tail
        if inflater.eof:
            data = inflater.unused_data.lstrip(b"\x00") or wire.read()
            if data[:2] != b"\x1f\x8b":
                return  # padding or rubbish after the end, which browsers ignore too
            inflater = zlib.decompressobj(window_bits)
        data = data or wire.read()
    if not inflater.eof and wire.count:
        raise BodyError("bad_coding", "the compressed body breaks off")


def _deflate_window(data: bytes) -> int:
    """Servers disagree on whether "deflate" has the zlib wrapper that RFC 9110 demands; its header tells."""
    wrapped = len(data) >= 2 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0
    return zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS


_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Possessive: a header of nothing but white space shall not be gone through again from each of its characters.
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?\s*+([\w.:+-]{1,40})", re.IGNORECASE)
_XML_START = re.compile(rb"^\s*(?:<\?xml|<rss\b|<feed\b|<rdf:rdf\b|<urlset\b|<sitemapindex\b)", re.IGNORECASE)
_HTML_START = re.compile(
    rb"<(?:!doctype\s+html|html\b|head\b|body\b|title\b|article\b|div\b|p\b|meta\b)", re.IGNORECASE
)
_MARKUP_HEAD = 4096  # some pages have long comments before their first element


def media_of(body: bytes, content_type: str | None) -> Media:
    """The kind of a body by its first bytes, and by its header only where those are silent."""
    if not body.strip():
        return "empty"
    head = _as_ascii(body[:_MARKUP_HEAD])
    return _file_format(body) or _markup(head) or _plain(head, content_type)


def _file_format(body: bytes) -> Media | None:
    if b"%PDF-" in body[:1024]:
        return "pdf"
    return "gzip" if body.startswith(b"\x1f\x8b") else None


def _markup(head: bytes) -> Media | None:
    if _XML_START.match(head):
        return "html" if b"<html" in head.lower() else "xml"
    if _HTML_START.search(head):
        return "html"
    return "json" if head.lstrip()[:1] in {b"{", b"["} else None


def _plain(head: bytes, content_type: str | None) -> Media:
    if b"\x00" in head or _control_share(head) > 0.1:
        return "binary"
    named = (content_type or "").partition(";")[0].strip().lower()
    return "html" if named in {"text/html", "application/xhtml+xml"} else "text"


def declared_charset(content_type: str | None) -> str | None:
    """The charset that a Content-Type header declares, true or not, in lower case."""
    match = _CHARSET.search(content_type or "")
    return match.group(1).lower() if match else None


def _as_ascii(head: bytes) -> bytes:
    """Markup that can be matched as bytes, also where it came in UTF-16."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return head[: len(head) // 2 * 2].decode(name, errors="replace").encode("utf-8", errors="replace")
    return head


def _control_share(head: bytes) -> float:
    return sum(byte < 9 or 13 < byte < 27 for byte in head) / max(len(head), 1)
