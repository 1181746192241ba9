"""The sources that are watched, as configured, and how each fared."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from duckdb import DuckDBPyConnection

from extractors.web.address import origin
from extractors.web.model import Endpoint, RobotsRecord, Source, SourceState
from warehouse.database import transaction
from warehouse.rows import changed_rows, select_as, staged_values, upsert_rows
from warehouse.sql import statements

SQL = statements(__file__)

SEEDS_SOURCE = "seeds"


def store_seed_source(connection: DuckDBPyConnection, name: str = "Seed articles") -> None:
    """Name the folder of seed articles as a source, so that its articles have one."""
    row = {"source_id": SEEDS_SOURCE, "name": name, "homepage": None, "kind": "seeds", "enabled": True}
    if connection.execute(SQL("source_kind"), [SEEDS_SOURCE]).fetchone() != ("seeds", name, True):
        upsert_rows(connection, "sources", [row])


@dataclass(frozen=True, slots=True)
class SourceSet:
    """What an operator added by hand under one name: files, archives, single addresses."""

    source_id: str
    name: str
    sector: str | None


def store_set(connection: DuckDBPyConnection, added: SourceSet) -> bool:
    """Name a set as a source, so that its articles have one; without a sector it keeps the one that it has.

    Returns whether anything changed.
    """
    known = connection.execute(SQL("source_set"), [added.source_id]).fetchone()
    sector = added.sector or (known[1] if known else None)
    if known == (added.name, sector):
        return False
    row = {**asdict(added), "homepage": None, "kind": "set", "enabled": True, "sector": sector}
    upsert_rows(connection, "sources", [row])
    return True


def stored_sets(connection: DuckDBPyConnection) -> tuple[SourceSet, ...]:
    """The sets that things were added to by hand."""
    return select_as(connection, SourceSet, SQL("source_sets"))


def source_kinds(connection: DuckDBPyConnection) -> dict[str, str]:
    """The kind of every source that was ever known, by source_id; "set" for what was added by hand."""
    return {str(name): str(kind) for name, kind in connection.execute(SQL("source_kinds")).fetchall()}


def store_sources(connection: DuckDBPyConnection, sources: Iterable[Source]) -> None:
    """Record the sources as configured now. One that left the file stays, switched off, with its articles."""
    rows: list[dict[str, Any]] = [asdict(source) for source in sources]
    for row in rows:
        del row["api"]  # only asking needs it, and who asks has the file
    with transaction(connection), staged_values(connection, [row["source_id"] for row in rows]):
        connection.execute(SQL("switch_off_sources"))
        upsert_rows(connection, "sources", rows)


def stored_sources(connection: DuckDBPyConnection) -> tuple[Source, ...]:
    """The watched sources as last configured, those switched off too, in order of source_id."""
    return select_as(connection, Source, SQL("sources"))


def stored_source_states(connection: DuckDBPyConnection) -> tuple[SourceState, ...]:
    """How each source fared that was ever checked."""
    return select_as(connection, SourceState, SQL("source_states"))


@dataclass(frozen=True, slots=True)
class SourceSilence:
    """When a watched source last answered well, and when it last brought an address that was new.

    One that never did (`ever_worked`) has the time that it was first asked in `last_ok_at`. `quiet_days` are its own,
    if the sources' file has any; `trouble` is what was told of it last.
    """

    source_id: str
    status: str
    detail: str | None
    ever_worked: bool
    last_ok_at: datetime | None
    last_news_at: datetime | None
    quiet_days: int | None
    trouble: str | None


def stored_silences(connection: DuckDBPyConnection) -> tuple[SourceSilence, ...]:
    """How long each source that is switched on and was ever asked has been silent."""
    return select_as(connection, SourceSilence, SQL("source_silence"))


def store_troubles(connection: DuckDBPyConnection, troubles: Mapping[str, str | None]) -> None:
    """Record what was told of sources, by source_id; None for one that works again."""
    with transaction(connection):
        for source_id, trouble in troubles.items():
            connection.execute(SQL("store_trouble"), {"source_id": source_id, "trouble": trouble})


@dataclass(frozen=True, slots=True)
class SourceYield:
    """What a source led to: articles, and addresses by what became of them."""

    source_id: str
    articles: int = 0
    candidates: int = 0
    waiting: int = 0
    not_similar: int = 0
    failed: int = 0


def stored_yields(connection: DuckDBPyConnection) -> tuple[SourceYield, ...]:
    """What each source led to."""
    return select_as(connection, SourceYield, SQL("yields"))


@dataclass(frozen=True, slots=True)
class RestingSource:
    """A source that is switched off or left the file, with what is not asked for meanwhile: numbers of addresses that
    were never fetched and of pages that would be read again."""

    source_id: str
    name: str
    sector: str | None
    candidates: int
    pages: int


def stored_resting(connection: DuckDBPyConnection) -> tuple[RestingSource, ...]:
    """The sources that rest."""
    return select_as(connection, RestingSource, SQL("resting"))


def purge_source(connection: DuckDBPyConnection, source_id: str) -> dict[str, int]:
    """Forget what rests of a source: addresses that became no article, endpoints, re-readings, failures, robots.txt.

    Its articles stay, and so does the record of what was fetched. Returns how many rows of each were forgotten.
    """
    rows = connection.execute(SQL("purged_candidates"), {"source_id": source_id}).fetchall()
    urls = [str(url) for url, _, forgotten in rows if forgotten]
    with transaction(connection):
        done: dict[str, int] = {}
        for table in ("candidates", "failures", "pages", "readings"):
            with staged_values(connection, urls):
                done[table] = changed_rows(connection, SQL("purge_rows", table=table))
        for name in ("endpoints", "rereadings"):
            done[name] = changed_rows(connection, SQL(f"purge_{name}"), [source_id])
        asked = {origin(str(url)) for (url,) in connection.execute(SQL("asked_addresses")).fetchall()}
        left = {origin(str(url)) for _, url, _ in rows if url} - asked
        with staged_values(connection, left):
            done["robots"] = changed_rows(connection, SQL("purge_robots"))
    return done


def stored_endpoints(connection: DuckDBPyConnection) -> tuple[Endpoint, ...]:
    """All endpoints, the retired too, in order of source and address."""
    return select_as(connection, Endpoint, SQL("endpoints"))


def stored_robots(connection: DuckDBPyConnection) -> tuple[RobotsRecord, ...]:
    """All robots.txt files kept."""
    return select_as(connection, RobotsRecord, SQL("robots"))
