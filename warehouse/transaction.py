"""All or nothing: one transaction around several statements."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import DamagedError, DiskFullError, WarehouseError


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
