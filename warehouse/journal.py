"""What each stored object is: a journal beside the raw store, from which a lost warehouse is rebuilt."""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from pathlib import Path

from extractors.article.model import Published
from warehouse.material import MANIFEST, Material
from warehouse.workspace import Workspace, explained_disk_errors

# What a line says is what differs from these; lines of earlier releases say less, and no line is of a later one.
_FIELDS = frozenset(field.name for field in fields(Material))
_DEFAULTS = {field.name: field.default for field in fields(Material)}


class Journal:
    """The append-only file `journal.jsonl` of a raw store: one line of JSON a record, in the order of loading."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, records: Iterable[Material]) -> None:
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

    def __iter__(self) -> Iterator[Material]:
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


def raw_records(workspace: Workspace) -> Iterator[Material]:
    """Everything that was ever kept, oldest first: reading and loading it all in this order rebuilds the articles."""
    return iter(Journal(workspace.raw / "journal.jsonl"))


def _line(record: Material) -> bytes:
    fields = {name: value for name, value in asdict(record).items() if value != _DEFAULTS[name]}
    fields["fetched_at"] = record.fetched_at.astimezone(UTC).isoformat()
    if record.fed_on is not None:
        fields["fed_on"] = record.fed_on.isoformat()
    if record.published is not None:
        fields["published"] = [record.published.on.isoformat(), record.published.precision]
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _record(line: bytes) -> Material | None:
    try:
        found = json.loads(line)
        fields = {name: value for name, value in found.items() if name in _FIELDS}
        url = fields["url"]
        fields = {"open_url": url, "name": url, "trusted": True, "addresses": (), **fields}
        fields["fetched_at"] = datetime.fromisoformat(fields["fetched_at"])
        fields["addresses"] = tuple(fields["addresses"])
        fields["authors"] = tuple(fields.get("authors", ()))
        fields["fed_authors"] = tuple(fields.get("fed_authors", ()))
        if "fed_on" in fields:
            fields["fed_on"] = date.fromisoformat(fields["fed_on"])
        if "published" in fields:
            on, precision = fields["published"]
            fields["published"] = Published(date.fromisoformat(on), precision, MANIFEST)
        return Material(**fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
