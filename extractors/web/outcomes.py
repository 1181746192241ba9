"""What to remember of what happened: pure functions from what was known and an outcome to what is known now."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from extractors.web.due import (
    ENDPOINT_DELAYS,
    FASTER,
    PACES,
    PROBE_AGAIN,
    REREAD_AFTER,
    SLOWER,
    SOURCE_DELAYS,
    page_delay,
)
from extractors.web.model import NOT_ASKED, Endpoint, EndpointKind, EndpointRole, FailureState, FetchResult, KnownPage


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a fetch of a page changes in memory.

    `page` and `failure` are the rows to keep; None for no row, so that an old failure row goes away. `status` is a
    candidate's new status where the fetch alone decides it, else None: a page that was read is judged by others, and
    one that was not asked for since its host or the network is down stays as it was.
    """

    page: KnownPage | None
    failure: FailureState | None
    status: Literal["disallowed", "failed", "gone"] | None


def after_fetch(page: KnownPage | None, failure: FailureState | None, result: FetchResult) -> Aftermath:
    """What to keep of a page after a fetch, given what was kept before.

    Gone is what the server says to be (410) or what is missing (404) at the second try too. A known page
    that is gone keeps its row, with `gone_at`, and its article.
    """
    if result.error_type is None:
        return Aftermath(_page_after(page, result), None, None)
    if result.error_type in NOT_ASKED:
        return Aftermath(page, failure, None)
    now = result.fetched_at
    failed = _failure_after(failure, result)
    gone = failed.given_up and result.error_type in {"gone", "not_found"}
    if page is not None and gone:
        page = replace(page, checked_at=now, gone_at=now, next_read_at=None)
    if gone:
        return Aftermath(page, failed, "gone")
    return Aftermath(page, failed, "disallowed" if result.error_type == "disallowed" else "failed")


def _page_after(previous: KnownPage | None, result: FetchResult) -> KnownPage:
    now = result.fetched_at
    if previous is None:
        return KnownPage(
            url=result.request.url,
            fetch_url=result.request.fetch_url,
            source_id=result.request.source_id,
            etag=result.etag,
            last_modified=result.last_modified,
            body_hash=result.body_hash,
            first_fetched_at=now,
            checked_at=now,
            changed_at=now,
            rereads=0,
            next_read_at=now + REREAD_AFTER[0],
            gone_at=None,
        )
    kept = result.status == 304
    rereads = previous.rereads + 1
    return replace(
        previous,
        etag=result.etag or (previous.etag if kept else None),
        last_modified=result.last_modified or (previous.last_modified if kept else None),
        body_hash=result.body_hash or previous.body_hash,
        checked_at=now,
        changed_at=previous.changed_at if result.unchanged else now,
        rereads=rereads,
        next_read_at=_next_reread(previous.first_fetched_at, rereads, now),
        gone_at=None,
    )


def _next_reread(first: datetime, done: int, now: datetime) -> datetime | None:
    """When to read again; never sooner than half the step, however late the last reading was."""
    if done >= len(REREAD_AFTER):
        return None
    step = REREAD_AFTER[done]
    return max(first + step, now + step / 2)


def _failure_after(previous: FailureState | None, result: FetchResult) -> FailureState:
    now = result.fetched_at
    error_type = result.error_type or "protocol"
    attempts = previous.attempts + 1 if previous is not None else 1
    delay = page_delay(error_type, attempts)
    next_try_at = now + delay if delay is not None else None
    if next_try_at is not None and result.retry_after is not None:
        next_try_at = max(next_try_at, result.retry_after)
    return FailureState(
        url=result.request.url,
        stage="fetch",
        error_type=error_type,
        message=result.error or "",
        attempts=attempts,
        first_at=previous.first_at if previous is not None else now,
        last_at=now,
        next_try_at=next_try_at,
    )


