"""Going back through a source's archive: its lists read page by page, then the pages of articles, politely."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from extractors.web.address import BadAddressError, host_of
from extractors.web.crawl import crawl
from extractors.web.discover.archive import ArchiveReading, ListPage, Range, first_address, page_number, read_archive
from extractors.web.discover.links import candidates
from extractors.web.due import Bounds, due_pages
from extractors.web.fetch import Fetcher
from extractors.web.model import EndpointKind, FetchRequest, FetchResult, Source
from extractors.web.outcomes import new_endpoint
from extractors.workers import RefusedError, WorkersGoneError
from flows.run import Run
from flows.steps.watching import find_candidates
from warehouse.sources import stored_endpoints
from warehouse.watched import (
    ArchivePage,
    Backfill,
    begin_backfill,
    end_backfill,
    keep_archive_page,
    open_candidates,
    store_robots,
    stored_archive_pages,
    stored_backfill,
    stored_failures,
)

# What an archive is read by, best first: an API tells dates and knows its end, a listing is read page by page.
_TURNS: dict[EndpointKind, int] = {"api": 0, "wordpress": 0, "sitemap": 1, "listing": 1, "feed": 1}
# Errors after which a list is not asked for again in this backfill: it is not there, or not for us.
_FINAL = frozenset({"not_found", "gone", "client_error", "disallowed", "forbidden", "bad_url", "content_type"})
# Lists of one archive, more than any real one has.
_MOST_LISTS = 20_000
# Pages without anything new after which a series of lists is taken to repeat itself.
_MOST_WITHOUT_NEWS = 3
_EVERY_PAGE = 1_000_000


class _EnoughError(Exception):
    """As many addresses wait as are to be fetched."""


@dataclass(slots=True)
class _Walk:
    """The reading of one archive under way.

    `listed` are the addresses of articles that this run has seen in it, `failed` the lists that could not be read in
    it: they wait for the next, since to ask again at once would help nobody.
    """

    source: Source
    days: Range
    limit: int | None
    pages: dict[str, ArchivePage] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    barren: Counter[str] = field(default_factory=Counter)

    def waiting(self) -> list[ArchivePage]:
        """The lists of the earliest turn that are still to be read."""
        left = [page for page in self.pages.values() if page.read_at is None and page.url not in self.failed]
        turn = min((page.turn for page in left), default=0)
        return [page for page in left if page.turn == turn]

    def gave_something(self, turn: int) -> bool:
        """Whether the lists of earlier turns gave articles."""
        return any(page.turn < turn and page.entries for page in self.pages.values())


def read_lists(run: Run, fetcher: Fetcher, source: Source, days: Range, limit: int | None) -> None:
    """Read the lists of a source's archive, and keep what each brought at once; one that was killed goes on.

    With a limit it stops where so many addresses wait; what is left of the lists is read by the next.
    """
    walk = _Walk(source, days, limit, {page.url: page for page in _begun(run, fetcher, source, days)})
    try:
        while (waiting := walk.waiting()) and not walk.gave_something(waiting[0].turn):
            _read_turn(run, fetcher, walk, waiting)
    except _EnoughError:
        return
    if not walk.failed:
        end_backfill(run.connection, source.source_id, run.clock())


def _begun(run: Run, fetcher: Fetcher, source: Source, days: Range) -> tuple[ArchivePage, ...]:
    """The lists of the backfill that is under way for these days, else those that a new one begins at."""
    last = stored_backfill(run.connection, source.source_id)
    if last is not None and last.read_at is None and (last.since, last.until) == (days.since, days.until):
        run.log.info("The backfill of %s that was begun on %s goes on", source.source_id, last.started_at)
        return stored_archive_pages(run.connection, source.source_id)
    if not any(endpoint.source_id == source.source_id for endpoint in stored_endpoints(run.connection)):
        find_candidates(run, [source], fetcher, everything=True)
    begin_backfill(
        run.connection,
        Backfill(source.source_id, days.since, days.until, run.clock(), None),
        {page.url: page for page in _beginnings(run, source, days)}.values(),
    )
    return stored_archive_pages(run.connection, source.source_id)


def _beginnings(run: Run, source: Source, days: Range) -> Iterator[ArchivePage]:
    for endpoint in stored_endpoints(run.connection):
        if endpoint.source_id == source.source_id and not endpoint.retired:
            address = first_address(endpoint.url, endpoint.kind, days)
            yield ArchivePage(source.source_id, address, endpoint.kind, _TURNS[endpoint.kind])
    if source.kind not in {"feed", "sitemap", "govuk", "json"}:
        yield ArchivePage(source.source_id, source.address, "listing", _TURNS["listing"])


def _read_turn(run: Run, fetcher: Fetcher, walk: _Walk, pages: Sequence[ArchivePage]) -> None:
    """Read the lists of one turn with all that they lead to."""
    ended = crawl(
        [_request(page) for page in pages],
        fetcher,
        lambda result: [_request(page) for page in _take(run, walk, result)],
        on_robots=partial(store_robots, run.connection),
    )
    walk.failed.update(request.url for request in ended.left)


def _request(page: ArchivePage) -> FetchRequest:
    return FetchRequest(page.url, page.url, page.source_id, page.kind)


def _take(run: Run, walk: _Walk, result: FetchResult) -> list[ArchivePage]:
    """Keep what a list brought; the further lists that it leads to."""
    page = walk.pages[result.request.url]
    run.keep_alive()
    run.count_answer(result)
    if not result.ok:
        final = result.error_type in _FINAL
        if not final:
            walk.failed.add(page.url)
        failed = replace(page, read_at=run.clock() if final else None, entries=0, error=result.error)
        walk.pages[page.url] = failed
        keep_archive_page(run.connection, result, failed, candidates=(), further=())
        return []
    reading = _reading(run, walk, page, result)
    endpoint = new_endpoint(page.url, page.source_id, page.kind, "backfill", "archive", result.fetched_at)
    found = candidates(reading.links, walk.source, endpoint, result.fetched_at, any_subject=True)
    in_range = [one for one in found if walk.days.holds(one)]
    news = {one.url for one in found} - walk.listed
    walk.listed |= news
    further = _further(walk, page, reading, news=bool(news), in_range=bool(in_range) or not found)
    read = replace(page, read_at=run.clock(), entries=len(in_range), error=reading.problem)
    walk.pages |= {page.url: read, **{one.url: one for one in further}}
    run.counts["found"] += keep_archive_page(run.connection, result, read, candidates=in_range, further=further)
    done = sum(one.read_at is not None for one in walk.pages.values())
    run.listener("reading the lists of the archive", done, max(len(walk.pages), reading.total or 0))
    enough = walk.limit is not None and len(walk.listed) >= walk.limit
    if enough and len(waiting_pages(run, walk.source, walk.days, walk.limit)) == walk.limit:
        raise _EnoughError
    return further


def _reading(run: Run, walk: _Walk, page: ArchivePage, result: FetchResult) -> ArchiveReading:
    try:
        read: ArchiveReading = run.workers.call(read_archive, page.kind, result, walk.days, walk.source.api)
    except RefusedError as refused:
        return ArchiveReading(problem=str(refused))
    except WorkersGoneError:
        raise
    except Exception as error:  # a fault of ours in reading one list must not keep the others from being read
        return ArchiveReading(problem=f"fault in reading: {type(error).__name__}: {str(error)[:200]}")
    return read


def _further(
    walk: _Walk, page: ArchivePage, reading: ArchiveReading, *, news: bool, in_range: bool
) -> list[ArchivePage]:
    """The lists that follow, unless this one is beyond the days that are asked for, or its listing repeats itself."""
    numbered = page_number(page.url)
    # Calendars go on for ever: addresses that differ in numbers only are one series.
    series = numbered.of if numbered else re.sub(r"\d+", "#", page.url)
    walk.barren[series] = 0 if news or page.kind == "sitemap" else walk.barren[series] + 1
    if (numbered and not in_range) or walk.barren[series] >= _MOST_WITHOUT_NEWS or len(walk.pages) >= _MOST_LISTS:
        return []
    return [_next(walk, one) for one in reading.further if one.url not in walk.pages]


def _next(walk: _Walk, listed: ListPage) -> ArchivePage:
    return ArchivePage(walk.source.source_id, listed.url, listed.kind, _TURNS[listed.kind])


def waiting_pages(run: Run, source: Source, days: Range, limit: int | None = None) -> list[FetchRequest]:
    """The pages of a source that wait to be fetched and may be of these days, the most promising first."""
    own = [one for one in open_candidates(run.connection) if one.source_id == source.source_id and days.holds(one)]
    failures = stored_failures(run.connection)
    return due_pages(own, (), failures, run.clock(), Bounds(_EVERY_PAGE, limit))


def estimate(run: Run, requests: Sequence[FetchRequest]) -> str:
    """How long fetching takes, for a person: hosts are asked in parallel, each at its pace."""
    hosts = Counter(_host(request) for request in requests)
    seconds = max(hosts.values(), default=0) * max(run.settings.host_delay, 0.2)
    pace = f"{run.settings.host_delay:g} s between two of a host"
    return f"{len(requests)} pages to fetch, about {timedelta(seconds=round(seconds))} with {pace}"


def _host(request: FetchRequest) -> str:
    try:
        return host_of(request.fetch_url)
    except BadAddressError:
        return ""
