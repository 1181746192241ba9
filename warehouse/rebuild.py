"""What a damaged database is rebuilt from: the published snapshot where it is sound, and the raw store."""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.connection import open_snapshot
from warehouse.errors import WarehouseError
from warehouse.fingerprint import TableState, fingerprint
from warehouse.journal import raw_records
from warehouse.material import Material
from warehouse.migrate import schema_version
from warehouse.rows import select_as
from warehouse.sql import statement
from warehouse.workspace import Workspace, explained_disk_errors


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a rebuild starts from: the damaged files, set aside (none if there were none), and whether the published
    snapshot was sound and became the new database. Otherwise there is no database, and opening makes an empty one."""

    set_aside: tuple[Path, ...]
    from_snapshot: bool


def start_rebuild(workspace: Workspace, now: datetime) -> Salvage:
    """Set the database aside and begin a new one. The caller holds the lock, with no connection open.

    A sound snapshot brings back everything up to its publication: sources, candidates, history. What came in later, or
    all articles if there is none, is read again from the raw store: open the database, then read and load
    `unloaded_records`. Nothing is deleted: the damaged files stay beside, for the operator to remove.

    Raises:
        WarehouseError: the files cannot be moved or copied; DiskFullError if there is no room.
    """
    database = workspace.database
    suffix = f".damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    sound = _is_sound(workspace)
    moved = []
    with explained_disk_errors(workspace.work):
        for path in (database, database.with_name(database.name + ".wal")):
            if path.exists():
                moved.append(path.rename(path.with_name(path.name + suffix)))
        if sound:
            _copy(workspace.published, database)
    return Salvage(tuple(moved), sound)


def unloaded_records(connection: DuckDBPyConnection, workspace: Workspace) -> tuple[Material, ...]:
    """What the raw store's journal has and the database has not, oldest first: to be read and loaded in this order.

    In an empty database that is everything. In one made from a snapshot it is what was kept after its publication,
    so that earlier versions of an article are not taken for later ones.
    """
    found = connection.execute(statement("loaded_until")).to_arrow_table().to_pylist()
    until: datetime | None = found[0]["published_at"] if found else None
    known = {str(row[0]) for row in connection.execute(statement("known_raw_hashes")).fetchall()}
    return tuple(
        record
        for record in raw_records(workspace)
        if record.raw_hash not in known and (until is None or record.fetched_at > until)
    )


def _is_sound(workspace: Workspace) -> bool:
    """Whether the snapshot can be read as a whole and holds what it was published with."""
    try:
        with open_snapshot(workspace) as connection:
            if schema_version(connection) == 0:
                return False
            recorded = select_as(connection, TableState, statement("read_snapshot_tables"))
            return bool(recorded) and recorded == fingerprint(connection)
    except (WarehouseError, duckdb.Error):
        return False


def _copy(source: Path, target: Path) -> None:
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        shutil.copyfile(source, temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
