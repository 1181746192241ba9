"""Export of tables and views to files that any tool reads."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.errors import DiskFullError, WarehouseError
from warehouse.fingerprint import DERIVED_PREFIX, table_names
from warehouse.sql import statement
from warehouse.transaction import is_disk_full
from warehouse.workspace import explained_disk_errors

ExportFormat = Literal["parquet", "csv"]

# The pipeline's own, of no use outside a warehouse.
NOT_EXPORTED = frozenset(
    {"schema_migrations", "schema_views", "article_signatures", "robots", "lineage", "publications"}
)


def export(
    connection: DuckDBPyConnection, directory: Path, formats: Iterable[ExportFormat] = ("parquet", "csv")
) -> tuple[Path, ...]:
    """Write every table and view to `directory`, a file for each and format; returns the files in order of name.

    Files there under the same names are replaced, each as a whole. Parquet keeps all types; in CSV, lists are JSON
    and times are ISO 8601 in UTC.

    Raises:
        WarehouseError: the folder cannot be written to; DiskFullError if there is no room.
    """
    with explained_disk_errors(directory):
        directory.mkdir(parents=True, exist_ok=True)
    names = [name for name in table_names(connection) if _is_exported(name)] + _view_names(connection)
    written = [_export_one(connection, name, directory / f"{name}.{kind}", kind) for kind in formats for name in names]
    return tuple(sorted(written))


def _is_exported(table: str) -> bool:
    return table not in NOT_EXPORTED and not table.startswith(DERIVED_PREFIX)


def _view_names(connection: DuckDBPyConnection) -> list[str]:
    return [str(name) for name, kind in connection.execute(statement("list_views")).fetchall() if kind == "VIEW"]


def _export_one(connection: DuckDBPyConnection, name: str, path: Path, kind: ExportFormat) -> Path:
    temporary = path.with_name(f".{path.name}.tmp")
    columns = _csv_columns(connection, name) if kind == "csv" else "*"
    target = str(temporary).replace("'", "''")
    try:
        with explained_disk_errors(path):
            connection.execute(statement(f"export_{kind}", table=name, columns=columns, target=target))
            temporary.replace(path)
    except duckdb.IOException as error:
        if is_disk_full(error):
            raise DiskFullError(f"{path}: the disk is full; make room there or export to another folder") from error
        raise WarehouseError(f"{path}: cannot be written ({error}); export to another folder") from error
    finally:
        temporary.unlink(missing_ok=True)
    return path


def _csv_columns(connection: DuckDBPyConnection, name: str) -> str:
    """The columns of a table for CSV, lists as JSON."""
    rows = connection.execute(statement("column_types"), [name]).fetchall()
    return ", ".join(f'to_json("{column}") AS "{column}"' if is_list else f'"{column}"' for column, is_list in rows)
