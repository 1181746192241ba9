"""Publishing: readers get a new snapshot as one file, at once and whole, and only when something changed."""

import os
import secrets
import shutil
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.connection import DEFAULT_MEMORY_LIMIT, open_copy, open_warehouse
from warehouse.errors import WarehouseError
from warehouse.fingerprint import TableState, fingerprint
from warehouse.journal import journal_of
from warehouse.lineage import Snapshot, published_snapshot, refuse_foreign
from warehouse.migrate import current_schema
from warehouse.quarantine import quarantine
from warehouse.raw_store import sync_folder
from warehouse.rows import insert_rows
from warehouse.search import refresh_search
from warehouse.sql import statement
from warehouse.transaction import explained_database_errors, transaction
from warehouse.views import views_hash
from warehouse.workspace import Workspace, clear_leftovers, explained_disk_errors

# Of the published file: analysts attach it, and keep tables of their own elsewhere (docs/cookbook.md).
READ_ONLY = 0o444


@dataclass(frozen=True, slots=True)
class Publication:
    """The snapshot that is published now; `changed` tells whether it was replaced by this call."""

    path: Path
    content_version: int
    changed: bool


def publish(
    workspace: Workspace,
    now: datetime | None = None,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    *,
    quarantined: Collection[str] = (),
) -> Publication:
    """Publish what the pipeline's database holds, unless that is what is published already.

    The caller holds the lock and has closed its connection: the database is opened, the search index and the check
    rows are brought up to date, it is checkpointed and closed, and then copied beside the snapshot and renamed over it.
    Readers that have the old snapshot open keep it. The records of runs alone do not make a new snapshot.

    Of articles that are `quarantined`, since their rows break a check, the rows published last are published again.
    The file is read-only, so that no client takes it for a place to write to.

    Raises:
        DiskFullError: no room for the copy; the snapshot published before is untouched.
        ForeignSnapshotError: the snapshot that is there came from another database; it is untouched.
        NewerSchemaError: a newer release published it; it is untouched.
        WarehouseError: it cannot be written, or the database is damaged or of a newer release.
    """
    clear_leftovers(workspace)
    before = published_snapshot(workspace)
    with open_warehouse(workspace, memory_limit=memory_limit) as connection, explained_database_errors():
        refuse_foreign(connection, workspace, before)
        indexed = refresh_search(connection)
        tables = fingerprint(connection)
        layout = (current_schema(), views_hash())
        if (
            before is not None
            and not indexed
            and not quarantined
            and (before.tables, before.layout) == (tables, layout)
        ):
            return Publication(workspace.published, before.content_version, changed=False)
        version = _sign(connection, tables, now or datetime.now(UTC), before, journal_of(workspace).mark())
        connection.execute("CHECKPOINT")

    def hold_back(copy: Path) -> None:
        with open_copy(copy, memory_limit) as connection, explained_database_errors():
            quarantine(connection, quarantined, workspace.published, before)
            refresh_search(connection)
            _write_tables(connection, fingerprint(connection))
            connection.execute("CHECKPOINT")

    _copy(workspace, hold_back if quarantined else None)
    return Publication(workspace.published, version, changed=True)


def _sign(
    connection: DuckDBPyConnection,
    tables: tuple[TableState, ...],
    now: datetime,
    before: Snapshot | None,
    journal_mark: str,
) -> int:
    """Write the check rows; the version is above that of every snapshot published or prepared before."""
    prepared = connection.execute(statement("read_snapshot")).fetchone()
    version = 1 + max(int(prepared[0]) if prepared else 0, before.content_version if before else 0)
    with transaction(connection):
        connection.execute(statement("delete_all", table="snapshot"))
        connection.execute(statement("write_snapshot"), [version, now, current_schema()])
        connection.execute(statement("record_publication"), [version, now, journal_mark])
        _write_tables(connection, tables)
    return version


def _write_tables(connection: DuckDBPyConnection, tables: tuple[TableState, ...]) -> None:
    connection.execute(statement("delete_all", table="snapshot_tables"))
    insert_rows(connection, "snapshot_tables", [asdict(table) for table in tables])


def _copy(workspace: Workspace, edit: Callable[[Path], None] | None) -> None:
    """Copy the database beside the snapshot, edit the copy, and rename it over the snapshot."""
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
            if edit is not None:
                edit(temporary)
            with temporary.open("r+b") as written:
                os.fchmod(written.fileno(), READ_ONLY)
                os.fsync(written.fileno())
            temporary.replace(workspace.published)
            sync_folder(workspace.home)
        finally:
            for path in (temporary, temporary.with_name(temporary.name + ".wal")):
                path.unlink(missing_ok=True)
