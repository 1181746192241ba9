"""Opening the warehouse: for the one writing run, and for readers of the published snapshot."""

from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import DamagedError, LockedError, NewerSchemaError, WarehouseError
from warehouse.migrate import migrate
from warehouse.views import refresh_views
from warehouse.workspace import Workspace

# Bounded, so that a run fits beside others on a small machine; DuckDB spills to disk beyond it.
DEFAULT_MEMORY_LIMIT = "1GB"

# No extension is ever fetched from the network behind the user's back; what needs one loads it from its package.
SETTINGS = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}

# What a reader of the snapshot may not do; the second keeps a query from undoing the first, and so comes last.
READER_SETTINGS = {"enable_external_access": "false", "lock_configuration": "true"}


def open_warehouse(
    workspace: Workspace, memory_limit: str = DEFAULT_MEMORY_LIMIT, threads: int | None = None
) -> DuckDBPyConnection:
    """Open the pipeline's database for writing, migrated to the current schema; created if it is missing.

    The caller holds the lock (`warehouse.lock.exclusive`) and closes the connection. While it is open nothing in
    this process may read the file by other means: closing such a handle would drop DuckDB's own lock.

    Raises:
        DamagedError: the file is not a sound database; the message names the command that rebuilds it.
        NewerSchemaError: a newer release wrote it.
        LockedError: another process has it open.
        WarehouseError: a migration failed; nothing of it was applied.
    """
    connection = _connect(workspace.database, read_only=False, memory_limit=memory_limit, threads=threads)
    try:
        connection.execute("SET TimeZone = 'UTC'")
        migrate(connection)
        refresh_views(connection)
    except (duckdb.SerializationException, duckdb.InternalException, duckdb.FatalException) as error:
        connection.close()
        raise _damaged(workspace.database, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def open_copy(path: Path, memory_limit: str = DEFAULT_MEMORY_LIMIT) -> DuckDBPyConnection:
    """Open a copy of the pipeline's database that nobody else knows of yet, for writing.

    Raises:
        WarehouseError: it cannot be opened.
    """
    return _connect(path, read_only=False, memory_limit=memory_limit, threads=None)


def open_snapshot(
    workspace: Workspace,
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    *,
    threads: int | None = None,
    files: bool = False,
) -> DuckDBPyConnection:
    """Open the published snapshot for reading. Any number of readers may, while runs go on.

    A connection keeps the snapshot that it opened; close it and open again to see a later one. A query reaches nothing
    but the snapshot, and cannot change these settings: no other file, no other database, no network, no more memory.
    With `files` it may read and write files and set what it likes, as the process may.

    Raises:
        WarehouseError: nothing is published yet, or DamagedError.
    """
    path = workspace.published
    if not path.exists():
        raise WarehouseError(f"{path}: nothing is published yet; run `commentary ingest` first")
    connection = _connect(path, read_only=True, memory_limit=memory_limit, threads=threads)
    connection.execute("SET TimeZone = 'UTC'")
    if not files:
        for name, value in READER_SETTINGS.items():
            connection.execute(f"SET {name} = {value}")
    return connection


def open_for_a_look(workspace: Workspace) -> DuckDBPyConnection:
    """Open the pipeline's database for reading while no run is going on; the caller holds the lock.

    Raises:
        DamagedError: the file is not a sound database.
        NewerSchemaError: a newer release wrote it.
    """
    connection = _connect(workspace.database, read_only=True, memory_limit=DEFAULT_MEMORY_LIMIT, threads=None)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _connect(path: Path, *, read_only: bool, memory_limit: str, threads: int | None) -> DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {**SETTINGS, "memory_limit": memory_limit}
    if threads is not None:
        config["threads"] = threads
    try:
        return duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.Error as error:
        raise explained_open_error(path, error) from error


def explained_open_error(path: Path, error: duckdb.Error) -> WarehouseError:
    """Our error for one that DuckDB raised on opening `path`, told apart by its words."""
    text = str(error)
    if "Could not set lock" in text or "Conflicting lock" in text:
        return LockedError(f"{path}: another process has this database open ({text}); wait until it has ended")
    if "Trying to read a database file with version number" in text or "newer version" in text:
        return NewerSchemaError(
            f"{path}: was written by a newer DuckDB than the one installed ({duckdb.__version__}); upgrade this project"
        )
    if "Cannot open file" in text:
        return WarehouseError(f"{path}: cannot be opened ({text}); check its folder and permissions")
    return _damaged(path, error)


def _damaged(path: Path, error: duckdb.Error) -> DamagedError:
    first_line = str(error).splitlines()[0]
    return DamagedError(
        f"{path}: the database is damaged ({first_line}); `commentary rebuild` makes it anew from what was fetched"
    )
