"""What is due, and what is remembered: a year of a source in values, without a network."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.web.due import (
    PACES,
    PROBE_AGAIN,
    REREAD_AFTER,
    Bounds,
    due_endpoints,
    due_pages,
    due_sources,
    endpoint_is_due,
    endpoint_request,
    page_delay,
)
from extractors.web.model import (
    Candidate,
    Endpoint,
    EndpointRole,
    ErrorType,
    FailureState,
    FetchResult,
    KnownPage,
    Source,
    SourceState,
)
from extractors.web.outcomes import after_fetch, endpoint_after, new_endpoint
from tests.web.clock import DAY_ONE
from tests.web.conftest import ask

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
URL = "https://a.uk/x"


def _endpoint(role: EndpointRole = "watch", **changes: object) -> Endpoint:
    endpoint = new_endpoint("https://a.uk/feed/", "a", "feed", role=role, found_by="link", now=DAY_ONE)
    return replace(endpoint, **changes)  # type: ignore[arg-type]


def _result(at: datetime, error: ErrorType | None = None, **fields: object) -> FetchResult:
    defaults: dict[str, object] = {"status": 200, "body_hash": "1", "sent": True}
    if error is not None:
        defaults = {"error_type": error, "error": "said so", "sent": True}
    return FetchResult(ask(URL), at, URL, **{**defaults, **fields})  # type: ignore[arg-type]


def _check(endpoint: Endpoint, at: datetime, fresh: int = 0, **fields: object) -> Endpoint:
    return endpoint_after(endpoint, _result(at, **fields), entries=10, fresh=fresh, ttl=None, problem=None)  # type: ignore[arg-type]


def _candidate(url: str = URL, **changes: object) -> Candidate:
    candidate = Candidate(url, url, "a", None, DAY_ONE, "feed", "https://a.uk/feed/", None, None, 0.0)
    return replace(candidate, **changes)  # type: ignore[arg-type]


# Endpoints


def _checks_of_a_year(news: set[int]) -> list[int]:
    """The days on which a daily run at six checks a feed that has news on certain days."""
    endpoint, checked, untold = _endpoint(), [], 0
    for day in range(365):
        now = DAY_ONE + day * DAY
        untold += day in news
        if endpoint_is_due(endpoint, now):
            checked.append(day)
            endpoint = _check(endpoint, now + timedelta(seconds=40), fresh=untold)
            untold = 0
    return checked


def test_a_quiet_feed_is_left_alone_more_and_more_up_to_a_week() -> None:
    checked = _checks_of_a_year(set())
    assert checked[:3] == [0, 1, 2]
    gaps = [later - earlier for earlier, later in zip(checked[-10:], checked[-9:], strict=False)]
    assert gaps == [7] * 9
    assert len(checked) < 70


def test_a_lively_feed_is_looked_at_daily() -> None:
    assert _checks_of_a_year(set(range(365))) == list(range(365))


def test_news_makes_a_quiet_feed_be_looked_at_sooner() -> None:
    quiet = _checks_of_a_year(set())
    lively_late = _checks_of_a_year(set(range(200, 300)))
    assert [day for day in quiet if day < 200] == [day for day in lively_late if day < 200]
    assert len([day for day in lively_late if 200 <= day < 300]) > 2 * len([day for day in quiet if 200 <= day < 300])


def test_a_daily_run_misses_no_day_by_seconds() -> None:
    endpoint = _check(_endpoint(interval_s=DAY.total_seconds()), DAY_ONE + timedelta(seconds=50))
    assert not endpoint_is_due(replace(endpoint, interval_s=86400.0), DAY_ONE + 20 * HOUR)
    assert endpoint_is_due(replace(endpoint, next_check_at=DAY_ONE + DAY + timedelta(seconds=50)), DAY_ONE + DAY)


def test_a_servers_demand_is_never_undercut() -> None:
    endpoint = _check(_endpoint(), DAY_ONE, fresh_until=DAY_ONE + 2 * DAY)
    assert endpoint.not_before == DAY_ONE + 2 * DAY
    assert not endpoint_is_due(endpoint, DAY_ONE + 2 * DAY - timedelta(seconds=1))
    assert endpoint_is_due(endpoint, DAY_ONE + 2 * DAY)


def test_ttl_and_max_age_are_obeyed_the_longer_first_and_within_bounds() -> None:
    result = _result(DAY_ONE, fresh_until=DAY_ONE + HOUR)
    after = endpoint_after(_endpoint(), result, entries=1, fresh=1, ttl=30 * HOUR, problem=None)
    assert after.not_before == DAY_ONE + 30 * HOUR
    after = endpoint_after(_endpoint(), result, entries=1, fresh=1, ttl=400 * DAY, problem=None)
    assert after.not_before == DAY_ONE + PACES["watch"].longest


def test_an_endpoint_that_fails_is_tried_ever_later_and_then_retired() -> None:
    endpoint, now, waits = _endpoint(), DAY_ONE, []
    while not endpoint.retired:
        endpoint = _check(endpoint, now, error="server_error")
        waits.append(endpoint.next_check_at - now)
        now = endpoint.next_check_at
    assert waits == sorted(waits)
    assert 6 <= len(waits) <= 10
    assert not endpoint_is_due(endpoint, now + 1000 * DAY)


def test_success_forgets_failures() -> None:
    endpoint = _check(_check(_endpoint(), DAY_ONE, error="server_error"), DAY_ONE + DAY)
    assert (endpoint.failures, endpoint.last_error, endpoint.retired) == (0, None, False)


def test_gone_is_retired_at_once_and_retry_after_is_kept() -> None:
    assert _check(_endpoint(), DAY_ONE, error="gone").retired
    waiting = _check(_endpoint(), DAY_ONE, error="rate_limited", retry_after=DAY_ONE + 3 * DAY)
    assert not endpoint_is_due(waiting, DAY_ONE + 3 * DAY - HOUR)


@pytest.mark.parametrize("error", ["host_down", "network_down"])
def test_an_outage_changes_nothing(error: ErrorType) -> None:
    assert _check(_endpoint(), DAY_ONE, error=error) == _endpoint()


def test_not_modified_is_believed_for_two_weeks() -> None:
    endpoint = _check(_endpoint(), DAY_ONE, etag='"1"')
    for day in (1, 5, 13):
        now = DAY_ONE + day * DAY
        request = endpoint_request(endpoint, now)
        assert (request.etag, request.body_hash) == ('"1"', "1")
        endpoint = _check(endpoint, now, status=304, body_hash=None)
        assert (endpoint.etag, endpoint.received_at) == ('"1"', DAY_ONE)
    assert endpoint_request(endpoint, DAY_ONE + 14 * DAY).etag is None
    assert endpoint_request(endpoint, DAY_ONE + 14 * DAY).body_hash == "1"


def test_watched_endpoints_come_first_and_only_of_enabled_sources() -> None:
    watch, backfill = _endpoint(), _endpoint("backfill", url="https://a.uk/sitemap.xml")
    other = replace(watch, source_id="b")
    assert due_endpoints([backfill, other, watch], {"a"}, DAY_ONE) == [watch, backfill]


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3)), max_size=60))
def test_the_learned_pace_stays_in_its_bounds(checks: list[tuple[int, int]]) -> None:
    for role, pace in PACES.items():
        endpoint, now = _endpoint(role), DAY_ONE
        for days, fresh in checks:
            now += days * DAY
            endpoint = _check(endpoint, now, fresh=fresh)
            assert pace.shortest <= timedelta(seconds=endpoint.interval_s) <= pace.longest
            assert endpoint.next_check_at > now


# Sources


def _state(**changes: object) -> SourceState:
    state = SourceState("a", "ok", "", DAY_ONE, DAY_ONE + PROBE_AGAIN, DAY_ONE, 0)
    return replace(state, **changes)  # type: ignore[arg-type]


def test_sources_are_searched_when_new_failed_or_old() -> None:
    source = Source("a", "A", "https://a.uk/", "site", "https://a.uk/", "think tank")
    off = replace(source, source_id="off", enabled=False)
    watched = [_endpoint()]
    assert due_sources([source, off], [], [], DAY_ONE) == [source]
    assert due_sources([source], [_state()], watched, DAY_ONE + 30 * DAY) == []
    assert due_sources([source], [_state()], watched, DAY_ONE + PROBE_AGAIN) == [source]
    failed = _state(status="unreachable", next_probe_at=DAY_ONE + 6 * HOUR)
    assert due_sources([source], [failed], [], DAY_ONE + HOUR) == []
    assert due_sources([source], [failed], [], DAY_ONE + 6 * HOUR) == [source]


def test_a_source_that_lost_its_endpoints_is_searched_after_a_week() -> None:
    source = Source("a", "A", "https://a.uk/", "site", "https://a.uk/", "think tank")
    retired = [_endpoint(retired=True), _endpoint("backfill", url="https://a.uk/s.xml")]
    assert due_sources([source], [_state()], retired, DAY_ONE + 6 * DAY) == []
    assert due_sources([source], [_state()], retired, DAY_ONE + 7 * DAY) == [source]


# Pages


def _first_read(at: datetime = DAY_ONE) -> KnownPage:
    page = after_fetch(None, None, _result(at, etag='"1"')).page
    assert page is not None
    return page


def test_an_article_is_read_again_after_a_day_a_week_a_month_and_never_more() -> None:
    page, read = _first_read(DAY_ONE + timedelta(seconds=30)), []
    for day in range(1, 365):
        now = DAY_ONE + day * DAY
        for request in due_pages([], [page], [], now):
            read.append(day)
            assert request.reason == "reread"
            page = after_fetch(page, None, _result(now, status=304, body_hash=None)).page or page
    assert read == [1, 7, 30]
    assert (page.rereads, page.next_read_at) == (3, None)


def test_the_last_rereading_asks_for_the_bytes() -> None:
    page = replace(_first_read(), rereads=len(REREAD_AFTER) - 1, next_read_at=DAY_ONE)
    (request,) = due_pages([], [page], [], DAY_ONE)
    assert (request.etag, request.body_hash) == (None, "1")


def test_late_runs_do_not_read_twice_at_once() -> None:
    now = DAY_ONE + 40 * DAY
    page = after_fetch(_first_read(), None, _result(now)).page
    assert page is not None
    assert page.next_read_at == now + REREAD_AFTER[1] / 2


def test_what_a_change_is() -> None:
    page = _first_read()
    later = DAY_ONE + DAY
    request = replace(ask(URL), body_hash="1")
    same = after_fetch(page, None, replace(_result(later), request=request)).page
    other = after_fetch(page, None, replace(_result(later, body_hash="2"), request=request)).page
    assert same is not None
    assert other is not None
    assert (same.changed_at, other.changed_at, other.body_hash) == (DAY_ONE, later, "2")


def _failures(error: ErrorType) -> list[timedelta]:
    """The waits between attempts at a page that always fails in the same way."""
    failure: FailureState | None = None
    now, waits = DAY_ONE, []
    while failure is None or failure.next_try_at is not None:
        if failure is not None and failure.next_try_at is not None:
            assert due_pages([_candidate()], [], [failure], failure.next_try_at - timedelta(seconds=1)) == []
            (request,) = due_pages([_candidate()], [], [failure], failure.next_try_at)
            assert request.reason == "retry"
            waits.append(failure.next_try_at - now)
            now = failure.next_try_at
        failure = after_fetch(None, failure, _result(now, error)).failure
        assert failure is not None
    assert failure.attempts == len(waits) + 1
    assert due_pages([_candidate()], [], [failure], now + 1000 * DAY) == []
    return waits


@pytest.mark.parametrize(
    ("error", "tries"),
    [
        ("server_error", 7),
        ("timeout_total", 7),
        ("dns", 7),
        ("forbidden", 4),
        ("not_found", 2),
        ("gone", 1),
        ("bad_url", 1),
    ],
)
def test_failures_are_tried_ever_later_and_a_last_time(error: ErrorType, tries: int) -> None:
    waits = _failures(error)
    assert waits == sorted(waits)
    assert len(waits) + 1 == tries


def test_retry_after_wins_over_a_shorter_delay() -> None:
    result = _result(DAY_ONE, "rate_limited", retry_after=DAY_ONE + 5 * DAY)
    failure = after_fetch(None, None, result).failure
    assert failure is not None
    assert failure.next_try_at == DAY_ONE + 5 * DAY


@pytest.mark.parametrize("error", ["host_down", "network_down"])
def test_an_outage_costs_no_attempt(error: ErrorType) -> None:
    before = after_fetch(None, None, _result(DAY_ONE, "server_error")).failure
    after = after_fetch(None, before, _result(DAY_ONE + DAY, error))
    assert (after.failure, after.status) == (before, None)


def test_a_success_forgets_the_failure() -> None:
    before = after_fetch(None, None, _result(DAY_ONE, "server_error")).failure
    after = after_fetch(None, before, _result(DAY_ONE + DAY))
    assert after.failure is None
    assert after.page is not None


def test_gone_at_once_or_missing_twice() -> None:
    page = _first_read()
    gone = after_fetch(page, None, _result(DAY_ONE + DAY, "gone"))
    assert (gone.status, gone.page and gone.page.gone_at) == ("gone", DAY_ONE + DAY)
    missing = after_fetch(page, None, _result(DAY_ONE + DAY, "not_found"))
    assert (missing.status, missing.page) == ("failed", page)
    (again,) = due_pages([], [page], [missing.failure] if missing.failure else [], DAY_ONE + 2 * DAY)
    assert again.reason == "reread"
    still = after_fetch(page, missing.failure, _result(DAY_ONE + 2 * DAY, "not_found"))
    assert still.status == "gone"
    assert still.page is not None
    assert (still.page.gone_at, still.page.next_read_at) == (DAY_ONE + 2 * DAY, None)
    assert due_pages([], [still.page], [], DAY_ONE + 1000 * DAY) == []


def test_a_page_that_comes_back_is_no_longer_gone() -> None:
    page = replace(_first_read(), gone_at=DAY_ONE)
    after = after_fetch(page, None, _result(DAY_ONE + DAY)).page
    assert after is not None
    assert after.gone_at is None


def test_forbidden_by_robots_has_its_own_status() -> None:
    assert after_fetch(None, None, _result(DAY_ONE, "disallowed")).status == "disallowed"


def test_pages_come_by_priority_then_newest_within_bounds() -> None:
    plain, fresh, best = (
        _candidate("https://a.uk/plain"),
        _candidate("https://a.uk/fresh", published_hint=DAY_ONE),
        _candidate("https://a.uk/best", priority=5.0),
    )
    other = _candidate("https://b.uk/other")
    page = replace(_first_read(), url="https://a.uk/known", next_read_at=DAY_ONE)
    wanted = [plain, other, fresh, best, _candidate("https://a.uk/known", priority=9.0)]
    order = [request.url for request in due_pages(wanted, [page], [], DAY_ONE)]
    assert order == [best.url, fresh.url, plain.url, other.url, page.url]
    bounded = due_pages(wanted, [page], [], DAY_ONE, Bounds(per_host=2))
    assert [request.url for request in bounded] == [best.url, other.url, page.url]
    assert len(due_pages(wanted, [page], [], DAY_ONE, Bounds(limit=3))) == 3


def test_neither_new_pages_nor_re_readings_starve_the_others() -> None:
    new = [_candidate(f"https://a.uk/new-{number}") for number in range(30)]
    again = [replace(_first_read(), url=f"https://a.uk/old-{number}", next_read_at=DAY_ONE) for number in range(30)]
    for bounds in (Bounds(per_host=10), Bounds(limit=10)):
        reasons = [request.reason for request in due_pages(new, again, [], DAY_ONE, bounds)]
        assert reasons == ["new"] * 8 + ["reread"] * 2
        assert len(due_pages(new[:3], again, [], DAY_ONE, bounds)) == 10  # what new pages leave
        assert len(due_pages(new, again[:1], [], DAY_ONE, bounds)) == 10
        assert [request.reason for request in due_pages(new[:3], again, [], DAY_ONE, bounds)[:3]] == ["new"] * 3
    [only] = due_pages(new, again, [], DAY_ONE, Bounds(limit=1))
    assert only.reason == "new"


@given(st.sampled_from(["server_error", "not_found", "disallowed", "redirect", "tls"]), st.integers(1, 50))
def test_every_failure_is_given_up_in_the_end(error: ErrorType, attempts: int) -> None:
    delay = page_delay(error, attempts)
    assert delay is None or (delay > timedelta(0) and attempts <= 10)
