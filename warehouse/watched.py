"""What sources led to: candidates, requests and their answers, failures, copies of others, an operator's word."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from duckdb import DuckDBPyConnection

from extractors.web.model import (
    Candidate,
    Endpoint,
    EndpointKind,
    FailureState,
    FetchResult,
    KnownPage,
    RobotsRecord,
    SourceState,
)
from extractors.web.outcomes import Aftermath
from warehouse.articles import known_articles
from warehouse.database import transaction
from warehouse.raw_store import Journal, Material, stored_materials
from warehouse.rows import (
    add_missing_rows,
    changed_rows,
    select_as,
    select_rows,
    staged,
    staged_values,
    upsert_rows,
)
from warehouse.sql import statements
from warehouse.who_says_what import SAID_TABLES
from warehouse.who_says_what import SQL as WHO_SAYS_WHAT_SQL

SQL = statements(__file__)


def store_failures(connection: DuckDBPyConnection, failures: Iterable[FailureState]) -> None:
    """Record failures; those of the same url and stage are replaced."""
    with transaction(connection):
        upsert_rows(connection, "failures", [asdict(failure) for failure in failures])


def stored_failures(connection: DuckDBPyConnection) -> tuple[FailureState, ...]:
    """All failures that have not been followed by a success, latest first."""
    return select_as(connection, FailureState, SQL("failures"))


@dataclass(frozen=True, slots=True)
class ToldFailure:
    """A failure with its true next try, None for never; `resting` where its source is switched off or left the file."""

    url: str
    stage: str
    error_type: str
    message: str
    attempts: int
    first_at: datetime
    last_at: datetime
    next_try_at: datetime | None
    resting: bool


def told_failures(connection: DuckDBPyConnection) -> tuple[ToldFailure, ...]:
    """All failures as a person is told of them, latest first."""
    return select_as(connection, ToldFailure, SQL("failures_told"))


def clear_failures(connection: DuckDBPyConnection, urls: Iterable[str], stage: str | None = None) -> int:
    """Forget the failures of addresses that succeeded, at one stage or all; returns how many there were."""
    with transaction(connection), staged_values(connection, urls):
        return changed_rows(connection, SQL("clear_failures"), [stage, stage])


CandidateStatus = Literal["new", "ingested", "not_similar", "duplicate", "disallowed", "failed", "gone"]
Overruling = Literal["accept", "reject"]


@dataclass(frozen=True, slots=True)
class CandidateOutcome:
    """What became of a candidate and why; `article_id` is the article that it became or repeats."""

    url: str
    status: CandidateStatus
    decided_at: datetime
    reason: str | None = None
    relevance: float | None = None
    article_id: str | None = None


def known_candidate_urls(connection: DuckDBPyConnection) -> frozenset[str]:
    """The addresses of all candidates ever found."""
    return frozenset(str(row[0]) for row in connection.execute(SQL("candidate_urls")).fetchall())


def store_outcomes(connection: DuckDBPyConnection, outcomes: Iterable[CandidateOutcome]) -> None:
    """Record what became of candidates. Same outcomes again leave the rows, `decided_at` too, as they are.

    Of several outcomes of one address the last counts.
    """
    rows = list({outcome.url: asdict(outcome) for outcome in outcomes}.values())
    if rows:
        with transaction(connection), staged(connection, "candidates", rows) as name:
            connection.execute(SQL("store_outcomes", staged=name))


def settle_candidates(connection: DuckDBPyConnection, urls: Iterable[str], now: datetime) -> None:
    """Have addresses of articles that are loaded not be asked for themselves any more, and their failures forgotten."""
    addresses = list(dict.fromkeys(urls))
    with transaction(connection), staged_values(connection, addresses):
        connection.execute(SQL("settle_candidates"), {"now": now})
        connection.execute(SQL("clear_failures"), [None, None])


def overrule(connection: DuckDBPyConnection, url: str, ruling: Overruling) -> bool:
    """Record an operator's word on a candidate; it becomes "new" again, to be taken up by the next run.

    Returns whether the candidate is known.
    """
    with transaction(connection):
        return changed_rows(connection, SQL("overrule_candidate"), [ruling, url]) > 0


def fetch_id(url: str, fetched_at: datetime) -> str:
    """The identifier of a request: 16 hexadecimal digits of the hash of what was asked, and when it was answered."""
    return hashlib.sha256(f"{fetched_at.isoformat()} {url}".encode()).hexdigest()[:16]


def fetch_row(result: FetchResult, raw_hash: str | None) -> dict[str, object]:
    """A request and its answer as a row of `fetches`."""
    request = result.request
    return {
        "fetch_id": fetch_id(request.fetch_url, result.fetched_at),
        "url": request.url,
        "fetch_url": request.fetch_url,
        "final_url": result.final_url,
        "source_id": request.source_id,
        "purpose": request.purpose,
        "reason": request.reason,
        "fetched_at": result.fetched_at,
        "bytes": len(result.body),
        "raw_hash": raw_hash,
        "error": result.error,
        "error_type": result.error_type,
        "redirects": [f"{step.status} {step.url} {step.location}" for step in result.redirects],
        **_answer(result),
    }


def _answer(result: FetchResult) -> dict[str, object]:
    return {
        "status": result.status,
        "reason_phrase": result.reason_phrase,
        "headers": [f"{name}: {value}" for name, value in result.headers],
        "wire_bytes": result.wire_bytes,
        "duration_ms": result.duration_ms,
        "media": result.media,
        "content_type": result.content_type,
        "encoding": result.encoding,
        "etag": result.etag,
        "last_modified": result.last_modified,
        "retry_after": result.retry_after,
        "fresh_until": result.fresh_until,
        "address": result.address,
        "sent": result.sent,
    }


@dataclass(frozen=True, slots=True)
class KeptFetch:
    """A fetch of a page as it is kept: its row of `fetches`, and what follows from it for the page."""

    url: str
    fetch: dict[str, object]
    fate: dict[str, object]
    after: Aftermath


def note_fetch(
    connection: DuckDBPyConnection, journal: Journal, result: FetchResult, raw_hash: str | None, after: Aftermath
) -> KeptFetch:
    """Note a fetch of a page in the journal, to be stored by `store_fetches`.

    `raw_hash` names the body in the raw store, where it was put before; None where no new body came. What is known
    of a page that was received once is noted in the journal first: whatever becomes of the database, it is not asked
    for again.
    """
    url = result.request.url
    fetch = fetch_row(result, raw_hash)
    fate: dict[str, object] = {
        "status": after.status,
        "reason": result.error,
        "decided_at": result.fetched_at,
        "url": url,
    }
    if result.sent and after.page is not None:
        journal.append_rows(
            {
                "fetches": [fetch],
                "pages": [asdict(after.page)],
                "candidates": select_rows(connection, SQL("candidate"), [url]),
                "fates": [fate],
            }
        )
    return KeptFetch(url, fetch, fate, after)


def store_fetches(connection: DuckDBPyConnection, kept: Sequence[KeptFetch]) -> None:
    """Store fetches of pages, one of a page at most, with all that follows from them, or nothing of them."""
    with transaction(connection):
        add_missing_rows(connection, "fetches", [one.fetch for one in kept])
        upsert_rows(connection, "pages", [asdict(one.after.page) for one in kept if one.after.page is not None])
        upsert_rows(
            connection, "failures", [asdict(one.after.failure) for one in kept if one.after.failure is not None]
        )
        if settled := [one.url for one in kept if one.after.failure is None]:
            with staged_values(connection, settled):
                connection.execute(SQL("clear_failures"), ["fetch", "fetch"])
        for one in kept:
            if one.after.status is not None:
                connection.execute(SQL("set_candidate_status"), one.fate)


def stored_fetch_ids(connection: DuckDBPyConnection) -> frozenset[str]:
    """The identifiers of all requests that were ever answered."""
    return frozenset(str(row[0]) for row in connection.execute(SQL("fetch_ids")).fetchall())


def keep_archived(
    connection: DuckDBPyConnection,
    journal: Journal,
    captured: Sequence[tuple[FetchResult, str]],
    *,
    found_on: str,
    now: datetime,
) -> None:
    """Keep pages of an archive, each with the raw_hash of its bytes, as if they had been fetched when captured.

    They are noted in the journal first. Nobody asks their sites for them again. `found_on` names the archive.
    """
    fetches, pages, found = [], [], []
    for result, raw_hash in captured:
        request, at = result.request, result.fetched_at
        fetches.append(fetch_row(result, raw_hash))
        page = KnownPage(
            request.url, request.fetch_url, request.source_id, None, None, result.body_hash, at, at, at, 0, None, None
        )
        pages.append(asdict(page))
        known_by = Candidate(
            request.url, request.fetch_url, request.source_id, None, now, "listing", found_on, None, None, 0.0
        )
        found.append({**asdict(known_by), "found_by": "archive", "status": "new"})
    if not fetches:
        return
    journal.append_rows({"fetches": fetches, "pages": pages, "candidates": found})
    with transaction(connection):
        add_missing_rows(connection, "fetches", fetches)
        add_missing_rows(connection, "candidates", found)
        add_missing_rows(connection, "pages", pages)


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """An answer of a source with the candidates and endpoints that it brought; its state, with the last answer."""

    result: FetchResult
    candidates: tuple[Candidate, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    state: SourceState | None = None


def store_found(connection: DuckDBPyConnection, found: Sequence[SourceAnswer]) -> int:
    """Store answers of sources with all that they brought, or nothing of it; returns how many candidates are new."""
    announced = [{**asdict(candidate), "status": "new"} for one in found for candidate in one.candidates]
    with transaction(connection):
        add_missing_rows(connection, "fetches", [fetch_row(one.result, None) for one in found])
        new = add_missing_rows(connection, "candidates", announced)
        upsert_rows(connection, "endpoints", [asdict(endpoint) for one in found for endpoint in one.endpoints])
        for one in found:
            if one.state is not None:
                connection.execute(SQL("store_source_state"), asdict(one.state))
    return new


def store_robots(
    connection: DuckDBPyConnection, records: Iterable[RobotsRecord], answers: Iterable[FetchResult] = ()
) -> None:
    """Keep robots.txt files, replacing older copies, and the requests for them among all others."""
    with transaction(connection):
        add_missing_rows(connection, "fetches", [fetch_row(answer, None) for answer in answers])
        upsert_rows(connection, "robots", [asdict(record) for record in records])


def unread_pages(connection: DuckDBPyConnection) -> tuple[Material, ...]:
    """Pages that were fetched and not read since, in the order fetched."""
    return stored_materials(connection, "unread_pages")


def store_readings(connection: DuckDBPyConnection, read: Iterable[tuple[str, str]], now: datetime) -> None:
    """Record which bytes of which pages were read: pairs of url and raw_hash."""
    rows = [{"url": url, "raw_hash": raw_hash, "read_at": now} for url, raw_hash in read]
    with transaction(connection):
        upsert_rows(connection, "readings", rows)


def forget_reading(connection: DuckDBPyConnection, url: str) -> None:
    """Have a page's stored bytes read again by the next run."""
    connection.execute(SQL("forget_reading"), [url])


