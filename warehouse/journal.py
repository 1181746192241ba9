"""What each stored object is: a journal beside the raw store, from which a lost warehouse is rebuilt."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from warehouse.workspace import Workspace, explained_disk_errors


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One fetch or file that was kept: enough to read it again without the database.

    `article_id` is given where the article keeps an older identity than that of `url`; `encoding` is what the
    transport declared, `file_name` the name of a local file. Times are UTC.
    """

    raw_hash: str
    url: str
    source_id: str
    content_type: str
    fetched_at: datetime
    addresses: tuple[str, ...] = ()
    article_id: str | None = None
    encoding: str | None = None
    file_name: str | None = None


class Journal:
    """The append-only file `journal.jsonl` of a raw store: one line of JSON a record, in the order of loading."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, records: Iterable[RawRecord]) -> None:
        """Add records, durably, in one write. A line torn by a killed run is ended first.

        Raises:
            WarehouseError: it cannot be written; DiskFullError if there is no room.
        """
        lines = b"".join(_line(record) for record in records)
        if not lines:
            return
        with explained_disk_errors(self.path), self.path.open("ab") as file:
            if file.tell() and not self._ends_with_newline():
                lines = b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def __iter__(self) -> Iterator[RawRecord]:
        """All records in order; lines that a killed run left torn are passed over."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                record = _record(line)
                if record is not None:
                    yield record

    def _ends_with_newline(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


def raw_records(workspace: Workspace) -> Iterator[RawRecord]:
    """Everything that was ever kept, oldest first: reading and loading it all in this order rebuilds the articles."""
    return iter(Journal(workspace.raw / "journal.jsonl"))


def _line(record: RawRecord) -> bytes:
    fields = {key: value for key, value in asdict(record).items() if value not in (None, ())}
    fields["fetched_at"] = record.fetched_at.astimezone(UTC).isoformat()
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _record(line: bytes) -> RawRecord | None:
    try:
        fields = json.loads(line)
        fields["fetched_at"] = datetime.fromisoformat(fields["fetched_at"])
        fields["addresses"] = tuple(fields.get("addresses", ()))
        return RawRecord(**fields)
    except (ValueError, KeyError, TypeError):
        return None
