"""Feeds: RSS 0.9 to 2.0, RDF and Atom by feedparser, JSON Feed 1.0 and 1.1."""

import calendar
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import feedparser

from extractors.text.decode import decode
from extractors.web.address import resolve
from extractors.web.discover.links import Link
from extractors.web.discover.reading import Reading, declares_entities, say, too_many_elements

_MOST_ENTRIES = 5000


def read_feed(body: bytes, url: str, content_type: str | None) -> Reading:
    """The links of a feed; a body that is no feed is a problem, not an error.

    A feed that declares entities is refused: none needs to, and expanding them is how a small file becomes a large one.
    """
    if declares_entities(body):
        return Reading(problem="declares entities, which no feed needs: refused")
    if body.lstrip()[:1] == b"{":
        return _read_json(body, url)
    if too_many_elements(body):
        return Reading(problem="has more elements than any feed: refused")
    try:
        # As a file: given a string, feedparser would take it for an address and fetch it.
        parsed = feedparser.parse(
            BytesIO(body),
            response_headers={"content-type": content_type or "application/xml", "content-location": url},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        links = tuple(_entries(parsed.entries[:_MOST_ENTRIES], url))
        is_feed = bool(parsed.version) or bool(links)
    except Exception as error:  # whatever a parser does with broken input, the run goes on
        return Reading(problem=say("no feed can be read from it", error))
    if not is_feed:
        return Reading(problem="it is not a feed")
    return Reading(links, ttl=_ttl(parsed.feed))


def _entries(entries: list[dict[str, Any]], base: str) -> Iterator[Link]:
    for entry in entries:
        link = entry.get("feedburner_origlink") or entry.get("link")
        address = resolve(base, link) if isinstance(link, str) and link.strip() else None
        if address is not None:
            title = entry.get("title")
            # Past feedparser's own `get`, which gives one date for the other where that is missing.
            published = _time(dict.get(entry, "published_parsed"))
            updated = _time(dict.get(entry, "updated_parsed"))
            # RSS 1.0 has one date, Dublin Core's, which feedparser calls the update.
            yield Link(address, title if isinstance(title, str) else None, published or updated, updated)


def _time(parsed: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError, IndexError):
        return None


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
            title = item.get("title")
            yield Link(
                address,
                title if isinstance(title, str) else None,
                iso_time(item.get("date_published")),
                iso_time(item.get("date_modified")),
            )


def iso_time(value: object) -> datetime | None:
    """A time in ISO 8601 or RFC 3339, aware and in UTC; one without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(value.strip()[:40])
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