def open_candidates(connection: DuckDBPyConnection) -> tuple[Candidate, ...]:
    """Candidates that are still to be fetched, most urgent first."""
    return select_as(connection, Candidate, SQL("open_candidates"))


def pages_worth_rereading(connection: DuckDBPyConnection) -> tuple[KnownPage, ...]:
    """Pages that are read again for edits, when they are due."""
    return select_as(connection, KnownPage, SQL("pages_worth_rereading"))


OPERATOR = "operator"
# Everything that hangs on an article; what was fetched stays in the raw store and in `fetches`.
ARTICLE_TABLES = (
    "articles", "article_versions", "article_addresses", "article_signatures", "article_keys", "paragraphs",
    "figures", "theme_mentions", "version_changes", "emerging_terms", *SAID_TABLES,
)  # fmt: skip

Accepted = Literal["stored", "to_fetch", "loaded"]


def stored_pages(connection: DuckDBPyConnection, urls: Iterable[str]) -> frozenset[str]:
    """Those of these addresses whose pages were fetched before."""
    with staged_values(connection, urls):
        return frozenset(str(row[0]) for row in connection.execute(SQL("stored_pages")).fetchall())


def accept(
    connection: DuckDBPyConnection, url: str, fetch_url: str, now: datetime, source_id: str = OPERATOR
) -> Accepted:
    """Have the page at an address loaded whatever the judgement says.

    Args:
        connection: to the pipeline's database.
        url: its identity (`extractors.web.address.canonical`).
        fetch_url: the address to ask for.
        now: the time.
        source_id: the set that it belongs to, if no source led to it.

    Returns:
        "loaded" where it is an article already; "stored" where its bytes are kept and the next run reads them again;
        "to_fetch" where the next run fetches it.
    """
    if known_articles(connection, [url]):
        return "loaded"
    if overrule(connection, url, "accept"):
        return "stored" if changed_rows(connection, SQL("forget_reading"), [url]) else "to_fetch"
    candidate = Candidate(url, fetch_url, source_id, None, now, "listing", OPERATOR, None, None, 1.0)
    row = {**asdict(candidate), "found_by": OPERATOR, "status": "new", "overruled": "accept"}
    with transaction(connection):
        add_missing_rows(connection, "candidates", [row])
    return "to_fetch"


