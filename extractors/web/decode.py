"""What received bytes are, whatever their header says: their kind and, for text, their encoding."""

import codecs
import re

from charset_normalizer import from_bytes

from extractors.web.model import Media

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:+-]+)", re.IGNORECASE)
_XML_START = re.compile(rb"^\s*(?:<\?xml|<rss\b|<feed\b|<rdf:rdf\b|<urlset\b|<sitemapindex\b)", re.IGNORECASE)
_HTML_START = re.compile(
    rb"<(?:!doctype\s+html|html\b|head\b|body\b|title\b|article\b|div\b|p\b|meta\b)", re.IGNORECASE
)
_MARKUP_HEAD = 4096  # browsers look for a declaration in the first 1,024 bytes; some pages have long comments first
_DETECTION_SAMPLE = 65_536  # detection's time grows with the sample, its result hardly
# What undeclared pages in the languages of Western Europe come in; among all encodings detection guesses wildly.
_DETECTABLE = ["utf_8", "cp1252", "iso8859_15", "mac_roman", "utf_16", "utf_16_le", "utf_16_be"]
_NOT_FOR_PAGES = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})
# What pages mean by these names, by the WHATWG encoding standard.
_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "ascii": "cp1252", "us-ascii": "cp1252", "iso8859-1": "cp1252"}


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


def encoding_of(body: bytes, content_type: str | None) -> str:
    """The name of the encoding that a text body is best read in; a codec of that name always exists.

    In this order: a byte order mark; UTF-8 where the bytes can be nothing else; the header's word, then the
    document's own, where the bytes bear it out; detection; and failing all, Windows-1252.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return name
    if _is_utf8(body):
        return "utf-8"
    for claim in _claims(body, content_type):
        if _bears_out(body, claim):
            return claim
    best = from_bytes(body[:_DETECTION_SAMPLE], cp_isolation=_DETECTABLE).best()
    return best.encoding if best is not None and _bears_out(body, best.encoding) else "cp1252"


def decode(body: bytes, content_type: str | None = None) -> str:
    """A text body as text, in the encoding of `encoding_of`; what cannot be read becomes U+FFFD."""
    return body.decode(encoding_of(body, content_type), errors="replace")


def _claims(body: bytes, content_type: str | None) -> list[str]:
    names: list[str] = []
    header = _HEADER_CHARSET.search(content_type or "")
    if header:
        names.append(header.group(1))
    head = body[:_MARKUP_HEAD]
    declared = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    if declared:
        names.append(declared.group(1).decode("ascii", errors="replace"))
    return [known for name in names if (known := _known(name)) is not None]


def _known(name: str) -> str | None:
    """The codec for a charset's name, if it is one for text."""
    name = _MEANT.get(name.lower(), name.lower())
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if codec.name in _NOT_FOR_PAGES else codec.name


def _bears_out(body: bytes, name: str) -> bool:
    """Whether the bytes can be in that encoding; one bad byte in a thousand is forgiven, as browsers do."""
    try:
        text = body.decode(name, errors="replace")
    except (LookupError, UnicodeError, ValueError):
        return False
    return text.count("\ufffd") * 1000 <= len(text)


def _is_utf8(body: bytes) -> bool:
    """Whether the bytes are UTF-8; text in another encoding almost never is, once it leaves ASCII."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    # ISO-2022 encodings switch by escapes and are ASCII on the surface.
    return b"\x1b$" not in body and b"\x1b(" not in body


def _as_ascii(head: bytes) -> bytes:
    """Markup that can be matched as bytes, also where it came in UTF-16."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return head[: len(head) // 2 * 2].decode(name, errors="replace").encode("utf-8", errors="replace")
    return head


def _control_share(head: bytes) -> float:
    return sum(byte < 9 or 13 < byte < 27 for byte in head) / max(len(head), 1)