def new_endpoint(
    url: str, source_id: str, kind: EndpointKind, role: EndpointRole, found_by: str, now: datetime
) -> Endpoint:
    """An endpoint that was just found, due at once."""
    return Endpoint(
        url=url,
        source_id=source_id,
        kind=kind,
        role=role,
        found_by=found_by,
        etag=None,
        last_modified=None,
        body_hash=None,
        first_seen_at=now,
        checked_at=None,
        received_at=None,
        changed_at=None,
        interval_s=PACES[role].first.total_seconds(),
        next_check_at=now,
        not_before=None,
        entries=0,
        failures=0,
        last_status=None,
        last_error=None,
        retired=False,
    )


def endpoint_after(
    endpoint: Endpoint, result: FetchResult, *, entries: int, fresh: int, ttl: timedelta | None, problem: str | None
) -> Endpoint:
    """What is known of an endpoint after a check.

    `entries` is how many it lists, `fresh` how many of them were not known, `ttl` the time that a feed asks to be left
    alone for, `problem` why an answer could not be read.
    """
    if result.error_type in NOT_ASKED:
        return endpoint
    if not result.ok or problem is not None:
        return _endpoint_failed(endpoint, result, problem or result.error or "")
    now = result.fetched_at
    first = endpoint.checked_at is None
    interval = learned_interval(endpoint, changed=fresh > 0, first=first)
    kept = result.status == 304
    return replace(
        endpoint,
        etag=result.etag or (endpoint.etag if kept else None),
        last_modified=result.last_modified or (endpoint.last_modified if kept else None),
        body_hash=result.body_hash or endpoint.body_hash,
        checked_at=now,
        received_at=endpoint.received_at if kept else now,
        changed_at=now if fresh else endpoint.changed_at,
        interval_s=interval.total_seconds(),
        next_check_at=now + interval,
        not_before=_not_before(result, ttl or _standing_wish(endpoint, result), PACES[endpoint.role].longest),
        entries=endpoint.entries if result.unchanged else entries,
        failures=0,
        last_status=result.status,
        last_error=None,
        retired=False,
    )


def learned_interval(endpoint: Endpoint, *, changed: bool, first: bool) -> timedelta:
    """The time to the next check: shorter after news, longer after none, within the bounds of the role."""
    pace = PACES[endpoint.role]
    interval = timedelta(seconds=endpoint.interval_s)
    if not first:
        interval *= FASTER if changed else SLOWER
    return min(max(interval, pace.shortest), pace.longest)


def _not_before(result: FetchResult, ttl: timedelta | None, longest: timedelta) -> datetime | None:
    """The later of what the feed and its server ask for, within the bounds of the pace: some say "a year"."""
    now = result.fetched_at
    demands = [when for when in (result.fresh_until, now + ttl if ttl else None) if when is not None and when > now]
    return min(max(demands), now + longest) if demands else None


def _standing_wish(endpoint: Endpoint, result: FetchResult) -> timedelta | None:
    """The time that an unchanged endpoint asked for when its body was last read: its wish is as unchanged as it is."""
    if not result.unchanged or endpoint.failures or endpoint.not_before is None or endpoint.checked_at is None:
        return None
    return endpoint.not_before - endpoint.checked_at


def _endpoint_failed(endpoint: Endpoint, result: FetchResult, message: str) -> Endpoint:
    failures = endpoint.failures + 1
    delay = ENDPOINT_DELAYS[min(failures, len(ENDPOINT_DELAYS)) - 1]
    return replace(
        endpoint,
        checked_at=result.fetched_at,
        next_check_at=result.fetched_at + delay,
        not_before=result.retry_after,
        failures=failures,
        last_status=result.status,
        last_error=message,
        retired=result.error_type == "gone" or failures > len(ENDPOINT_DELAYS),
    )


def next_probe(failures: int, now: datetime) -> datetime:
    """When to look for a source's endpoints again, after so many failures in a row."""
    return now + (SOURCE_DELAYS[min(failures, len(SOURCE_DELAYS)) - 1] if failures else PROBE_AGAIN)
