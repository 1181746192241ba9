"""Feeds (RSS 0.9 to 2.0, RDF, Atom, JSON Feed) and the REST API of WordPress, as the links that they announce."""

import html
import html.entities
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from extractors.text.decode import decode
from extractors.web.address import resolve
from extractors.web.discover.links import Link, iso_time, stated_time
from extractors.web.model import JsonList

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

    `ttl` is how long a feed asks to be left alone, `further` where it goes on, if it says so.
    """

    links: tuple[Link, ...] = ()
    parts: tuple[Part, ...] = ()
    ttl: timedelta | None = None
    problem: str | None = None
    further: str | None = None


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


_MOST_ENTRIES = 5000


def read_feed(body: bytes, url: str, content_type: str | None) -> Reading:
    """The links of a feed; a body that is no feed is a problem, not an error.

    A feed that declares entities for more than a character is refused: none needs to, and expanding them is how a
    small file becomes a large one.
    """
    body = mended(body)
    if declares_entities(body):
        return Reading(problem="declares entities, which no feed needs: refused")
    if b"\x00" not in body[:64]:  # else it has two bytes a character
        body = body.lstrip()  # feedparser goes through white space before the root again from each of its characters
    if body[:1] == b"{":
        return _read_json(body, url)
    if too_many_elements(body):
        return Reading(problem="has more elements than any feed: refused")
    try:
        # As a file: given a string, feedparser would take it for an address and fetch it.
        parsed = feedparser.parse(
            BytesIO(body),
            response_headers={"content-type": content_type or "application/xml"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        base = _base(parsed.feed, str(parsed.version), url)
        links = tuple(_entries(parsed.entries[:_MOST_ENTRIES], base))
        is_feed = bool(parsed.version) or bool(links)
    except Exception as error:  # whatever a parser does with broken input, the run goes on
        return Reading(problem=say("no feed can be read from it", error))
    if not is_feed:
        return Reading(problem="it is not a feed")
    return Reading(links, ttl=_ttl(parsed.feed), further=_further(parsed.feed, url))


def _further(feed: Mapping[str, Any], url: str) -> str | None:
    """The next page of a feed in pages (RFC 5005)."""
    named = feed.get("links")
    for link in named if isinstance(named, list) else []:
        if link.get("rel") == "next" and isinstance(link.get("href"), str):
            return resolve(url, link["href"])
    return None


def _base(feed: Mapping[str, Any], version: str, url: str) -> str:
    """What relative links are relative to: in RSS the site's address that the feed states, else the feed's own."""
    stated = feed.get("link")
    return (resolve(url, stated) if isinstance(stated, str) and version.startswith("rss") else None) or url


def _entries(entries: list[dict[str, Any]], base: str) -> Iterator[Link]:
    for entry in entries:
        link = entry.get("feedburner_origlink") or entry.get("link")
        address = resolve(base, link) if isinstance(link, str) and link.strip() else None
        if address is not None:
            # Past feedparser's own `get`, which gives one date for the other where that is missing. Its reading of
            # dates guesses where a form is unusual; ours does not.
            published = stated_time(dict.get(entry, "published"))
            updated = stated_time(dict.get(entry, "updated"))
            # RSS 1.0 has one date, Dublin Core's, which feedparser calls the update.
            yield Link(address, _title(entry.get("title")), published or updated, updated, _authors(entry))


def _title(stated: object) -> str | None:
    return plain(stated) or None if isinstance(stated, str) else None


def _authors(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """The names that an entry states; an address for mail with a name in brackets is RSS's form of one."""
    return _named(entry.get("authors"))


def _named(people: object) -> tuple[str, ...]:
    """The names in a list of names or of records with a `name`, or in one of them alone."""
    listed = people if isinstance(people, list) else [people]
    named = [one.get("name") if isinstance(one, dict) else one for one in listed]
    names = (plain(name) for name in named if isinstance(name, str) and "@" not in name)
    return tuple(dict.fromkeys(filter(None, names)))


def _ttl(feed: Mapping[str, Any]) -> timedelta | None:
    """RSS's `ttl` in minutes, up to a month."""
    value = str(feed.get("ttl") or "").strip()
    if not (value.isascii() and value.isdigit()):
        return None
    return timedelta(minutes=min(int(value[:9]), 30 * 24 * 60)) or None


def _read_json(body: bytes, url: str) -> Reading:
    try:
        document = json.loads(decode(body, None, html=False))
    except (ValueError, RecursionError) as error:
        return Reading(problem=say("not valid JSON", error))
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(document.get("version")):
        return Reading(problem="it is JSON, but not a JSON Feed")
    return Reading(tuple(_items(items[:_MOST_ENTRIES], url)))


