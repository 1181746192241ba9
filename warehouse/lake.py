"""What a lake needs and a file does not: upkeep beside readers and writers, and the move of a warehouse to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from duckdb import DuckDBPyConnection

from warehouse.database import (
    DEFAULT_MEMORY_LIMIT,
    explained_database_errors,
    open_warehouse,
    published_version,
    transaction,
)
from warehouse.errors import WarehouseError
from warehouse.publish import SQL, Publication, fingerprint, publish, table_names
from warehouse.rows import SQL as ROWS_SQL
from warehouse.sql import quoted
from warehouse.target import Lake, writing
from warehouse.workspace import Workspace

KEEP = timedelta(days=7)
"""How long what was published before can still be read: by a reader that keeps it open, or who names its number."""
SPARE = timedelta(hours=6)
"""How long whatever a reader or writer may still be at is left alone; longer than any of their statements takes."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What upkeep did: files that it put together, snapshots that nobody needs any more, files removed with them,
    and files that no snapshot knew of, left by killed writers."""

    merged: int
    expired: int
    removed: int
    unknown: int

    def __str__(self) -> str:
        return (
            f"{self.merged} files merged, {self.expired} snapshots expired, {self.removed} files removed, "
            f"{self.unknown} that no snapshot knew of"
        )


def keep_up(
    workspace: Workspace,
    now: datetime,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    *,
    keep: timedelta = KEEP,
    spare: timedelta = SPARE,
) -> Upkeep:
    """Merge a lake's small files, let go of what no reader is pinned to, and remove files that nothing needs.

    It takes turns with the writers, a table each, and disturbs no reader. What is published stays, and what was
    published within `keep`; snapshots and files of the last `spare` stay too.

    Raises:
        WarehouseError: the warehouse is no lake, or cannot be reached.
    """
    if workspace.lake is None:
        raise WarehouseError("a warehouse in a file needs no upkeep; the setting `warehouse` names a lake")
    with open_warehouse(workspace, memory_limit) as connection, explained_database_errors():
        merged = sum(_merge(connection, table) for table in table_names(connection))
        with writing(connection):
            expired = _expire(connection, now - keep, now - spare)
            before = {"before": now - spare}
            removed = len(connection.execute(SQL("clean_up"), before).fetchall())
            unknown = len(connection.execute(SQL("remove_unknown"), before).fetchall())
    return Upkeep(merged, expired, removed, unknown)


def _merge(connection: DuckDBPyConnection, table: str) -> int:
    """Make few files of many, and of those with many deleted rows new ones; returns of how many."""
    with writing(connection):
        rewritten = connection.execute(SQL("rewrite", table=table)).fetchall()
        merged = connection.execute(SQL("merge", table=table)).fetchall()
    return sum(int(row[2]) for row in (*rewritten, *merged))


def _expire(connection: DuckDBPyConnection, kept_since: datetime, spared_since: datetime) -> int:
    """Let go of snapshots; those pinned by what was published last or since then stay, and so do the latest ones."""
    last = published_version(connection)
    if last is not None:
        connection.execute(SQL("forget_pins"), {"before": kept_since, "last": last})
    due = connection.execute(SQL("expirable"), {"before": spared_since}).fetchall() if last is not None else []
    if due:
        connection.execute(SQL("expire", versions=", ".join(str(int(version)) for (version,) in due)))
    return len(due)


# What each target has of its own, and a move leaves as it is.
_OWN = frozenset({"schema_migrations", "schema_views", "view_comments", "loads"})


def migrate_to(
    workspace: Workspace, lake: Lake, now: datetime, memory_limit: str = DEFAULT_MEMORY_LIMIT
) -> Publication:
    """Copy a warehouse from its file to an empty lake, row by row with all identifiers, and publish it there.

    The caller holds the lock. The file stays as it is; a move that is killed is done again. All is copied in one
    transaction and compared before anything is published.

    Raises:
        WarehouseError: there is no file, it is of another release, the lake is not empty or cannot be reached, or the
            copy is not what was copied.
    """
    if workspace.lake is not None or not workspace.database.exists():
        raise WarehouseError(f"{workspace.readers}: is no warehouse in a file that could be moved")
    there = Workspace(workspace.home, lake)
    with open_warehouse(workspace, memory_limit) as connection:  # of the present schema, which it may not have been
        held = fingerprint(connection)
    with open_warehouse(there, memory_limit) as connection, explained_database_errors():
        if connection.execute(SQL("anything_there")).fetchone() != (False,):
            raise WarehouseError(f"{lake}: holds a warehouse already, and nothing is copied over it")
        _copy_tables(connection, str(workspace.database))
        if fingerprint(connection) != held:
            raise WarehouseError(f"{lake}: holds something else than {workspace.database} after the copy; drop it")
    return publish(there, now, memory_limit)


def _copy_tables(connection: DuckDBPyConnection, path: str) -> None:
    connection.execute(SQL("attach_last_published", path=quoted(path)))
    try:
        with transaction(connection):
            for table in table_names(connection):
                if table not in _OWN:
                    connection.execute(ROWS_SQL("delete_all", table=table))
                    connection.execute(SQL("copy_table", table=table))
    finally:
        connection.execute(SQL("detach_last_published"))
