"""Export of what was fetched as WARC, so that others' tools can replay it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from duckdb import DuckDBPyConnection
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.raw_store import RawStore
from warehouse.rows import select_as
from warehouse.sql import statement
from warehouse.workspace import explained_disk_errors

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
    temporary = path.with_name(f".{path.name}.tmp")
    count = 0
    try:
        with explained_disk_errors(path), temporary.open("wb") as file:
            writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
            for kept in _kept(connection):
                _write(writer, kept, store.get(kept.raw_hash))
                count += 1
        with explained_disk_errors(path):
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return count


def _kept(connection: DuckDBPyConnection) -> Iterator[_Kept]:
    return iter(select_as(connection, _Kept, statement("kept_bodies")))


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
