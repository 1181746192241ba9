"""The sources that are watched, as configured, and how each fared."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from extractors.web.model import Endpoint, RobotsRecord, Source, SourceState
from warehouse.rows import select_as, staged_values, upsert_rows
from warehouse.sql import statement
from warehouse.transaction import transaction

SEEDS_SOURCE = "seeds"


def save_seed_source(connection: DuckDBPyConnection, name: str = "Seed articles") -> None:
    """Name the folder of seed articles as a source, so that its articles have one."""
    row = {"source_id": SEEDS_SOURCE, "name": name, "homepage": None, "kind": "seeds", "enabled": True}
    if connection.execute(statement("source_kind"), [SEEDS_SOURCE]).fetchone() != ("seeds", name, True):
        upsert_rows(connection, "sources", [row])


def save_sources(connection: DuckDBPyConnection, sources: Iterable[Source]) -> None:
    """Record the sources as configured now. One that left the file stays, switched off, with its articles."""
    rows: list[dict[str, Any]] = [asdict(source) for source in sources]
    with transaction(connection), staged_values(connection, [row["source_id"] for row in rows]):
        connection.execute(statement("switch_off_sources"))
        upsert_rows(connection, "sources", rows)


def load_sources(connection: DuckDBPyConnection) -> tuple[Source, ...]:
    """The watched sources as last configured, those switched off too, in order of source_id."""
    return select_as(connection, Source, statement("sources"))


def load_source_states(connection: DuckDBPyConnection) -> tuple[SourceState, ...]:
    """How each source fared that was ever checked."""
    return select_as(connection, SourceState, statement("source_states"))


@dataclass(frozen=True, slots=True)
class SourceSilence:
    """When a watched source last answered well, and when it last brought an address that was new."""

    source_id: str
    status: str
    detail: str | None
    last_ok_at: datetime | None
    last_news_at: datetime | None


def load_silences(connection: DuckDBPyConnection) -> tuple[SourceSilence, ...]:
    """How long each source that is switched on and was ever asked has been silent."""
    return select_as(connection, SourceSilence, statement("source_silence"))


def load_endpoints(connection: DuckDBPyConnection) -> tuple[Endpoint, ...]:
    """All endpoints, the retired too, in order of source and address."""
    return select_as(connection, Endpoint, statement("endpoints"))


def save_robots(connection: DuckDBPyConnection, records: Iterable[RobotsRecord]) -> None:
    """Keep robots.txt files, replacing older copies."""
    with transaction(connection):
        upsert_rows(connection, "robots", [asdict(record) for record in records])


def load_robots(connection: DuckDBPyConnection) -> tuple[RobotsRecord, ...]:
    """All robots.txt files kept."""
    return select_as(connection, RobotsRecord, statement("robots"))
