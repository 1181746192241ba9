"""Publishing: readers get a new snapshot as one file, at once and whole, and only when something changed."""

import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.connection import DEFAULT_MEMORY_LIMIT, open_snapshot, open_warehouse
from warehouse.errors import WarehouseError
from warehouse.fingerprint import TableState, fingerprint
from warehouse.migrate import current_schema
from warehouse.raw_store import sync_folder
from warehouse.rows import insert_rows, select_as
from warehouse.search import refresh_search
from warehouse.sql import statement
from warehouse.transaction import explained_database_errors, transaction
from warehouse.views import views_hash
from warehouse.workspace import Workspace, explained_disk_errors


@dataclass(frozen=True, slots=True)
class Publication:
    """The snapshot that is published now; `changed` tells whether it was replaced by this call."""

    path: Path
    content_version: int
    changed: bool


@dataclass(frozen=True, slots=True)
class _Published:
    content_version: int
    tables: tuple[TableState, ...]
    layout: tuple[int, str]


def publish(workspace: Workspace, now: datetime | None = None, memory_limit: str = DEFAULT_MEMORY_LIMIT) -> Publication:
    """Publish what the pipeline's database holds, unless that is what is published already.

    The caller holds the lock and has closed its connection: the database is opened, the search index and the check
    rows are brought up to date, it is checkpointed and closed, and then copied beside the snapshot and renamed over it.
    Readers that have the old snapshot open keep it. The records of runs alone do not make a new snapshot.

    Raises:
        DiskFullError: no room for the copy; the snapshot published before is untouched.
        WarehouseError: it cannot be written, or the database is damaged or of a newer release.
    """
    _remove_leftovers(workspace)
    before = _published(workspace)
    with open_warehouse(workspace, memory_limit=memory_limit) as connection, explained_database_errors():
        indexed = refresh_search(connection)
        tables = fingerprint(connection)
        layout = (current_schema(), views_hash())
        if before is not None and not indexed and (before.tables, before.layout) == (tables, layout):
            return Publication(workspace.published, before.content_version, changed=False)
        version = _sign(connection, tables, now or datetime.now(UTC), before)
        connection.execute("CHECKPOINT")
    _copy(workspace)
    return Publication(workspace.published, version, changed=True)


def _published(workspace: Workspace) -> _Published | None:
    """What is published; None if nothing is or it cannot be read: then it is simply replaced."""
    try:
        with open_snapshot(workspace) as connection:
            version = connection.execute(statement("read_snapshot")).fetchone()
            tables = select_as(connection, TableState, statement("read_snapshot_tables"))
            schema = connection.execute(statement("schema_version")).fetchone()
            views = connection.execute(statement("views_hash")).fetchone()
    except (WarehouseError, duckdb.Error):
        return None
    if not (version and schema and views):
        return None
    return _Published(int(version[0]), tables, (int(schema[0]), str(views[0])))


def _sign(
    connection: DuckDBPyConnection, tables: tuple[TableState, ...], now: datetime, before: _Published | None
) -> int:
    """Write the check rows; the version is above that of every snapshot published or prepared before."""
    prepared = connection.execute(statement("read_snapshot")).fetchone()
    version = 1 + max(int(prepared[0]) if prepared else 0, before.content_version if before else 0)
    with transaction(connection):
        connection.execute(statement("delete_all", table="snapshot"))
        connection.execute(statement("write_snapshot"), [version, now, current_schema()])
        connection.execute(statement("delete_all", table="snapshot_tables"))
        insert_rows(connection, "snapshot_tables", [asdict(table) for table in tables])
    return version


def _copy(workspace: Workspace) -> None:
    source = workspace.database
    log = source.with_name(source.name + ".wal")
    if log.exists() and log.stat().st_size:
        raise WarehouseError(
            f"{source}: could not be checkpointed; end other programs that have it open, then run again"
        )
    temporary = workspace.home / f".{workspace.published.name}.{secrets.token_hex(4)}.tmp"
    with explained_disk_errors(workspace.home):
        try:
            with source.open("rb") as reading, temporary.open("xb") as writing:
                shutil.copyfileobj(reading, writing, 1 << 20)
                writing.flush()
                os.fsync(writing.fileno())
            temporary.replace(workspace.published)
            sync_folder(workspace.home)
        finally:
            temporary.unlink(missing_ok=True)


def _remove_leftovers(workspace: Workspace) -> None:
    """Copies of runs that were killed; nobody else's, since we hold the lock."""
    for path in workspace.home.glob(f".{workspace.published.name}.*.tmp"):
        path.unlink(missing_ok=True)
