"""Export: tables and views to files that any tool reads, and what was fetched as WARC."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

import duckdb
from duckdb import DuckDBPyConnection
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.database import SQL as DATABASE_SQL
from warehouse.database import is_disk_full
from warehouse.errors import DiskFullError, WarehouseError
from warehouse.publish import DERIVED_PREFIX, table_names
from warehouse.raw_store import RawStore
from warehouse.rows import select_as
from warehouse.sql import statements
from warehouse.workspace import explained_disk_errors, whole_file

SQL = statements(__file__)

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
    return [str(name) for name, kind in connection.execute(DATABASE_SQL("list_views")).fetchall() if kind == "VIEW"]


def _export_one(connection: DuckDBPyConnection, name: str, path: Path, kind: ExportFormat) -> Path:
    columns = _csv_columns(connection, name) if kind == "csv" else "*"
    try:
        with explained_disk_errors(path), whole_file(path) as temporary:
            target = str(temporary).replace("'", "''")
            connection.execute(SQL(f"export_{kind}", table=name, columns=columns, target=target))
    except duckdb.IOException as error:
        if is_disk_full(error):
            raise DiskFullError(f"{path}: the disk is full; make room there or export to another folder") from error
        raise WarehouseError(f"{path}: cannot be written ({error}); export to another folder") from error
    return path


def _csv_columns(connection: DuckDBPyConnection, name: str) -> str:
    """The columns of a table for CSV, lists as JSON."""
    rows = connection.execute(SQL("column_types"), [name]).fetchall()
    return ", ".join(f'to_json("{column}") AS "{column}"' if is_list else f'"{column}"' for column, is_list in rows)


# The bodies are kept decoded, so that headers which describe their coding on the wire no longer hold.
_WIRE_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length", "connection"})


@dataclass(frozen=True, slots=True)
class _Kept:
    raw_hash: str
    url: str
    fetched_at: datetime
    status: int | None
    reason_phrase: str | None
    headers: tuple[str, ...]
    content_type: str | None


def export_warc(connection: DuckDBPyConnection, store: RawStore, path: Path) -> int:
    """Write all bodies in the raw store that the database knows to one compressed WARC 1.1 file.

    A page becomes a `response` record under the address that answered, with the headers that were kept; a local file,
    such as a seed article, a `resource` record. The file appears whole or not at all. Returns the number of records.

    Raises:
        DamagedError: an object of the raw store is damaged.
        KeyError: an object is missing.
        WarehouseError: the file cannot be written; DiskFullError if there is no room.
    """
    count = 0
    with explained_disk_errors(path), whole_file(path) as temporary, temporary.open("xb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for count, kept in enumerate(_kept(connection), 1):  # noqa: B007 - how many there were is told
            _write(writer, kept, store.get(kept.raw_hash))
    return count


def _kept(connection: DuckDBPyConnection) -> Iterator[_Kept]:
    return iter(select_as(connection, _Kept, SQL("kept_bodies")))


def _write(writer: WARCWriter, kept: _Kept, body: bytes) -> None:
    when = kept.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if kept.status is None:
        record = writer.create_warc_record(
            kept.url,
            "resource",
            payload=BytesIO(body),
            warc_content_type=kept.content_type or "application/octet-stream",
            warc_headers_dict={"WARC-Date": when},
        )
    else:
        record = writer.create_warc_record(
            kept.url,
            "response",
            payload=BytesIO(body),
            http_headers=_http_headers(kept, len(body)),
            warc_headers_dict={"WARC-Date": when},
        )
    writer.write_record(record)


def _http_headers(kept: _Kept, length: int) -> StatusAndHeaders:
    pairs = [tuple(header.split(": ", 1)) for header in kept.headers]
    usable = [pair for pair in pairs if len(pair) == 2 and pair[0].lower() not in _WIRE_HEADERS]
    status = f"{kept.status} {kept.reason_phrase or ''}".strip()
    return StatusAndHeaders(status, [*usable, ("content-length", str(length))], protocol="HTTP/1.1")
