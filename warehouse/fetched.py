"""What an answer from the web leaves behind, kept in one transaction; and the pages that are still to be read."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from duckdb import DuckDBPyConnection

from extractors.web.model import Candidate, Endpoint, FetchResult, KnownPage, SourceState
from extractors.web.remember import Aftermath
from warehouse.fetches import fetch_row
from warehouse.journal import Journal
from warehouse.material import Material, stored_materials
from warehouse.rows import add_missing_rows, select_as, select_rows, staged_values, upsert_rows
from warehouse.sql import statement
from warehouse.transaction import transaction


def keep_fetch(
    connection: DuckDBPyConnection, journal: Journal, result: FetchResult, raw_hash: str | None, after: Aftermath
) -> None:
    """Keep a fetch of a page with all that follows from it, or nothing of it.

    `raw_hash` names the body in the raw store, where it was put before; None where no new body came. What is known
    of a page that was received once is noted in the journal first: whatever becomes of the database, it is not asked
    for again.
    """
    url = result.request.url
    fetch = fetch_row(result, raw_hash)
    fate = {"status": after.status, "reason": result.error, "decided_at": result.fetched_at, "url": url}
    if result.sent and after.page is not None:
        journal.append_rows(
            {
                "fetches": [fetch],
                "pages": [asdict(after.page)],
                "candidates": select_rows(connection, statement("candidate"), [url]),
                "fates": [fate],
            }
        )
    with transaction(connection):
        add_missing_rows(connection, "fetches", [fetch])
        if after.page is not None:
            upsert_rows(connection, "pages", [asdict(after.page)])
        if after.failure is not None:
            upsert_rows(connection, "failures", [asdict(after.failure)])
        else:
            with staged_values(connection, [url]):
                connection.execute(statement("clear_failures"), ["fetch", "fetch"])
        if after.status is not None:
            connection.execute(statement("set_candidate_status"), fate)


def keep_found(
    connection: DuckDBPyConnection,
    result: FetchResult,
    candidates: Iterable[Candidate],
    endpoints: Iterable[Endpoint],
    state: SourceState | None,
) -> int:
    """Keep an answer of a source with all that it brought, or nothing of it; returns how many candidates are new."""
    announced = [{**asdict(candidate), "status": "new"} for candidate in candidates]
    with transaction(connection):
        add_missing_rows(connection, "fetches", [fetch_row(result, None)])
        new = add_missing_rows(connection, "candidates", announced)
        upsert_rows(connection, "endpoints", [asdict(endpoint) for endpoint in endpoints])
        if state is not None:
            connection.execute(statement("save_source_state"), asdict(state))
    return new


def unread_pages(connection: DuckDBPyConnection) -> tuple[Material, ...]:
    """Pages that were fetched and not read since, in the order fetched."""
    return stored_materials(connection, "unread_pages")


def save_readings(connection: DuckDBPyConnection, read: Iterable[tuple[str, str]], now: datetime) -> None:
    """Record which bytes of which pages were read: pairs of url and raw_hash."""
    rows = [{"url": url, "raw_hash": raw_hash, "read_at": now} for url, raw_hash in read]
    with transaction(connection):
        upsert_rows(connection, "readings", rows)


def forget_reading(connection: DuckDBPyConnection, url: str) -> None:
    """Have a page's stored bytes read again by the next run."""
    connection.execute(statement("forget_reading"), [url])


def open_candidates(connection: DuckDBPyConnection) -> tuple[Candidate, ...]:
    """Candidates that are still to be fetched, most urgent first."""
    return select_as(connection, Candidate, statement("open_candidates"))


def pages_worth_rereading(connection: DuckDBPyConnection) -> tuple[KnownPage, ...]:
    """Pages that are read again for edits, when they are due."""
    return select_as(connection, KnownPage, statement("pages_worth_rereading"))
