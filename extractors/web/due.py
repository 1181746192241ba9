"""What is due, and how often: pure functions of what is remembered and the time, with the pace of all that is asked."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from extractors.web.address import BadAddressError, host_of
from extractors.web.model import (
    Candidate,
    Endpoint,
    EndpointRole,
    ErrorType,
    FailureState,
    FetchRequest,
    KnownPage,
    Source,
    SourceState,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """Bounds in which the interval between two checks is learned."""

    first: timedelta
    shortest: timedelta
    longest: timedelta


PACES: Mapping[EndpointRole, Pace] = {
    # A feed of ten entries is read in time by a weekly look even of a busy publisher; an hour is polite to any.
    "watch": Pace(12 * HOUR, HOUR, 7 * DAY),
    # A sitemap is large and tells what the feed told already.
    "backfill": Pace(7 * DAY, 3 * DAY, 30 * DAY),
}

SLOWER = 1.5
"""What an interval is multiplied by after a check without news."""

FASTER = 0.5
"""What an interval is multiplied by after a check with news."""

REREAD_AFTER = (DAY, 7 * DAY, 30 * DAY)
"""Ages at which an article is read again for edits, counted from its first reading."""

TRUST = 14 * DAY
"""How long "not modified" is believed before a whole body is asked for: some servers say it whatever happened."""

PROBE_AGAIN = 90 * DAY
"""After how long a working source's endpoints are looked for anew."""

PROBE_WITHOUT_ENDPOINTS = 7 * DAY
"""The same for a source that has no watched endpoint left."""

ENDPOINT_DELAYS = (6 * HOUR, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)
"""Delays after a first, second, ... failure in a row of an endpoint; after the last it is retired."""

