"""The database: opened for the one writing run or for readers, migrated, with its views, written in transactions."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import DamagedError, DiskFullError, LockedError, NewerSchemaError, WarehouseError
from warehouse.sql import SqlFile, sql_files, statements
from warehouse.workspace import Workspace

SQL = statements(__file__)


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """Run the block in one transaction: committed at its end, rolled back on any error, which is raised again.

    COMMIT is never reached after an error: in DuckDB, committing an aborted transaction raises nothing and saves
    nothing.

    Raises:
        DiskFullError: the disk has no room for it; nothing of the block was saved.
        DamagedError: a part of the file that the block reads is not what was written.
    """
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException as error:
        with suppress(duckdb.Error):  # a transaction that DuckDB ended itself cannot be rolled back again
            connection.execute("ROLLBACK")
        if isinstance(error, duckdb.Error) and (ours := _explained(error)):
            raise ours from error
        raise


@contextmanager
def explained_database_errors() -> Iterator[None]:
    """Turn DuckDB's errors of a full disk or a damaged file into ours, for statements outside a transaction.

    Raises:
        DiskFullError: the disk has no room left.
        DamagedError: a part of the file is not what was written.
    """
    try:
        yield
    except duckdb.Error as error:
        if ours := _explained(error):
            raise ours from error
        raise


def _explained(error: duckdb.Error) -> WarehouseError | None:
    words = str(error).partition("\n")[0]
    if is_damage(error):
        return DamagedError(
            f"the database is damaged ({words}); `commentary rebuild` makes it anew from what was fetched"
        )
    if is_disk_full(error):
        return DiskFullError(f"the disk is full, nothing of this step was saved; make room and run again ({words})")
    return None


def is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB's error says that the file is not what it wrote."""
    text = str(error)
    return "Corrupt database file" in text or "Could not read enough bytes" in text


def is_disk_full(error: duckdb.Error) -> bool:
    """Whether DuckDB's error says that the disk has no room left."""
    text = str(error)
    return "No space left" in text or "Disk quota exceeded" in text


def migrations() -> tuple[SqlFile, ...]:
    """All migrations in their order; the number before the first underscore counts from 1 without gaps."""
    return sql_files("migrations")


def current_schema() -> int:
    """The schema version of this release."""
    return len(migrations())


def schema_version(connection: DuckDBPyConnection) -> int:
    """The schema version of an open database; 0 for an empty one."""
    exists = connection.execute(SQL("has_migrations_table")).fetchone()
    if not exists or not exists[0]:
        return 0
    found = connection.execute(SQL("schema_version")).fetchone()
    return int(found[0]) if found else 0


def migrate(connection: DuckDBPyConnection) -> int:
    """Bring the schema up to this release's; returns how many migrations were applied.

    Raises:
        NewerSchemaError: the database is of a later release; nothing was changed.
        WarehouseError: a migration failed; it and those after it were not applied.
    """
    version = schema_version(connection)
    if version > current_schema():
        raise NewerSchemaError(
            f"this warehouse has schema version {version}, and this release knows only {current_schema()}; upgrade "
            "the project (git pull, then make ingest), or set COMMENTARY_HOME to another folder"
        )
    if version == 0:
        connection.execute(SQL("create_migrations_table"))
    for number, file in enumerate(migrations()[version:], start=version + 1):
        _apply(connection, number, file)
    return current_schema() - version


def _apply(connection: DuckDBPyConnection, number: int, file: SqlFile) -> None:
    try:
        with transaction(connection):
            connection.execute(file.text)
            connection.execute(SQL("record_migration"), [number, file.name])
    except duckdb.Error as error:
        raise WarehouseError(f"migration {file.name} failed and was undone: {error}") from error


def views_hash() -> str:
    """A hash of the text of all views of this release."""
    text = "\0".join(f"{file.name}\0{file.text}" for file in sql_files("views"))
    return hashlib.sha256(text.encode()).hexdigest()


def refresh_views(connection: DuckDBPyConnection) -> bool:
    """Create the views of this release in place of those there; returns whether anything had to be done.

    Views hold no data, so they are no migrations: they are dropped and made whenever their text changed, in one
    transaction. The hash of the text is kept beside the record of the migrations.
    """
    wanted = views_hash()
    found = connection.execute(SQL("views_hash")).fetchone()
    if found and found[0] == wanted:
        return False
    with transaction(connection):
        for name, kind in connection.execute(SQL("list_views")).fetchall():
            connection.execute(SQL("drop_view", kind=kind, name=name))
        for file in sql_files("views"):
            connection.execute(file.text)
        connection.execute(SQL("forget_views_hash"))
        connection.execute(SQL("record_views_hash"), [wanted])
    return True


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

    The caller holds the lock (`warehouse.workspace.exclusive`) and closes the connection. While it is open nothing in
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