def reject(connection: DuckDBPyConnection, url: str, now: datetime) -> str | None:
    """Keep the page at an address out, and withdraw the article that it became; the article_id, if there was one.

    Returns None where there was no article. `accept` takes the rejection back.

    Raises:
        KeyError: the address is neither a candidate nor an article.
    """
    article_id = known_articles(connection, [url]).get(url)
    urls = [url]
    with transaction(connection):
        if article_id is not None:
            urls += [str(row[0]) for row in connection.execute(SQL("candidates_of_article"), [article_id]).fetchall()]
            for table in ARTICLE_TABLES:
                connection.execute(SQL("withdraw_article", table=table), [article_id])
            connection.execute(WHO_SAYS_WHAT_SQL("forget_unnamed_actors"))
            connection.execute(SQL("release_duplicates"), [article_id])
        known = sum(
            changed_rows(connection, SQL("reject_candidate"), {"url": one, "now": now}) for one in dict.fromkeys(urls)
        )
    if article_id is None and not known:
        raise KeyError(url)
    return article_id


@dataclass(frozen=True, slots=True)
class LinkingPage:
    """The page of an article, as it was last received."""

    article_id: str
    url: str
    publisher: str | None
    raw_hash: str
    content_type: str


def linking_pages(connection: DuckDBPyConnection, most: int) -> tuple[LinkingPage, ...]:
    """The web pages of the newest articles, without copies of others: so many at most."""
    return select_as(connection, LinkingPage, SQL("linking_pages"), [most])


