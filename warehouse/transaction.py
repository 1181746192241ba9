"""All or nothing: one transaction around several statements."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import DamagedError, DiskFullError


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
        if isinstance(error, duckdb.Error) and is_damage(error):
            raise DamagedError(
                f"the database is damaged ({error}); `commentary rebuild` makes it anew from what was fetched"
            ) from error
        if isinstance(error, duckdb.Error) and is_disk_full(error):
            raise DiskFullError(
                f"the disk is full, nothing of this step was saved; make room and run again ({error})"
            ) from error
        raise


def is_damage(error: duckdb.Error) -> bool:
    """Whether DuckDB's error says that the file is not what it wrote."""
    text = str(error)
    return "Corrupt database file" in text or "Could not read enough bytes" in text


def is_disk_full(error: duckdb.Error) -> bool:
    """Whether DuckDB's error says that the disk has no room left."""
    text = str(error)
    return "No space left" in text or "Disk quota exceeded" in text
