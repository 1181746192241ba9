"""How far the backfill of each source has come: the lists of its archive that were read, and those that wait."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from duckdb import DuckDBPyConnection

from extractors.web.model import Candidate, EndpointKind, FetchResult
from warehouse.database import transaction
from warehouse.rows import add_missing_rows, select_as, upsert_rows
from warehouse.sql import statements
from warehouse.watched import fetch_row

SQL = statements(__file__)


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
