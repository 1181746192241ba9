"""What kind of thing received bytes are, whatever their header says."""

import codecs
import re

from extractors.web.model import Media

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
