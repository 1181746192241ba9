"""Links that a page or a feed gives, with what is told of them: which lead to articles, and their dates."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote

from pydantic import Field

from extractors.lexicon import AnyRegex, PhraseSet, Table, read_tables
from extractors.text import fold
from extractors.text.dates import day_of, find_date
from extractors.web.address import canonical, path_and_query, same_site
from extractors.web.model import Candidate, Endpoint, EndpointKind, Source, lists_posts

_PARTIAL = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"\b((?:19|20)\d\d)[/.](\d{1,2})[/.](\d{1,2})\b")
# All digits: the first is a day in Britain and a month in America, so only a number over 12 settles it.
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([ap])\.?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)\s*$")


def iso_time(value: object) -> datetime | None:
    """A time in ISO 8601 or RFC 3339, aware and in UTC; without a zone it is UTC, a month is its first day."""
    if not isinstance(value, str):
        return None
    stated = value.strip()[:40]
    partial = _PARTIAL.fullmatch(stated)
    if partial:
        return datetime(int(partial[1]), int(partial[2] or 1), 1, tzinfo=UTC)
    try:
        return _in_utc(datetime.fromisoformat(stated))
    except (ValueError, OverflowError):
        return None


def stated_time(value: object) -> datetime | None:
    """A time as feeds write it: RFC 822, ISO 8601, or a date in words or digits with or without a clock's time.

    None where the day cannot be told for certain, as in 03/04/2020.
    """
    if not isinstance(value, str) or not value.strip():
        return None
    stated = _ORDINAL.sub("", " ".join(value.split())[:80])
    clock = _CLOCK.search(stated)
    if clock is None or clock[4] is None:
        exact = iso_time(stated) or _by_mail(stated)
        if exact is not None:
            return exact
    day = _day(stated)
    if day is None:
        return None
    return _in_utc(datetime.combine(day, _time_of(clock), _zone(stated)))


def _by_mail(text: str) -> datetime | None:
    """RFC 822, in full: weekday, day, month by name, year."""
    if not re.search(r"\b\d{1,2} [A-Za-z]{3,9} (?:\d\d){1,2}\b", text):
        return None
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _in_utc(when: datetime) -> datetime | None:
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return None


def _day(text: str) -> date | None:
    match = _YEAR_FIRST.search(text)
    if match:
        return day_of(int(match[1]), int(match[2]), int(match[3]))
    match = _NUMERIC.search(text)
    if match:
        first, second, year = (int(part) for part in match.groups())
        if first <= 12 and second <= 12 and first != second:
            return None
        day, month = (second, first) if second > 12 else (first, second)
        return day_of(year, month, day)
    found = find_date(text)
    return found.on if found is not None and found.precision == "day" else None


def _time_of(clock: re.Match[str] | None) -> time:
    if clock is None:
        return time()
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    try:
        return time(hour, int(clock[2]), int(clock[3] or 0))
    except ValueError:
        return time()


def _zone(text: str) -> timezone:
    offset = _OFFSET.search(text)
    minutes = int(offset[2]) * 60 + int(offset[3]) if offset else 0
    return timezone(timedelta(minutes=-minutes if offset and offset[1] == "-" else minutes)) if minutes < 1440 else UTC


_LEXICON = Path(__file__).with_name("links.toml")
_WORD = re.compile(r"[a-z0-9]+")
_LONGEST_TITLE = 500
_LONGEST_ADDRESS = 2000
_MOST_AUTHORS = 20
# A title in a link that is as long as this is a headline, not a label of navigation.
_HEADLINE_WORDS = 5


@dataclass(frozen=True, slots=True)
class Link:
    """An address as a feed, sitemap, listing or API announces it, with what it claims of the page.

    `url` is `fetchable`; `address.resolve` makes it so.
    """

    url: str
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    authors: tuple[str, ...] = ()


class _Lexicon(Table):
    not_pages: PhraseSet
    not_articles: AnyRegex
    articles: AnyRegex
    not_sitemaps: AnyRegex
    sections: PhraseSet
    not_sources: PhraseSet
    hints: dict[str, Annotated[float, Field(gt=0)]]


@cache
def _lexicon() -> _Lexicon:
    return read_tables(_LEXICON, _Lexicon)


def priority(title: str | None, url: str) -> float:
    """How much a title and an address speak of our subject: the weights of the hints in them, each once."""
    path = unquote(url.partition("://")[2].partition("/")[2])
    words = _WORD.findall(fold(f"{title or ''} {path}").lower())
    return sum(_lexicon().hints[stem] for stem in {stem for word in words for stem in _stems(word)})


@lru_cache(maxsize=20_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(stem for stem in _lexicon().hints if word.startswith(stem))


def is_part_worth_reading(url: str) -> bool:
    """Whether a part of a sitemap index may list articles, by its name."""
    return not _lexicon().not_sitemaps.search(path_and_query(url))


def is_section(path: str) -> bool:
    """Whether a path is that of a list of a site's articles, by its last word: "/insights/", "/about/news"."""
    return path.rstrip("/").rpartition("/")[2].lower() in _lexicon().sections


