"""HTML pages that lead on: a site's front page with what it says of its feeds, and listings of articles."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bs4 import BeautifulSoup, Tag

from extractors.text.decode import decode
from extractors.web.address import resolve
from extractors.web.discover.feeds import Reading, too_many_elements
from extractors.web.discover.links import Link, iso_time

_log = logging.getLogger(__name__)
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/xml+rss",
    }
)
_JSON_TYPE = "application/json"
_COMMENTS = re.compile(r"comments? feed|/comments?/feed|feed=comments|/comments\.", re.IGNORECASE)
_FURNITURE = frozenset({"nav", "footer", "aside", "form"})
_MOST_LINKS = 2000


@dataclass(frozen=True, slots=True)
class SiteHints:
    """What a page says of its site's endpoints. `builder` is "wordpress", "wix" or empty."""

    feeds: tuple[str, ...] = ()
    api_root: str | None = None
    sitemaps: tuple[str, ...] = ()
    builder: str = ""


def read_hints(body: bytes, url: str, content_type: str | None) -> SiteHints:
    """The feeds, API and builder that a page names in links and meta elements; nothing of what cannot be read."""
    soup = page_soup(body, content_type)
    if soup is None:
        return SiteHints()
    base = _base(soup, url)
    links = [tag for tag in soup.find_all("link", limit=_MOST_LINKS) if tag.get("href")]
    return SiteHints(
        feeds=tuple(dict.fromkeys(_feeds(links, base))),
        api_root=next(_targets(links, base, "https://api.w.org/"), None),
        sitemaps=tuple(dict.fromkeys(_targets(links, base, "sitemap"))),
        builder=_builder(soup),
    )


def read_listing(body: bytes, url: str, content_type: str | None) -> Reading:
    """The links of a listing page outside its navigation, each address once with its longest text."""
    soup = page_soup(body, content_type)
    return read_listing_of(soup, url) if soup is not None else Reading(problem="no page can be read from it")


def read_listing_of(soup: BeautifulSoup, url: str) -> Reading:
    """The links of a listing page that is parsed already."""
    base = _base(soup, url)
    found: dict[str, Link] = {}
    for anchor in soup.find_all("a", href=True, limit=_MOST_LINKS):
        link = _link(anchor, base)
        if link is not None and len(link.title or "") >= len(found.get(link.url, link).title or ""):
            found[link.url] = link
    return Reading(tuple(found.values())) if found else Reading(problem="the page has no links")


def page_soup(body: bytes, content_type: str | None) -> BeautifulSoup | None:
    """A page parsed, or None where that cannot be done."""
    if too_many_elements(body):
        return None
    try:
        return BeautifulSoup(decode(body, content_type, html=True), "lxml")
    except Exception as error:  # whatever a parser does with broken input, the run goes on
        _log.warning("a page cannot be parsed: %s: %s", type(error).__name__, str(error)[:120])
        return None


def _link(anchor: Tag, base: str) -> Link | None:
    if any(parent.name in _FURNITURE for parent in anchor.parents):
        return None
    address = resolve(base, str(anchor["href"]))
    if address is None or "nofollow" in _words(anchor, "rel"):
        return None
    title = " ".join(anchor.get_text(" ").split()) or str(anchor.get("title") or anchor.get("aria-label") or "")
    return Link(address, title or None, _nearby_time(anchor))


def _nearby_time(anchor: Tag) -> datetime | None:
    """The `time` of the card that a link stands in."""
    card = anchor.find_parent(["article", "li"])
    stamp = card.find("time", datetime=True) if card is not None else None
    return iso_time(stamp["datetime"]) if isinstance(stamp, Tag) else None


def _base(soup: BeautifulSoup, url: str) -> str:
    base = soup.find("base", href=True)
    return (resolve(url, str(base["href"])) if isinstance(base, Tag) else None) or url


def _feeds(links: list[Tag], base: str) -> Iterator[str]:
    for tag in links:
        kind = str(tag.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" not in _words(tag, "rel") or not (kind in _FEED_TYPES or (kind == _JSON_TYPE and _is_feed(tag))):
            continue
        address = resolve(base, str(tag["href"]))
        if address is not None and not _COMMENTS.search(f"{tag.get('title') or ''} {address}"):
            yield address


def _is_feed(tag: Tag) -> bool:
    """JSON alternates are mostly a page's own record in the API of its site."""
    return "feed" in f"{tag.get('title') or ''} {tag['href']}".lower()


def _targets(links: list[Tag], base: str, relation: str) -> Iterator[str]:
    for tag in links:
        if relation in _words(tag, "rel") and (address := resolve(base, str(tag["href"]))) is not None:
            yield address


def _builder(soup: BeautifulSoup) -> str:
    for tag in soup.find_all("meta", attrs={"name": re.compile(r"^generator$", re.IGNORECASE)}):
        content = str(tag.get("content") or "").lower()
        for builder in ("wordpress", "wix"):
            if builder in content:
                return builder
    return ""


def _words(tag: Tag, attribute: str) -> list[str]:
    value = tag.get(attribute)
    return [word.lower() for word in (value if isinstance(value, list) else str(value or "").split())]
