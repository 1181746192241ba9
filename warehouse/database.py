"""The database: opened for the one writing run or for readers, migrated, with its views, written in transactions."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import (
    ConflictError,
    DamagedError,
    DiskFullError,
    LockedError,
    NewerSchemaError,
    WarehouseError,
)
from warehouse.rows import SQL as ROWS_SQL
from warehouse.rows import insert_rows
from warehouse.sql import SqlFile, quoted, sql_files, statements
from warehouse.target import SETTINGS, Lake, catalog_rows, connect_lake, is_lake, pin_lake, writing
from warehouse.workspace import Workspace

SQL = statements(__file__)

T = TypeVar("T")


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """Run the block in one transaction: committed at its end, rolled back on any error, which is raised again.

    COMMIT is never reached after an error: in DuckDB, committing an aborted transaction raises nothing and saves
    nothing. Writers of a lake take turns, a transaction each.

    Raises:
        ConflictError: another writer of the lake was first; nothing of the block was saved.
        LockedError: it is another writer's turn for too long.
        DiskFullError: the disk has no room for it; nothing of the block was saved.
        DamagedError: a part of the file that the block reads is not what was written.
    """
    with writing(connection) as still_ours:
        connection.execute("BEGIN TRANSACTION")
        try:
            yield
            still_ours()
            connection.execute("COMMIT")
        except BaseException as error:
            with suppress(duckdb.Error):  # a transaction that DuckDB ended itself cannot be rolled back again
                connection.execute("ROLLBACK")
            if isinstance(error, duckdb.Error) and (ours := _explained(error)):
                raise ours from error
            raise


TRIES = 5
"""How often a batch is tried where writers that hold no lock of ours, such as somebody's own merging of a lake's files,
come first each time."""


def whole_transaction(connection: DuckDBPyConnection, work: Callable[[], T]) -> T:
    """Do `work` in one transaction, and all of it again with fresh reads where another writer of the lake was first.

    Raises:
        ConflictError: others were first too often.
    """
    for _ in range(TRIES - 1):
        with suppress(ConflictError), transaction(connection):
            return work()
    with transaction(connection):
        return work()


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


def refuse_another(connection: DuckDBPyConnection) -> None:
    """Make sure, within a transaction on a lake, that no other one that does the same is committed beside it.

    A lake has no keys that would refuse what two add, so each changes one row: of two at once one is refused. The lock
    of `transaction` keeps that from happening, but where it is lost.
    """
    if is_lake(connection):
        connection.execute(SQL("count_load"))


def _explained(error: duckdb.Error) -> WarehouseError | None:
    words = str(error).partition("\n")[0]
    if "Transaction conflict" in str(error):
        return ConflictError(
            f"another writer of the lake was first, nothing of this step was saved ({words}); run again"
        )
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
    with writing(connection):
        return _migrate(connection)


def _migrate(connection: DuckDBPyConnection) -> int:
    version = schema_version(connection)
    if version > current_schema():
        raise NewerSchemaError(
            f"this warehouse has schema version {version}, and this release knows only {current_schema()}; upgrade "
            "the project (git pull, then make ingest), or set COMMENTARY_HOME to another folder"
        )
    due = list(enumerate(migrations()[version:], start=version + 1))
    if version == 0 and is_lake(connection):  # there a transaction costs more than all that is in it
        with transaction(connection):
            connection.execute(SQL("create_migrations_table"))
            for number, file in due:
                _apply(connection, number, file)
        return len(due)
    if version == 0:
        connection.execute(SQL("create_migrations_table"))
    for number, file in due:
        with transaction(connection):
            _apply(connection, number, file)
    return len(due)


def _apply(connection: DuckDBPyConnection, number: int, file: SqlFile) -> None:
    try:
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
    if _has_views(connection, wanted):
        return False
    with writing(connection):
        if _has_views(connection, wanted):  # another writer of the lake made them meanwhile
            return False
        with transaction(connection):
            for name, kind in connection.execute(SQL("list_views")).fetchall():
                connection.execute(SQL("drop_view", kind=kind, name=name))
            _create_views(connection)
            connection.execute(SQL("forget_views_hash"))
            connection.execute(SQL("record_views_hash"), [wanted])
    return True


def _has_views(connection: DuckDBPyConnection, wanted: str) -> bool:
    found = connection.execute(SQL("views_hash")).fetchone()
    return found is not None and found[0] == wanted


# Comments that a lake refuses, on columns of views and on macros; files of views comment on nothing else's columns.
_KEPT_APART = re.compile(
    r"^COMMENT ON (?:COLUMN (?P<view>\w+)\.(?P<column>\w+)|MACRO(?: TABLE)? (?P<macro>\w+)) IS "
    r"'(?P<text>(?:[^']|'')*)';\n?",
    re.MULTILINE,
)


def _create_views(connection: DuckDBPyConnection) -> None:
    """Create the views; the comments that a lake refuses are kept in a table there."""
    comments = []
    for file in sql_files("views"):
        connection.execute(_KEPT_APART.sub("", file.text) if is_lake(connection) else file.text)
        for found in _KEPT_APART.finditer(file.text):
            relation, text = found["view"] or found["macro"], found["text"].replace("''", "'")
            comments.append({"relation": relation, "column_name": found["column"], "comment": text})
    if is_lake(connection):
        connection.execute(ROWS_SQL("delete_all", table="view_comments"))
        insert_rows(connection, "view_comments", comments)


# Bounded, so that a run fits beside others on a small machine; DuckDB spills to disk beyond it.
DEFAULT_MEMORY_LIMIT = "1GB"

# What a reader of the snapshot may not do; the second keeps a query from undoing the first, and so comes last.
READER_SETTINGS = {"enable_external_access": "false", "lock_configuration": "true"}


def open_warehouse(
    workspace: Workspace, memory_limit: str = DEFAULT_MEMORY_LIMIT, threads: int | None = None
) -> DuckDBPyConnection:
    """Open the pipeline's database, or its lake, for writing, migrated to the current schema; created if it is missing.

    The caller holds the lock (`warehouse.workspace.exclusive`) and closes the connection. While it is open nothing in
    this process may read the file by other means: closing such a handle would drop DuckDB's own lock.

    Raises:
        DamagedError: the file is not a sound database; the message names the command that rebuilds it.
        NewerSchemaError: a newer release wrote it.
        LockedError: another process has it open.
        WarehouseError: a migration failed; nothing of it was applied.
    """
    connection = _connected(workspace, read_only=False, memory_limit=memory_limit, threads=threads)
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
    if workspace.lake is None and not path.exists():
        raise WarehouseError(f"{path}: nothing is published yet; run `commentary ingest` first")
    connection = (
        _connect(path, read_only=True, memory_limit=memory_limit, threads=threads)
        if workspace.lake is None
        else _pinned(workspace, workspace.lake, _options(workspace, memory_limit, threads))
    )
    connection.execute("SET TimeZone = 'UTC'")
    if not files:
        if workspace.lake is not None:  # its own files may be read all the same
            connection.execute(SQL("allow_folder", path=quoted(workspace.lake.data_path)))
        for name, value in READER_SETTINGS.items():
            connection.execute(f"SET {name} = {value}")
    return connection


def open_for_a_look(workspace: Workspace) -> DuckDBPyConnection:
    """Open the pipeline's database for reading while no run is going on; the caller holds the lock.

    Raises:
        DamagedError: the file is not a sound database.
        NewerSchemaError: a newer release wrote it.
    """
    connection = _connected(workspace, read_only=True, memory_limit=DEFAULT_MEMORY_LIMIT, threads=None)
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def has_published(workspace: Workspace) -> bool:
    """Whether anything is published.

    Raises:
        WarehouseError: the lake cannot be reached.
    """
    if workspace.lake is None:
        return workspace.published.exists()
    with connect_lake(workspace.lake, read_only=True, catalog_only=True) as connection:
        return published_version(connection) is not None


def published_version(connection: DuckDBPyConnection) -> int | None:
    """The number of the lake's snapshot that was published last; None if there is none."""
    if not catalog_rows(connection, SQL("has_published_table")):
        return None
    found = catalog_rows(connection, SQL("published_version"))
    return int(str(found[0][0])) if found else None


def _pinned(workspace: Workspace, lake: Lake, options: dict[str, str | int]) -> DuckDBPyConnection:
    connection = connect_lake(lake, read_only=True, catalog_only=True, options=options)
    version = published_version(connection)
    if version is None:
        connection.close()
        raise WarehouseError(f"{workspace.readers}: nothing is published yet; run `commentary ingest` first")
    pin_lake(connection, lake, version)
    return connection


def _options(workspace: Workspace, memory_limit: str, threads: int | None) -> dict[str, str | int]:
    said: dict[str, str | int] = {"memory_limit": memory_limit, "temp_directory": str(workspace.spill)}
    return said if threads is None else {**said, "threads": threads}


def _connected(workspace: Workspace, *, read_only: bool, memory_limit: str, threads: int | None) -> DuckDBPyConnection:
    """The pipeline's own database, file or lake."""
    if workspace.lake is None:
        return _connect(workspace.database, read_only=read_only, memory_limit=memory_limit, threads=threads)
    return connect_lake(workspace.lake, read_only=read_only, options=_options(workspace, memory_limit, threads))


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
