"""Feeds: RSS 0.9 to 2.0, RDF and Atom by feedparser, JSON Feed 1.0 and 1.1."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import feedparser

from extractors.text.decode import decode
from extractors.web.address import resolve
from extractors.web.discover.links import Link
from extractors.web.discover.reading import Reading, declares_entities, mended, plain, say, too_many_elements
from extractors.web.discover.times import iso_time, stated_time

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
    return Reading(links, ttl=_ttl(parsed.feed))


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
    people = entry.get("authors")
    named = [one.get("name") for one in people if isinstance(one, dict)] if isinstance(people, list) else []
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
