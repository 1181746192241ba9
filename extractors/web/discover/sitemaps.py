"""Sitemaps by sitemaps.org: URL sets, indexes, news sitemaps, plain text, gzipped or not."""

import re
from collections.abc import Iterator

from lxml import etree

from extractors.text.decode import decode
from extractors.web.address import resolve
from extractors.web.body import BodyError, gunzip, media_of
from extractors.web.discover.feeds import Part, Reading, declares_entities, mended, plain, read_feed, say
from extractors.web.discover.links import Link, iso_time

# The limits of sitemaps.org.
_MOST_LINKS = 50_000
_LARGEST = 50 * 1024 * 1024
# A list of addresses and nothing else, served under whatever type.
_LIST = re.compile(rb"\s*(?:\xef\xbb\xbf)?https?://[^\s<>]+\s*(?:\n|$)")
# A file that its server packs once more on the way. There are gzip files that unpack to themselves.
_MOST_LAYERS = 3
_GZIP = b"\x1f\x8b"


def read_sitemap(body: bytes, url: str, content_type: str | None) -> Reading:
    """The links or parts of a sitemap; a body that is no sitemap is a problem, not an error.

    A feed in a sitemap's place, which sitemaps.org allows, is read as one.
    """
    try:
        for _ in range(_MOST_LAYERS):
            if body.startswith(_GZIP):
                body = gunzip(body, _LARGEST)
    except BodyError as error:
        return Reading(problem=f"cannot be unpacked: {error}")
    if body.startswith(_GZIP):
        return Reading(problem=f"is packed more than {_MOST_LAYERS} times over, which no sitemap is: refused")
    body = mended(body)
    if declares_entities(body):
        return Reading(problem="declares entities, which no sitemap needs: refused")
    media = media_of(body, content_type)
    if media == "text" or (media == "html" and _LIST.match(body)):
        return _read_text(body, url)
    if media != "xml":
        return Reading(problem=f"it is {media}, not a sitemap")
    return _read_xml(body, url, content_type)


def _read_xml(body: bytes, url: str, content_type: str | None) -> Reading:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        return Reading(problem=say("no sitemap can be read from it", error))
    kind = _name(root) if root is not None else ""
    # What breaks off may break off within an address, so the last one of such a body is not believed.
    whole = re.search(rb"</(?:\w+:)?(?:urlset|sitemapindex)\s*>", body[-500:], re.IGNORECASE) is not None
    if kind == "sitemapindex":
        parts = tuple(_parts(root, url))
        return Reading(parts=parts if whole else parts[:-1])
    if kind == "urlset":
        links = tuple(_links(root, url))
        return Reading(links if whole else links[:-1])
    if kind in {"rss", "feed", "rdf"}:
        return read_feed(body, url, content_type)
    return Reading(problem="it is XML, but not a sitemap")


def _read_text(body: bytes, url: str) -> Reading:
    lines = [line.strip() for line in decode(body, None, html=False).splitlines()[:_MOST_LINKS]]
    links = tuple(
        Link(address)
        for line in lines
        if line.startswith(("http://", "https://")) and (address := resolve(url, line)) is not None
    )
    return Reading(links) if links else Reading(problem="it is text without addresses, not a sitemap")


def _parts(root: etree._Element, base: str) -> Iterator[Part]:
    for entry in _children(root, "sitemap"):
        address = resolve(base, _text(entry, "loc") or "")
        if address is not None and _text(entry, "loc"):
            yield Part(address, iso_time(_text(entry, "lastmod")))


def _links(root: etree._Element, base: str) -> Iterator[Link]:
    for entry in _children(root, "url"):
        location = _text(entry, "loc")
        address = resolve(base, location) if location else None
        if address is None:
            continue
        news = next(_children(entry, "news"), None)
        title = _text(news, "title") if news is not None else None
        published = iso_time(_text(news, "publication_date")) if news is not None else None
        yield Link(address, plain(title) if title else None, published, iso_time(_text(entry, "lastmod")))


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    taken = 0
    for child in element:
        if _name(child) == name and taken < _MOST_LINKS:
            taken += 1
            yield child


def _text(element: etree._Element, name: str) -> str | None:
    child = next(_children(element, name), None)
    return " ".join("".join(child.itertext()).split()) or None if child is not None else None


def _name(element: etree._Element) -> str:
    """The local name in lower case: sites use any namespace, or none."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
