"""Going back through a site's archive: which further pages a page of lists leads to, and what is in range."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bs4 import Tag

from extractors.web.address import BadAddressError, canonical, path_and_query, resolve, same_site
from extractors.web.discover.feeds import Part, Reading, further_results, read_feed, read_posts, read_results
from extractors.web.discover.links import Link, is_part_worth_reading, is_section
from extractors.web.discover.pages import page_soup, read_listing_of
from extractors.web.discover.sitemaps import read_sitemap
from extractors.web.model import Candidate, EndpointKind, FetchResult, JsonList

_NUMBERED = frozenset({"page", "paged", "p", "pg", "pagenum", "page_number", "pageno", "currentpage"})
_PAGE_PATH = re.compile(r"(?P<before>.*?)/page[/-](?P<number>\d{1,5})/?$", re.IGNORECASE)
_MONTH = re.compile(r"/(?:archives?[-_])?(?:19|20)\d\d(?:/(?:0?[1-9]|1[0-2]|[a-z]{3,9}))?/?$", re.IGNORECASE)
# Where the day of an article stands in its address, and the month of an archive's page.
_DATED = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?=[/-]|$)")
_YEAR = re.compile(r"/((?:19|20)\d\d)(?=/|$)")
_OLDER = re.compile(r"^\W*(?:next|older|earlier|more)\b", re.IGNORECASE)
_MOST_FURTHER = 200


@dataclass(frozen=True, slots=True)
class Range:
    """Days of publication that are asked for; both ends count, None is open."""

    since: date | None = None
    until: date | None = None

    def holds(self, candidate: Candidate) -> bool:
        """Whether an article may be of these days, by what its list or its address says; what says nothing may be."""
        first, last = _days_of(candidate.url)
        if candidate.published_hint is not None:
            first = last = candidate.published_hint.date()
        elif last is None and candidate.modified_hint is not None:
            last = candidate.modified_hint.date()  # it was not published later
        return self.meets(first, last)

    def meets(self, first: date | None, last: date | None) -> bool:
        """Whether any day from the first to the last, None where that is open, is one of these."""
        too_old = self.since is not None and last is not None and last < self.since
        return not too_old and not (self.until is not None and first is not None and first > self.until)

    def reaches(self, modified: datetime | None) -> bool:
        """Whether a part of an index that changed last at this time may have articles of these days."""
        return self.since is None or modified is None or modified >= datetime.combine(self.since, time.min, UTC)


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of an archive that lists articles or further pages."""

    url: str
    kind: EndpointKind


@dataclass(frozen=True, slots=True)
class ArchiveReading:
    """What a page of an archive lists, the pages that it leads to, and how many pages there are if it tells."""

    links: tuple[Link, ...] = ()
    further: tuple[ListPage, ...] = ()
    total: int | None = None
    problem: str | None = None


def first_address(url: str, kind: EndpointKind, days: Range) -> str:
    """Where an archive is begun: the API of WordPress is asked for the days that are wanted, newest first."""
    if kind != "wordpress":
        return url
    wanted = {"per_page": "100", "orderby": "date", "order": "desc"}
    if days.since:
        wanted["after"] = f"{days.since - timedelta(days=1)}T23:59:59"
    if days.until:
        wanted["before"] = f"{days.until + timedelta(days=1)}T00:00:00"
    return _with_query(url, wanted)


def read_archive(
    kind: EndpointKind, result: FetchResult, days: Range, fields: JsonList | None = None
) -> ArchiveReading:
    """Read a page of an archive.

    What follows a page: the pages that it names as next or by number, archives by month or year, the next page of an
    API by its count, the parts of an index of sitemaps that changed in time. What is beyond `days` is not followed.
    """
    body, url, content_type = result.body, result.final_url, result.content_type
    if kind == "listing":
        return _read_listing(body, url, content_type, days)
    if kind == "sitemap":
        reading = read_sitemap(body, url, content_type)
        return _with(reading, [ListPage(part.url, "sitemap") for part in _parts(reading.parts, days)])
    if kind == "wordpress":
        return _read_posts(read_posts(body, url), url, dict(result.headers))
    if kind == "api":
        reading = read_results(body, url, fields)
        further = further_results(body, url, fields) if reading.links else None
        return _with(reading, [ListPage(further, "api")] if further else [])
    reading = read_feed(body, url, content_type)
    return _with(reading, [ListPage(one, "feed") for one in (reading.further, _paged_feed(url)) if one][:1])