def _items(items: list[object], base: str) -> Iterator[Link]:
    for item in items:
        if not isinstance(item, dict):
            continue
        link = item.get("url") or item.get("external_url") or item.get("id")
        address = resolve(base, link) if isinstance(link, str) else None
        if address is not None:
            yield Link(
                address,
                _title(item.get("title")),
                iso_time(item.get("date_published")),
                iso_time(item.get("date_modified")),
                _authors({**item, "authors": item.get("authors") or [item.get("author")]}),
            )


_QUERY = urlencode(
    {"per_page": 50, "orderby": "modified", "_fields": "link,title,date_gmt,modified_gmt,yoast_head_json.author"},
    safe=",",
)


def posts_address(root: str) -> str | None:
    """Where a site's newest and newly changed posts are listed, from the root of its REST API."""
    route = root.rstrip("/") + "/wp/v2/posts"
    joint = "&" if "?" in root else "?"
    return resolve(root, f"{route}{joint}{_QUERY}")


def read_posts(body: bytes, url: str) -> Reading:
    """The posts of an answer of the API; anything else is a problem, not an error."""
    try:
        posts = json.loads(decode(body, None, html=False))
    except (ValueError, RecursionError) as error:
        return Reading(problem=say("not valid JSON", error))
    if not isinstance(posts, list):
        return Reading(problem="it is JSON, but not a list of posts")
    links = tuple(_posts(posts, url))
    return Reading(links) if links or not posts else Reading(problem="it is JSON, but lists no posts")


def _posts(posts: list[object], base: str) -> Iterator[Link]:
    for post in posts:
        if not isinstance(post, dict) or not isinstance(post.get("link"), str):
            continue
        address = resolve(base, post["link"])
        if address is not None:
            title = post.get("title")
            rendered = title.get("rendered") if isinstance(title, dict) else title
            yield Link(
                address,
                plain(rendered) if isinstance(rendered, str) else None,
                iso_time(post.get("date_gmt")),
                iso_time(post.get("modified_gmt")),
                _named(_at(post, "yoast_head_json.author")),
            )


GOVUK = JsonList(
    items="results", address="link", title="title", published="public_timestamp", offset="start", total="total"
)
"""The search of GOV.UK: https://www.gov.uk/api/search.json?q=...&fields=title,link,public_timestamp"""

_MOST_ANSWERS = 5000


def read_results(body: bytes, url: str, fields: JsonList | None) -> Reading:
    """The links of a list in JSON; a body that holds no such list is a problem, not an error."""
    fields = fields or GOVUK
    try:
        items = _at(json.loads(decode(body, None, html=False)), fields.items)
    except (ValueError, RecursionError) as error:
        return Reading(problem=say("not valid JSON", error))
    if not isinstance(items, list):
        return Reading(problem=f"it is JSON, but there is no list at {fields.items!r}")
    links = tuple(link for item in items[:_MOST_ANSWERS] if (link := _link(item, url, fields)) is not None)
    if items and not links:
        return Reading(problem=f"none of its {len(items)} entries has an address at {fields.address!r}")
    return Reading(links)


def further_results(body: bytes, url: str, fields: JsonList | None) -> str | None:
    """The address of the next page of a list, by the parameter that counts entries or pages; None after the last."""
    fields = fields or GOVUK
    parameter = fields.offset or fields.page
    if not parameter:
        return None
    document = json.loads(decode(body, None, html=False))
    items, total = _at(document, fields.items), _at(document, fields.total) if fields.total else None
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    stated = query.get(parameter, "")
    here = int(stated) if stated.isdigit() else (0 if fields.offset else 1)
    following = here + len(items) if fields.offset else here + 1
    if fields.offset and isinstance(total, int) and following >= total:
        return None
    return urlunsplit(parts._replace(query=urlencode(query | {parameter: str(following)}, safe=",:")))


def _link(item: object, base: str, fields: JsonList) -> Link | None:
    address = _at(item, fields.address)
    resolved = resolve(base, address) if isinstance(address, str) else None
    if resolved is None:
        return None
    title = _at(item, fields.title) if fields.title else None
    return Link(
        resolved,
        plain(title) or None if isinstance(title, str) else None,
        stated_time(_at(item, fields.published)) if fields.published else None,
        stated_time(_at(item, fields.modified)) if fields.modified else None,
        _named(_at(item, fields.authors)) if fields.authors else (),
    )


def _at(value: Any, path: str) -> Any:  # noqa: ANN401  any JSON
    """What stands at a path such as "response.results", None where nothing does; the empty path is the value itself."""
    for name in filter(None, path.split(".")):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