def unlikely_sites() -> frozenset[str]:
    """Sites that everybody links to and that carry no commentary of their own."""
    return _lexicon().not_sources


def is_same_source(source: Source, url: str) -> bool:
    """Whether an address is on the source's own site."""
    return same_site(source.homepage, url) or same_site(source.address, url)


def candidates(
    links: Iterable[Link], source: Source, endpoint: Endpoint, now: datetime, *, any_subject: bool = False
) -> list[Candidate]:
    """The links that may be articles of the source, each page once, in their order.

    Feeds and APIs are taken at their word but for the source's own patterns. A sitemap or listing has all of a
    site: there an address must look like an article's and speak of our subject, unless the source's `include`
    says what to take. With `any_subject` it need not speak of our subject: that is judged once it is read.
    """
    found: dict[str, Candidate] = {}
    for link in links:
        candidate = _candidate(link, source, endpoint, now, any_subject=any_subject)
        if candidate is not None and candidate.url not in found:
            found[candidate.url] = candidate
    return list(found.values())


def _candidate(link: Link, source: Source, endpoint: Endpoint, now: datetime, *, any_subject: bool) -> Candidate | None:
    if len(link.url) > _LONGEST_ADDRESS or link.url == endpoint.url or not is_same_source(source, link.url):
        return None
    title = " ".join(link.title.split())[:_LONGEST_TITLE] if link.title else None
    weight = priority(title, link.url)
    if not _wanted(link.url, title, source, endpoint.kind, speaks=weight > 0 or any_subject):
        return None
    return Candidate(
        url=canonical(link.url),
        fetch_url=link.url,
        source_id=source.source_id,
        title=title or None,
        found_at=now,
        found_by=endpoint.kind,
        found_on=endpoint.url,
        published_hint=_past(link.published, now),
        modified_hint=_past(link.modified, now),
        priority=weight,
        authors=link.authors[:_MOST_AUTHORS],
    )


def _wanted(url: str, title: str | None, source: Source, kind: EndpointKind, *, speaks: bool) -> bool:
    # Patterns speak of the page, so that what tracks readers behind its address hides none.
    path = path_and_query(canonical(url))
    paths = (path, path_and_query(url))
    lexicon = _lexicon()
    if path.partition("?")[0].rpartition(".")[2].lower() in lexicon.not_pages and "." in path.rpartition("/")[2]:
        return False
    if any(re.search(pattern, one) for pattern in source.exclude for one in paths):
        return False
    if source.include:
        return any(re.search(pattern, one) for pattern in source.include for one in paths)
    return lists_posts(kind) or (speaks and looks_like_article(path, title))


def looks_like_article(path: str, title: str | None) -> bool:
    """Whether an address's path, or a link's headline, is that of an article rather than of a site's furniture."""
    lexicon = _lexicon()
    if lexicon.not_articles.search(path):
        return False
    return bool(lexicon.articles.search(path)) or (title is not None and len(title.split()) >= _HEADLINE_WORDS)


def _past(when: datetime | None, now: datetime) -> datetime | None:
    """A claimed time, if it can be true: not in the future, and with a web to be published on."""
    if when is None or when.year < 1990:
        return None
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return min(when, now) if (when - now).days < 2 else None