def article_urls(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """The addresses of all articles."""
    return tuple(str(row[0]) for row in connection.execute(SQL("article_urls")).fetchall())


@dataclass(frozen=True, slots=True)
class SyndicatedCopy:
    """An article and the address on another site that its own page says it comes from."""

    article_id: str
    url: str
    syndicated_from: str


def syndicated_copies(connection: DuckDBPyConnection, addresses: Iterable[str]) -> tuple[SyndicatedCopy, ...]:
    """The articles that say they come from one of these addresses."""
    with staged_values(connection, addresses):
        return select_as(connection, SyndicatedCopy, SQL("syndicated_copies"))


def name_original(connection: DuckDBPyConnection, copies: Iterable[str], original: str) -> None:
    """Mark articles, and what was marked as copies of them, as copies of another one that is loaded."""
    with transaction(connection), staged_values(connection, copies):
        connection.execute(SQL("name_original"), {"original": original})


@dataclass(frozen=True, slots=True)
class Backfill:
    """The last backfill of a source: the days that it was for, and when all lists had been read, if they have."""

    source_id: str
    since: date | None
    until: date | None
    started_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """A list of an archive. `turn` tells when it is its turn: later ones only where earlier ones gave nothing."""

    source_id: str
    url: str
    kind: EndpointKind
    turn: int
    read_at: datetime | None = None
    entries: int | None = None
    error: str | None = None


def stored_backfill(connection: DuckDBPyConnection, source_id: str) -> Backfill | None:
    """The last backfill of a source."""
    found = select_as(connection, Backfill, SQL("backfill"), [source_id])
    return found[0] if found else None


def begin_backfill(connection: DuckDBPyConnection, backfill: Backfill, pages: Iterable[ArchivePage]) -> None:
    """Begin one anew at these lists; what was known of an earlier one is forgotten, but not what it found."""
    with transaction(connection):
        connection.execute(SQL("forget_pages"), [backfill.source_id])
        upsert_rows(connection, "backfills", [asdict(backfill)])
        add_missing_rows(connection, "archive_pages", [asdict(page) for page in pages])


def end_backfill(connection: DuckDBPyConnection, source_id: str, now: datetime) -> None:
    """Note that all lists of an archive have been read."""
    connection.execute(SQL("end_backfill"), [now, source_id])


def stored_archive_pages(connection: DuckDBPyConnection, source_id: str) -> tuple[ArchivePage, ...]:
    """The lists of a source's archive, in the order in which they are read."""
    return select_as(connection, ArchivePage, SQL("archive_pages"), [source_id])


def keep_archive_page(
    connection: DuckDBPyConnection,
    result: FetchResult,
    page: ArchivePage,
    *,
    candidates: Iterable[Candidate],
    further: Iterable[ArchivePage],
) -> int:
    """Keep what a list brought, or nothing of it; returns how many of its addresses were not known."""
    announced = [{**asdict(candidate), "status": "new"} for candidate in candidates]
    with transaction(connection):
        add_missing_rows(connection, "fetches", [fetch_row(result, None)])
        new = add_missing_rows(connection, "candidates", announced)
        upsert_rows(connection, "archive_pages", [asdict(page)])
        add_missing_rows(connection, "archive_pages", [asdict(one) for one in further])
    return new
