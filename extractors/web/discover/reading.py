"""What was read from an endpoint's body, whatever its format."""

import html
import html.entities
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from extractors.web.discover.links import Link

_ENTITY = re.compile(rb"<!ENTITY\b", re.IGNORECASE)
# A name for one character, as some feeds declare for `nbsp`: it cannot grow.
_CHARACTER_ENTITY = re.compile(
    rb"<!ENTITY\s+(\w{1,20})\s+([\"'])(?:&(?:#38;)?#(\d{1,7}|x[0-9a-f]{1,6});|[\x80-\xff]{1,4})\2\s*>", re.IGNORECASE
)
_DOCTYPE = re.compile(rb"<!DOCTYPE\s[^<>\[]*(?:\[[^\]]*\])?\s*>", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:\?xml\s|!doctype\s+(?!html)|rss\b|feed\b|rdf:rdf\b|urlset\b|sitemapindex\b)", re.IGNORECASE)
_UNESCAPED = re.compile(
    rb"<!\[CDATA\[(?:.*?\]\]>|.*)|&(?:(#\d{1,7}|#x[0-9a-f]{1,6}|\w{2,20});)?", re.IGNORECASE | re.DOTALL
)
_FORBIDDEN = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_WIDEST_PREAMBLE = 65_536
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")


@dataclass(frozen=True, slots=True)
class Part:
    """One sitemap that an index names, with the time of its last change if the index tells."""

    url: str
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Links and, for an index, the sitemaps it names; or the `problem` that kept it from being read.

    `ttl` is how long a feed asks to be left alone.
    """

    links: tuple[Link, ...] = ()
    parts: tuple[Part, ...] = ()
    ttl: timedelta | None = None
    problem: str | None = None


MOST_ELEMENTS = 100_000
"""Start tags of a body that parsers are given: a small body of nothing but tags would keep them busy for minutes."""


def too_many_elements(body: bytes) -> bool:
    """Whether a body has more start tags than any real feed or page."""
    return body.count(b"<") - body.count(b"</") > MOST_ELEMENTS


def declares_entities(body: bytes) -> bool:
    """Whether an XML body declares entities of its own, in any encoding that XML parsers take by its mark."""
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in body[:64]:
        body = body.replace(b"\x00", b"")
    return bool(_ENTITY.search(body))


def mended(body: bytes) -> bytes:
    """An XML body as its sender meant it: what programs print before it, stray characters and bare `&` put right.

    Entities that stand for one character are written out; a body that declares others is left as it is.
    """
    if b"\x00" in body[:64]:
        return body  # in two bytes a character: parsers know it by its mark
    root = _ROOT.search(body[:_WIDEST_PREAMBLE])
    if root and body[: root.start()].strip(b"\xef\xbb\xbf \t\r\n"):
        body = body[root.start() :]
    body = body.translate(None, _FORBIDDEN)
    declared = {match[1]: match[0] for match in _CHARACTER_ENTITY.finditer(body)}
    if declared and len(declared) == len(_ENTITY.findall(body)):
        body = _DOCTYPE.sub(b"", body, count=1)
    return _UNESCAPED.sub(_written_out, body) if b"&" in body else body


def _written_out(match: re.Match[bytes]) -> bytes:
    """A reference that XML knows, or one in its place; a bare `&` escaped; CDATA as it is."""
    if match[0].startswith(b"<"):
        return match[0]
    name = (match[1] or b"").decode("ascii", "replace")
    if name.startswith("#") or name in _XML_ENTITIES:
        return match[0]
    if f"{name};" in html.entities.html5:
        return "".join(f"&#{ord(one)};" for one in html.entities.html5[f"{name};"]).encode()
    return b"&amp;" + match[0][1:]


def plain(title: str) -> str:
    """A title as people read it: markup and references gone, white space collapsed."""
    for _ in range(2):  # some are escaped twice
        if "&" not in title and "<" not in title:
            break
        title = html.unescape(_TAG.sub("", title))
    return " ".join(title.split())


def say(what: str, error: Exception) -> str:
    """A problem for a person, with the parser's word on it in short."""
    return f"{what} ({type(error).__name__}: {str(error)[:120]})"
