"""What is in the raw store and cannot be made again: a journal beside it, from which a lost warehouse is rebuilt.

Each line is one JSON object. One kind is a `Material` that was loaded: bytes with all that is known of them. The other
kind, `{"rows": {table: [row, ...]}}`, are rows of tables that nothing stored could bring back: that a page was asked
for, when it is due again, that an operator overruled a judgement.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from extractors.article.model import Published
from warehouse.material import MANIFEST, Material
from warehouse.workspace import Workspace, explained_disk_errors

# What a line says is what differs from these; lines of earlier releases say less, and no line is of a later one.
_FIELDS = frozenset(field.name for field in fields(Material))
_DEFAULTS = {field.name: field.default for field in fields(Material)}
_MARKED = 4096  # bytes, some ten lines, that tell one journal from another

TableRows = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows by table."""


class Journal:
    """The append-only file `journal.jsonl` of a raw store, in the order of what happened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, records: Iterable[Material]) -> None:
        """Add what was loaded, durably, in one write. A line torn by a killed run is ended first.

        Raises:
            WarehouseError: it cannot be written; DiskFullError if there is no room.
        """
        self._write(b"".join(_line(record) for record in records))

    def append_rows(self, rows: TableRows) -> None:
        """Add rows of tables, as `append` does; they are one line, whole or not there."""
        text = json.dumps({"rows": rows}, default=_plain, ensure_ascii=True, separators=(",", ":"))
        self._write(text.encode() + b"\n")

    def __iter__(self) -> Iterator[Material]:
        """All that was loaded, in order; lines that a killed run left torn are passed over."""
        return self.materials()

    def materials(self, start: int = 0) -> Iterator[Material]:
        """What was loaded, from a place in the file on (bytes, where a line begins)."""
        return (record for line in self._lines(start) if (record := _record(line)) is not None)

    def rows(self, start: int = 0) -> Iterator[TableRows]:
        """The rows noted, from a place in the file on."""
        return (rows for line in self._lines(start) if (rows := _rows(line)) is not None)

    def end(self) -> int:
        """How long the file is, in bytes."""
        return self.path.stat().st_size if self.path.exists() else 0

    def mark(self) -> str:
        """Where the file ends now, in a form by which `after` knows whether another file is this one, grown longer."""
        end = self.end()
        return f"{end}:{self._hash_before(end)}"

    def after(self, mark: str) -> int:
        """The place that a mark stands for; 0, the beginning, where it was set in another file."""
        end, _, known = mark.partition(":")
        return int(end) if int(end) <= self.end() and self._hash_before(int(end)) == known else 0

    def _hash_before(self, end: int) -> str:
        if not end:
            return ""
        with self.path.open("rb") as file:
            file.seek(max(0, end - _MARKED))
            return sha256(file.read(min(end, _MARKED))).hexdigest()[:16]

    def _write(self, lines: bytes) -> None:
        if not lines:
            return
        with explained_disk_errors(self.path), self.path.open("ab") as file:
            if file.tell() and not self._ends_with_newline():
                lines = b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    def _lines(self, start: int) -> Iterator[bytes]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(start)
            yield from file

    def _ends_with_newline(self) -> bool:
        with self.path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


def journal_of(workspace: Workspace) -> Journal:
    """The journal of a workspace's raw store."""
    return Journal(workspace.raw / "journal.jsonl")


def raw_records(workspace: Workspace) -> Iterator[Material]:
    """Everything that was ever loaded, oldest first: reading and loading it all in this order rebuilds the articles."""
    return iter(journal_of(workspace))


def _line(record: Material) -> bytes:
    said = {name: value for name, value in asdict(record).items() if value != _DEFAULTS[name]}
    said["fetched_at"] = record.fetched_at.astimezone(UTC).isoformat()
    if record.fed_on is not None:
        said["fed_on"] = record.fed_on.isoformat()
    if record.published is not None:
        said["published"] = [record.published.on.isoformat(), record.published.precision]
    return json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _record(line: bytes) -> Material | None:
    try:
        found = json.loads(line)
        said = {name: value for name, value in found.items() if name in _FIELDS}
        url = said["url"]
        said = {"open_url": url, "name": url, "trusted": True, "addresses": (), **said}
        said["fetched_at"] = datetime.fromisoformat(said["fetched_at"])
        said["addresses"] = tuple(said["addresses"])
        said["authors"] = tuple(said.get("authors", ()))
        said["fed_authors"] = tuple(said.get("fed_authors", ()))
        if "fed_on" in said:
            said["fed_on"] = date.fromisoformat(said["fed_on"])
        if "published" in said:
            on, precision = said["published"]
            said["published"] = Published(date.fromisoformat(on), precision, MANIFEST)
        return Material(**said)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _plain(value: object) -> object:
    """Times, which JSON has not, as an object of their own."""
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    raise TypeError(f"{value!r} is in no table")


def _time(found: dict[str, object]) -> object:
    at = found.get("at")
    return datetime.fromisoformat(at) if len(found) == 1 and isinstance(at, str) else found


def _rows(line: bytes) -> TableRows | None:
    try:
        found = json.loads(line, object_hook=_time)
    except ValueError:
        return None
    rows = found.get("rows") if isinstance(found, dict) else None
    return rows if isinstance(rows, dict) else None