SOURCE_DELAYS = (6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
"""The same for a source; it is never given up."""

# After the last delay one last try is made.
_PASSING = (HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
_PAGE_DELAYS: Mapping[ErrorType, tuple[timedelta, ...]] = {
    "bad_url": (),
    "gone": (),
    "not_found": (DAY,),  # a page can be missing while a site is being changed
    "disallowed": (30 * DAY, 90 * DAY),  # rules are rewritten now and then
    "forbidden": (DAY, 7 * DAY, 30 * DAY),
    "client_error": (DAY, 7 * DAY),
    "unsafe_address": (7 * DAY,),  # a name can be wrong for a while
    "too_large": (30 * DAY,),
    "bomb": (30 * DAY,),
    "bad_coding": (DAY, 7 * DAY),
    "content_type": (7 * DAY,),
    "redirect": (DAY, 7 * DAY),
}


def page_delay(error_type: ErrorType, attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts at a page; None when it is given up."""
    delays = _PAGE_DELAYS.get(error_type, _PASSING)
    return delays[attempts - 1] if attempts <= len(delays) else None


def slack(interval: timedelta) -> timedelta:
    """How early a pace of our own may be met: a tenth, at most two hours, so that a daily run skips no day."""
    return max(min(interval / 10, 2 * HOUR), timedelta(0))


def due_sources(
    sources: Iterable[Source], states: Iterable[SourceState], endpoints: Iterable[Endpoint], now: datetime
) -> list[Source]:
    """Sources whose endpoints are to be looked for: new ones, failed ones in time, all after 90 days.

    One that has lost all its watched endpoints is looked at again after a week.
    """
    known = {state.source_id: state for state in states}
    watched = {endpoint.source_id for endpoint in endpoints if endpoint.role == "watch" and not endpoint.retired}
    return [
        source
        for source in sources
        if source.enabled and _probe_due(known.get(source.source_id), now, watched=source.source_id in watched)
    ]


def _probe_due(state: SourceState | None, now: datetime, *, watched: bool) -> bool:
    if state is None or state.probed_at is None or state.next_probe_at is None:
        return True
    due_at = state.next_probe_at
    if state.status == "ok" and not watched:
        due_at = min(due_at, state.probed_at + PROBE_WITHOUT_ENDPOINTS)
    return due_at - slack(due_at - state.probed_at) <= now


def due_endpoints(endpoints: Iterable[Endpoint], enabled: Collection[str], now: datetime) -> list[Endpoint]:
    """Endpoints of enabled sources that are to be checked, watched ones first, the longest waiting first."""
    due = [endpoint for endpoint in endpoints if endpoint.source_id in enabled and endpoint_is_due(endpoint, now)]
    return sorted(due, key=lambda endpoint: (endpoint.role != "watch", endpoint.next_check_at, endpoint.url))


def endpoint_is_due(endpoint: Endpoint, now: datetime) -> bool:
    """Whether an endpoint's own pace asks for a check and its server allows one."""
    if endpoint.retired or (endpoint.not_before is not None and now < endpoint.not_before):
        return False
    return endpoint.next_check_at - slack(timedelta(seconds=endpoint.interval_s)) <= now


def endpoint_request(endpoint: Endpoint, now: datetime) -> FetchRequest:
    """The request that checks an endpoint; without conditions when no body came for two weeks."""
    trusted = endpoint.received_at is not None and now - endpoint.received_at < TRUST
    return FetchRequest(
        url=endpoint.url,
        fetch_url=endpoint.url,
        source_id=endpoint.source_id,
        purpose=endpoint.kind,
        reason="new" if endpoint.checked_at is None else "reread",
        etag=endpoint.etag if trusted else None,
        last_modified=endpoint.last_modified if trusted else None,
        body_hash=endpoint.body_hash,
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is asked for in a run: requests of one host, requests in all (None for any number), and the part of both
    that is kept for re-readings."""

    per_host: int = 50
    limit: int | None = None
    reread_share: float = 0.2


_USUAL: Final = Bounds()


def due_pages(
    candidates: Iterable[Candidate],
    pages: Iterable[KnownPage],
    failures: Iterable[FailureState],
    now: datetime,
    bounds: Bounds = _USUAL,
) -> list[FetchRequest]:
    """Pages to fetch in this run, in order: candidates by priority, newest first, then re-readings.

    `candidates` are those still to be fetched (status "new", "failed" or "disallowed"), `pages` those worth
    re-reading. Of what the bounds leave room for, re-readings have a share of their own where they wait, and whatever
    new pages leave: neither starves the other.
    """
    per_host, limit, share = bounds.per_host, bounds.limit, bounds.reread_share
    failed = {failure.url: failure for failure in failures if failure.stage == "fetch"}
    known = {page.url: page for page in pages}
    again = [_reread(page) for page in _in_order(known.values()) if _reread_due(page, failed.get(page.url), now)]
    new = [
        _first_read(candidate, again=candidate.url in failed)
        for candidate in sorted(candidates, key=_candidate_order)
        if candidate.url not in known and _try_due(failed.get(candidate.url), now)
    ]
    kept = Counter(_host_of(request) for request in again)
    room = {host: per_host - min(count, _share(per_host, share)) for host, count in kept.items()}
    most = None if limit is None else limit - min(len(again), _share(limit, share))
    first = _bounded(new, lambda host: room.get(host, per_host), most)
    taken = Counter(_host_of(request) for request in first)
    left = None if limit is None else limit - len(first)
    return [*first, *_bounded(again, lambda host: per_host - taken[host], left)]


def _share(number: int, share: float) -> int:
    """The part of a number that is kept for re-readings: at least one where there are several, never all."""
    return min(max(round(number * share), 1), number - 1) if number > 1 else 0


def _in_order(pages: Iterable[KnownPage]) -> list[KnownPage]:
    return sorted(pages, key=lambda page: (page.next_read_at is None, page.next_read_at, page.url))


def _candidate_order(candidate: Candidate) -> tuple[float, float, str]:
    newest = candidate.published_hint or candidate.modified_hint
    return -candidate.priority, -newest.timestamp() if newest else 0.0, candidate.url


def _reread_due(page: KnownPage, failure: FailureState | None, now: datetime) -> bool:
    if page.next_read_at is None or page.gone_at is not None or not _try_due(failure, now):
        return False
    return page.next_read_at - slack(page.next_read_at - page.first_fetched_at) <= now


def _try_due(failure: FailureState | None, now: datetime) -> bool:
    return failure is None or (failure.next_try_at is not None and failure.next_try_at <= now)


def _reread(page: KnownPage) -> FetchRequest:
    # The last re-reading asks for the bytes, in case "not modified" was untrue before.
    last = page.rereads + 1 >= len(REREAD_AFTER)
    return FetchRequest(
        url=page.url,
        fetch_url=page.fetch_url,
        source_id=page.source_id,
        purpose="article",
        reason="reread",
        etag=None if last else page.etag,
        last_modified=None if last else page.last_modified,
        body_hash=page.body_hash,
    )


def _first_read(candidate: Candidate, *, again: bool) -> FetchRequest:
    return FetchRequest(
        url=candidate.url,
        fetch_url=candidate.fetch_url,
        source_id=candidate.source_id,
        purpose="article",
        reason="retry" if again else "new",
        priority=candidate.priority,
    )


def _bounded(wanted: Iterable[FetchRequest], room: Callable[[str], int], limit: int | None) -> list[FetchRequest]:
    taken: Counter[str] = Counter()
    chosen: list[FetchRequest] = []
    for request in wanted:
        if limit is not None and len(chosen) >= limit:
            break
        host = _host_of(request)
        if taken[host] < room(host):
            taken[host] += 1
            chosen.append(request)
    return chosen


def _host_of(request: FetchRequest) -> str:
    try:
        return host_of(request.fetch_url)
    except BadAddressError:
        return ""
