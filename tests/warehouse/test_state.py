"""What watching remembers comes back as it was saved, every field of it."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from duckdb import DuckDBPyConnection

from extractors.web.model import (
    Candidate,
    Endpoint,
    FailureState,
    FetchRequest,
    FetchResult,
    KnownPage,
    Redirect,
    RobotsRecord,
    Source,
    SourceState,
)
from extractors.web.outcomes import Aftermath
from warehouse import runs, sources, watched
from warehouse.raw_store import journal_of
from warehouse.rows import select_as
from warehouse.workspace import Workspace

NOW = datetime(2026, 3, 2, 6, 30, 15, 123456, tzinfo=UTC)

SOURCE = Source(
    "think", "The Think Tank", "https://think.example", "site", "https://think.example/blog", "think tank",
    include=("/blog/",), exclude=("/jobs/", "\\?page="), language="en", selector="main article", enabled=True,
    verified=True,
)  # fmt: skip
STATE = SourceState("think", "ok", "one feed", NOW, NOW + timedelta(days=30), NOW, 0)
ENDPOINT = Endpoint(
    url="https://think.example/feed", source_id="think", kind="feed", role="watch", found_by="link", etag='"e1"',
    last_modified="Mon, 02 Mar 2026 06:00:00 GMT", body_hash="ab12", received_at=NOW, first_seen_at=NOW,
    checked_at=NOW, changed_at=NOW, interval_s=3600.5, next_check_at=NOW + timedelta(hours=1),
    not_before=NOW + timedelta(minutes=5), entries=12, failures=1, last_status=200, last_error="timeout_read",
    retired=False,
)  # fmt: skip
ROBOTS = RobotsRecord(
    origin="https://think.example", fetched_at=NOW, expires_at=NOW + timedelta(days=1), status=200,
    body="User-agent: *\n", body_at=NOW, unreachable_since=NOW, not_before=NOW,
)  # fmt: skip
CANDIDATE = Candidate(
    "https://think.example/a", "https://www.think.example/a?x=1", "think", "A title", NOW, "feed",
    "https://think.example/feed", NOW, NOW, 2.5, ("Ann Low", "Ben Okoro"),
)  # fmt: skip
PAGE = KnownPage(
    CANDIDATE.url, CANDIDATE.fetch_url, "think", '"e"', "Mon", "cd34", NOW, NOW, NOW, 2, NOW + timedelta(days=7), NOW
)
FAILURE = FailureState(CANDIDATE.url, "fetch", "dns", "no such host; check the address", 3, NOW, NOW, NOW)


ANSWER = FetchResult(FetchRequest(ENDPOINT.url, ENDPOINT.url, "think", "feed", "new"), NOW, ENDPOINT.url)


def _found(
    connection: DuckDBPyConnection,
    *found: Candidate,
    endpoint: Endpoint = ENDPOINT,
    state: SourceState | None = None,
) -> int:
    """Keep what an answer of a source brought."""
    return watched.store_found(connection, [watched.SourceAnswer(ANSWER, tuple(found), (endpoint,), state)])


def _kept(connection: DuckDBPyConnection, kind: type[Any], table: str) -> tuple[Any, ...]:
    return select_as(connection, kind, f"FROM {table} ORDER BY url")


def _emptied(value: Any) -> Any:
    """The same row with every optional field left open."""
    optional = {field.name: None for field in fields(value) if "None" in str(field.type)}
    return replace(value, **optional)


@pytest.mark.parametrize("change", [lambda value: value, _emptied], ids=["full", "sparse"])
def test_rows_come_back_as_saved(connection: DuckDBPyConnection, workspace: Workspace, change: Any) -> None:
    sources.store_sources(connection, [change(SOURCE)])
    _found(connection, change(CANDIDATE), endpoint=change(ENDPOINT), state=change(STATE))
    watched.store_robots(connection, [change(ROBOTS)])
    _keep_fetch(connection, workspace, ANSWER, None, Aftermath(change(PAGE), change(FAILURE), None))

    assert sources.stored_sources(connection) == (change(SOURCE),)
    assert sources.stored_source_states(connection) == (change(STATE),)
    assert sources.stored_endpoints(connection) == (change(ENDPOINT),)
    assert sources.stored_robots(connection) == (change(ROBOTS),)
    assert _kept(connection, Candidate, "candidates") == (change(CANDIDATE),)
    assert _kept(connection, KnownPage, "pages") == (change(PAGE),)
    assert watched.stored_failures(connection) == (change(FAILURE),)


def test_saving_again_replaces(connection: DuckDBPyConnection) -> None:
    twice = [replace(ENDPOINT, entries=1), replace(ENDPOINT, entries=2)]
    watched.store_found(connection, [watched.SourceAnswer(ANSWER, endpoints=tuple(twice))])
    assert [endpoint.entries for endpoint in sources.stored_endpoints(connection)] == [2]
    _found(connection, endpoint=replace(ENDPOINT, entries=3))
    assert [endpoint.entries for endpoint in sources.stored_endpoints(connection)] == [3]


def test_source_that_left_the_file_is_switched_off(connection: DuckDBPyConnection) -> None:
    sources.store_seed_source(connection)
    sources.store_sources(connection, [SOURCE, replace(SOURCE, source_id="other")])
    _found(connection, state=STATE)
    sources.store_sources(connection, [replace(SOURCE, name="Renamed")])

    enabled = {source.source_id: source.enabled for source in sources.stored_sources(connection)}
    assert enabled == {"other": False, "think": True}
    assert sources.stored_sources(connection)[1].name == "Renamed"
    assert sources.stored_source_states(connection) == (STATE,), "configuring anew forgets nothing of how it fared"
    assert connection.execute("SELECT enabled FROM sources WHERE source_id = 'seeds'").fetchone() == (True,)


def test_candidates_keep_their_first_finding_and_their_fate(connection: DuckDBPyConnection) -> None:
    second = replace(CANDIDATE, url="https://think.example/b", priority=9.0)
    assert _found(connection, CANDIDATE, second) == 2
    done = watched.CandidateOutcome(CANDIDATE.url, "not_similar", NOW, "a job advert", 0.2)
    watched.store_outcomes(connection, [done])
    assert _found(connection, replace(CANDIDATE, title="Other")) == 0

    assert watched.open_candidates(connection) == (second,)
    assert _kept(connection, Candidate, "candidates") == (CANDIDATE, second)
    assert connection.execute("SELECT status, reason, relevance FROM candidates ORDER BY url").fetchall() == [
        ("not_similar", "a job advert", 0.2),
        ("new", None, None),
    ]


def test_same_outcome_again_leaves_the_time_of_the_decision(connection: DuckDBPyConnection) -> None:
    _found(connection, CANDIDATE)
    for days in (0, 1):
        watched.store_outcomes(
            connection,
            [watched.CandidateOutcome(CANDIDATE.url, "ingested", NOW + timedelta(days=days), None, 0.9, "a1")],
        )
    assert connection.execute("SELECT decided_at = ?::TIMESTAMPTZ FROM candidates", [NOW]).fetchone() == (True,)


def test_overruling_makes_a_candidate_new_again(connection: DuckDBPyConnection) -> None:
    _found(connection, CANDIDATE)
    watched.store_outcomes(connection, [watched.CandidateOutcome(CANDIDATE.url, "not_similar", NOW)])
    assert watched.overrule(connection, CANDIDATE.url, "accept")
    assert not watched.overrule(connection, "https://unknown.example", "accept")
    assert connection.execute("SELECT status, overruled FROM candidates").fetchall() == [("new", "accept")]


def test_fetches_keep_what_was_asked_and_answered(connection: DuckDBPyConnection, workspace: Workspace) -> None:
    request = FetchRequest(CANDIDATE.url, CANDIDATE.fetch_url, "think", "article", "reread", etag='"old"')
    answered = FetchResult(
        request, NOW, "https://think.example/final", (Redirect(301, "https://think.example/a", "/final"),), 200, "OK",
        (("content-type", "text/html"), ("x-served-by", "a: b")), b"hello", "ff", 321, 45, "html", "text/html", "utf-8",
        '"new"', "Mon", NOW, NOW, "192.0.2.1", True,
    )  # fmt: skip
    failed = FetchResult(request, NOW + timedelta(seconds=1), CANDIDATE.url, error_type="dns", error="no such host")
    for answer, raw_hash in ((answered, "ab" * 32), (failed, None), (answered, "ab" * 32)):  # the same once only
        _keep_fetch(connection, workspace, answer, raw_hash, Aftermath(None, None, None))

    kept = connection.execute(
        "SELECT status, bytes, wire_bytes, duration_ms, etag, redirects, headers, raw_hash, sent, error_type, reason "
        "FROM fetches ORDER BY fetched_at"
    ).fetchall()
    assert kept == [
        (200, 5, 321, 45, '"new"', ["301 https://think.example/a /final"],
         ["content-type: text/html", "x-served-by: a: b"], "ab" * 32, True, None, "reread"),
        (None, 0, 0, 0, None, [], [], None, False, "dns", "reread"),
    ]  # fmt: skip


def test_requests_for_robots_txt_are_among_all_others(connection: DuckDBPyConnection) -> None:
    place = "https://think.example/robots.txt"
    answer = FetchResult(
        FetchRequest(place, place, "think", "robots"), NOW, place, status=200, body=b"hello", sent=True
    )
    watched.store_robots(connection, [ROBOTS], [answer])
    watched.store_robots(connection, [], [answer])
    kept = connection.execute("SELECT source_id, url, purpose, status, bytes, raw_hash FROM fetches").fetchall()
    assert kept == [("think", place, "robots", 200, 5, None)]


def _keep_fetch(
    connection: DuckDBPyConnection, workspace: Workspace, result: FetchResult, raw_hash: str | None, after: Aftermath
) -> None:
    noted = watched.note_fetch(connection, journal_of(workspace), result, raw_hash, after)
    watched.store_fetches(connection, [noted])


def test_failures_are_forgotten_by_stage(connection: DuckDBPyConnection) -> None:
    watched.store_failures(connection, [FAILURE, replace(FAILURE, stage="read")])
    assert watched.clear_failures(connection, [FAILURE.url], "read") == 1
    assert watched.stored_failures(connection) == (FAILURE,)
    assert watched.clear_failures(connection, [FAILURE.url, "https://unknown.example"]) == 1
    assert watched.stored_failures(connection) == ()


def test_runs_are_recorded_and_killed_ones_marked(connection: DuckDBPyConnection) -> None:
    runs.start_run(connection, "r1", "ingest-commentary", NOW)
    runs.start_run(connection, "r2", "ingest-commentary", NOW + timedelta(hours=1), "prefect-id")
    counts = runs.RunCounts(found=1, fetched=2, unchanged=3, ingested=4, updated=5, not_similar=6, failed=7)
    runs.finish_run(connection, "r2", NOW + timedelta(hours=2), "completed", counts)

    later, earlier = runs.stored_runs(connection)
    assert (earlier.run_id, earlier.state, earlier.finished_at) == ("r1", "crashed", None)
    assert later == runs.RecordedRun(
        "r2", "prefect-id", "ingest-commentary", NOW + timedelta(hours=1), NOW + timedelta(hours=2), "completed",
        1, 2, 3, 4, 5, 6, 7, NOW + timedelta(hours=2),
    )  # fmt: skip
    with pytest.raises(KeyError):
        runs.finish_run(connection, "r3", NOW, "completed", counts)


def test_a_run_says_that_it_is_alive(connection: DuckDBPyConnection) -> None:
    runs.start_run(connection, "r1", "ingest-commentary", NOW)
    runs.keep_alive(connection, "r1", NOW + timedelta(minutes=5))
    runs.start_run(connection, "r2", "ingest-commentary", NOW + timedelta(hours=1))
    runs.keep_alive(connection, "r1", NOW + timedelta(hours=2))

    _, killed = runs.stored_runs(connection)
    assert (killed.state, killed.alive_at) == ("crashed", NOW + timedelta(minutes=5)), "and one that crashed is over"


def test_of_other_workers_only_silent_runs_without_a_lease_crashed(connection: DuckDBPyConnection) -> None:
    def start(worker: str, *alive: str, minutes: int = 0) -> None:
        fellows = runs.Fellows(worker, frozenset(alive))
        runs.start_run(
            connection, f"{worker}{minutes}", "ingest-commentary", NOW + timedelta(minutes=minutes), None, fellows
        )

    for worker in ("held", "talking", "silent", "own"):
        start(worker, "held", "talking", "silent", "own")
    runs.keep_alive(connection, "talking0", NOW + timedelta(minutes=15))
    start("own", "held", minutes=20)

    states = {run.run_id: run.state for run in runs.stored_runs(connection)}
    assert states == {
        "held0": "running", "talking0": "running", "silent0": "crashed", "own0": "crashed", "own20": "running",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "on"), [("2024-06-30T23:00:00Z", "2024-07-01"), ("2024-01-31T23:00:00Z", "2024-01-31")]
)
def test_the_day_that_a_feed_states_is_that_of_readers_in_britain(
    connection: DuckDBPyConnection, workspace: Workspace, stated: str, on: str
) -> None:
    _found(connection, replace(CANDIDATE, published_hint=datetime.fromisoformat(stated)))
    request = FetchRequest(CANDIDATE.url, CANDIDATE.fetch_url, "think", "article", "new")
    answer = FetchResult(request, NOW, CANDIDATE.fetch_url, status=200, body=b"hello", content_type="text/html")
    answer = replace(answer, headers=(("server", "x"), ("x-robots-tag", "noindex, nofollow")))
    page = Aftermath(PAGE, None, None)
    _keep_fetch(connection, workspace, answer, "ab" * 32, page)
    (unread,) = watched.unread_pages(connection)
    assert (str(unread.fed_on), unread.fed_title, unread.fed_authors) == (on, "A title", ("Ann Low", "Ben Okoro"))
    assert unread.robots_tag == "noindex, nofollow"