def _with(reading: Reading, further: list[ListPage], total: int | None = None) -> ArchiveReading:
    return ArchiveReading(reading.links, tuple(further), total, reading.problem)


def _parts(parts: tuple[Part, ...], days: Range) -> Iterator[Part]:
    for part in parts:
        if days.reaches(part.modified) and is_part_worth_reading(part.url):
            yield part


def _read_posts(reading: Reading, url: str, headers: Mapping[str, str]) -> ArchiveReading:
    stated = headers.get("x-wp-totalpages", "")
    total = int(stated) if stated.isdigit() else None
    number = dict(parse_qsl(urlsplit(url).query)).get("page", "1")
    if not reading.links or not number.isdigit() or (total is not None and int(number) >= total):
        return _with(reading, [], total)
    return _with(reading, [ListPage(_with_query(url, {"page": str(int(number) + 1)}), "wordpress")], total)


def _paged_feed(url: str) -> str | None:
    """The next page of a feed of WordPress, by the form of its address."""
    parts = urlsplit(url)
    if not re.search(r"/feed/?$", parts.path):
        return None
    number = dict(parse_qsl(parts.query)).get("paged", "1")
    return _with_query(url, {"paged": str(int(number) + 1)}) if number.isdigit() else None


def _with_query(url: str, wanted: Mapping[str, str]) -> str:
    """An address with these parameters, in place of those of their names."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **wanted}
    return urlunsplit(parts._replace(query=urlencode(query, safe=",:")))


def _read_listing(body: bytes, url: str, content_type: str | None, days: Range) -> ArchiveReading:
    soup = page_soup(body, content_type)
    if soup is None:
        return ArchiveReading(problem="no page can be read from it")
    reading = read_listing_of(soup, url)
    further: dict[str, None] = {}
    for tag in soup.find_all(["a", "link"], href=True):
        address = resolve(url, str(tag["href"]))
        if address is not None and same_site(address, url) and leads_on(tag, address, url, days):
            further.setdefault(address)
    pages = [ListPage(one, "listing") for one in list(further)[:_MOST_FURTHER]]
    problem = None if pages else reading.problem
    return ArchiveReading(reading.links, tuple(pages), None, problem)


def leads_on(tag: Tag, address: str, url: str, days: Range) -> bool:
    """Whether a link of a listing leads to a further page of it, to an archive by month or year, or to a section."""
    if address == url:
        return False
    relation = tag.get("rel")
    if "next" in [str(word).lower() for word in (relation if isinstance(relation, list) else [relation])]:
        return True
    if tag.name != "a":
        return False
    here, there = page_number(url), page_number(address)
    if there is not None:
        return there.of == (here.of if here else _bare(url)) and there.number > (here.number if here else 1)
    if not urlsplit(address).query and (_MONTH.search(urlsplit(address).path) or is_section(urlsplit(address).path)):
        return days.meets(*_days_of(address))
    return bool(_OLDER.match(tag.get_text(" ").strip())) and _bare(address) == _bare(url)


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A page of a listing: of which listing, and its number."""

    of: str
    number: int


def page_number(url: str) -> PageNumber | None:
    """The number of a page in an address: `?page=3`, `/page/3/`; None where it has none."""
    parts = urlsplit(url)
    match = _PAGE_PATH.match(parts.path)
    if match:
        return PageNumber(_bare(urlunsplit(parts._replace(path=match["before"] + "/"))), int(match["number"]))
    for name, value in parse_qsl(parts.query):
        if name.lower() in _NUMBERED and value.isdigit() and len(value) <= 5:
            return PageNumber(_bare(url), int(value))
    return None


def _bare(url: str) -> str:
    """A listing's address without the number of its page."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _NUMBERED]
    return f"{parts.netloc}{parts.path.rstrip('/')}?{urlencode(query)}"


def _days_of(url: str) -> tuple[date | None, date | None]:
    """The first and last day that an address names, of a day, month or year; None where it names none."""
    try:
        path = path_and_query(canonical(url)).partition("?")[0]
    except BadAddressError:
        return None, None
    match, year = _DATED.search(path), _YEAR.search(path)
    if match is None and year is None:
        return None, None
    try:
        if match is None:
            return date(int(year[1]), 1, 1), date(int(year[1]), 12, 31)  # type: ignore[index]
        first = date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None, None
    if match[3]:
        return first, first
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first, following - timedelta(days=1)
