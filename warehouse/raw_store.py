"""The bytes that were fetched, as they came: named by their content, compressed, never changed; and their journal."""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

import duckdb
import zstandard
from duckdb import DuckDBPyConnection

from extractors.article.model import Published
from extractors.web.address import site_of
from extractors.web.model import Source
from extractors.web.sources import is_home, owns
from warehouse.database import transaction
from warehouse.errors import DamagedObjectError, WarehouseError
from warehouse.rows import select_rows, staged_values
from warehouse.sources import SEEDS_SOURCE
from warehouse.sql import quoted, statements
from warehouse.target import connect_bucket
from warehouse.workspace import Workspace, explained_disk_errors, write_atomically

SQL = statements(__file__)

COMPRESSION_LEVEL = 9  # pages shrink to about a fifth; a higher level costs more time than it saves room
_HASH = re.compile(r"[0-9a-f]{64}")


class RawStore:
    """A folder of compressed objects, each in the file `ab/abcdef....zst` of its SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def place(self) -> str:
        """Where it is, as `store_at` takes it."""
        return str(self.folder.absolute())

    def put(self, content: bytes) -> str:
        """Keep bytes; returns their SHA-256 in hexadecimal. What is there already is not written again.

        The object appears whole or not at all, also when the process or the machine stops in the middle.

        Raises:
            WarehouseError: it cannot be written; DiskFullError if there is no room.
        """
        name = hashlib.sha256(content).hexdigest()
        path = self.path_of(name)
        if not path.exists():
            with explained_disk_errors(path.parent):
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, zstandard.compress(content, COMPRESSION_LEVEL))
        return name

    def get(self, name: str) -> bytes:
        """The bytes of an object.

        Raises:
            KeyError: there is no such object.
            DamagedObjectError: the file does not hold what its name says.
        """
        path = self.path_of(name)
        try:
            compressed = path.read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None
        return _unpacked(compressed, name, str(path))

    def __contains__(self, name: str) -> bool:
        return self.path_of(name).exists()

    def __iter__(self) -> Iterator[str]:
        """The names of all objects, in order."""
        return iter(sorted(path.stem for path in self.folder.glob("??/*.zst")))

    def path_of(self, name: str) -> Path:
        """The file of an object.

        Raises:
            KeyError: it is no name of one.
        """
        return self.folder / _key_of(name)


def _key_of(name: str) -> str:
    if not _HASH.fullmatch(name):
        raise KeyError(name)
    return f"{name[:2]}/{name}.zst"


def _unpacked(compressed: bytes, name: str, place: str) -> bytes:
    try:
        content = zstandard.ZstdDecompressor().decompressobj().decompress(compressed)
    except zstandard.ZstdError:
        content = b""
    if hashlib.sha256(content).hexdigest() != name:
        raise DamagedObjectError(
            f"{place}: the stored object is damaged; delete this file, and the page is fetched again when it is due"
        )
    return content


class Bucket:
    """The objects under an s3:// address, by way of DuckDB's own S3 access: whole ones only, so that each write lasts.

    An object in a bucket appears whole or not at all by itself. May be used from several threads.
    """

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/") + "/"
        self._connection: DuckDBPyConnection | None = None
        self._lock = Lock()

    def __str__(self) -> str:
        return self._address

    def has(self, key: str) -> bool:
        """Whether there is such an object.

        Raises:
            WarehouseError: the bucket cannot be asked.
        """
        try:
            return bool(self._answer("object_size", self._address + key))
        except KeyError:
            return False

    def read(self, key: str) -> bytes:
        """An object.

        Raises:
            KeyError: there is no such object.
            WarehouseError: the bucket cannot be read.
        """
        return bytes(self._answer("object", self._address + key)[0][0])

    def write(self, key: str, content: bytes) -> None:
        """Write an object.

        Raises:
            WarehouseError: the bucket cannot be written to.
        """
        self._answer("write_object", content, place=quoted(self._address + key))

    def keys(self, pattern: str) -> list[str]:
        """The keys of the objects that a pattern fits, in order.

        Raises:
            WarehouseError: the bucket cannot be asked.
        """
        found = self._answer("objects", self._address + pattern)
        return sorted(str(row[0]).removeprefix(self._address) for row in found)

    def _answer(self, name: str, value: str | bytes, **identifiers: str) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._connection is None:
                self._connection = connect_bucket()
            try:
                return self._connection.execute(SQL(name, **identifiers), [value]).fetchall()
            except duckdb.Error as error:
                if name in {"object", "object_size"} and "404" in str(error):
                    raise KeyError(value) from None
                told = " ".join(str(error).split())
                raise WarehouseError(f"{self}: cannot be used ({told}); check raw_store and the credentials") from None


class BucketStore(RawStore):
    """The same in an S3 bucket: objects under the same names."""

    def __init__(self, bucket: Bucket) -> None:
        super().__init__(Path())
        self._bucket = bucket

    @property
    def place(self) -> str:
        """Its address."""
        return str(self._bucket)

    def put(self, content: bytes) -> str:
        """As in a folder.

        Raises:
            WarehouseError: the bucket cannot be written to.
        """
        name = hashlib.sha256(content).hexdigest()
        key = _key_of(name)
        if not self._bucket.has(key):
            self._bucket.write(key, zstandard.compress(content, COMPRESSION_LEVEL))
        return name

    def get(self, name: str) -> bytes:
        """As in a folder.

        Raises:
            KeyError: there is no such object.
            DamagedObjectError: it does not hold what its name says.
            WarehouseError: the bucket cannot be read.
        """
        key = _key_of(name)
        return _unpacked(self._bucket.read(key), name, f"{self._bucket}{key}")

    def __contains__(self, name: str) -> bool:
        return self._bucket.has(_key_of(name))

    def __iter__(self) -> Iterator[str]:
        """The names of all objects, in order."""
        return iter(sorted(PurePosixPath(key).stem for key in self._bucket.keys("*/*.zst")))


MANIFEST = "manifest"
"""The method of metadata that a manifest states: it is not in the bytes, so it is handed on from row to row."""


@dataclass(frozen=True, slots=True)
class Material:
    """One article's bytes in the raw store, still to be read and coded.

    `url` is the identity (canonical address) that the page is booked under, `open_url` the address for people,
    `addresses` all further ones. `name` and `content_type` tell how to read the bytes. What a manifest states (`title`,
    `publisher`, `authors`, `published`) wins over what the text states. `source_name` and `selector` are what the
    configuration says of a watched source (`told_by_source`): its name is the publisher of all that its own site
    serves. `served_by` names the site that serves it where no watched source's own does.
    `fed_title`, `fed_authors` and `fed_on` are what its feed said of it, for what the page itself does not say.
    `robots_tag` is the header X-Robots-Tag of the answer that brought the bytes.
    `trusted` material is loaded whatever the judgement of relevance says: the seeds, pages that the operator accepted,
    and articles that were loaded before. `local` bytes are a file that may be older than what the web has by now.
    `article_id` is given for an article that has one already, with the addresses that it has; else it comes from the
    address. `recoded` is an article of the warehouse of which nothing changes but what extraction finds.
    """

    url: str
    open_url: str
    addresses: tuple[str, ...]
    source_id: str
    raw_hash: str
    name: str
    content_type: str
    fetched_at: datetime
    trusted: bool
    local: bool = False
    recoded: bool = False
    article_id: str | None = None
    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    published: Published | None = None
    source_name: str | None = None
    selector: str | None = None
    served_by: str | None = None
    fed_title: str | None = None
    fed_authors: tuple[str, ...] = ()
    fed_on: date | None = None
    robots_tag: str | None = None


def told_by_source(material: Material, sources: Mapping[str, Source]) -> Material:
    """The material with what the configuration says of its source, if that is a watched one; else as it is.

    The source of a page is the one whose site serves it, whoever led there. A page that a watched source led to, and
    that no watched source serves, keeps its source, but not under its name: the publisher is the site that serves it.
    """
    found_by = sources.get(material.source_id)
    if material.local or material.source_id == SEEDS_SOURCE or not material.open_url.startswith("http"):
        return _named_after(material, found_by) if found_by else material
    source = source_serving(material.open_url, found_by, sources.values())
    if material.recoded:  # it keeps the source that it has
        source = found_by if source is not None else None
    if source is not None:
        return _named_after(material, source)
    return replace(material, served_by=site_of(material.open_url)) if found_by else material


def source_serving(url: str, found_by: Source | None, sources: Iterable[Source]) -> Source | None:
    """The source whose site serves an address: who led there if it is his own, else who is at home there."""
    if found_by is not None and is_home(found_by, url):
        return found_by
    at_home = next((source for source in sources if is_home(source, url)), None)
    if at_home is not None:
        return at_home
    return found_by if found_by is not None and owns(found_by, url) else None


def _named_after(material: Material, source: Source) -> Material:
    return replace(material, source_id=source.source_id, source_name=source.name, selector=source.selector)


def stored_materials(
    connection: DuckDBPyConnection, name: str, parameters: Sequence[object] | Mapping[str, object] = ()
) -> tuple[Material, ...]:
    """The materials that the query `sql/<name>.sql` finds: its columns are fields of the same name.

    The date that a manifest states comes as `published_on` and `published_precision`.
    """
    return tuple(_material(row) for row in select_rows(connection, SQL(name), parameters))


def _material(row: dict[str, object]) -> Material:
    published_on, precision = row.pop("published_on", None), row.pop("published_precision", None)
    published = Published(published_on, precision or "day", MANIFEST) if published_on is not None else None  # type: ignore[arg-type]
    return Material(**row, published=published)  # type: ignore[arg-type]


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


class BucketJournal(Journal):
    """The journal of one worker in a bucket, where nothing can be added to an object: each writing is one of its own.

    Its places are the nanoseconds since 1970 at which was written, by which the objects are named.
    """

    def __init__(self, bucket: Bucket, worker: str) -> None:
        super().__init__(Path(f"journal-{worker}.jsonl"))
        self._bucket = bucket
        self._folder = f"journal/{worker}"
        self._last = 0

    def end(self) -> int:
        """When the last was written."""
        return max([self._last, *map(_written_at, self._bucket.keys(f"{self._folder}/*.jsonl")[-1:])])

    def mark(self) -> str:
        """Where it ends now."""
        return f"{self.end()}:"

    def after(self, mark: str) -> int:
        """The place that a mark stands for."""
        return int(mark.partition(":")[0])

    def _write(self, lines: bytes) -> None:
        if lines:
            self._last = max(time.time_ns(), self._last + 1)
            self._bucket.write(f"{self._folder}/{self._last:020}.jsonl", lines)

    def _lines(self, start: int) -> Iterator[bytes]:
        for key in self._bucket.keys(f"{self._folder}/*.jsonl"):
            if _written_at(key) > start:
                yield from self._bucket.read(key).splitlines(keepends=True)


def _written_at(key: str) -> int:
    return int(PurePosixPath(key).stem)


def journal_of(workspace: Workspace) -> Journal:
    """The journal of a workspace's raw store; of several workers that share one each has its own."""
    if workspace.bucket:
        return BucketJournal(Bucket(workspace.bucket), workspace.identity())
    alone = workspace.lake is None and workspace.shared is None
    return Journal(workspace.raw / ("journal.jsonl" if alone else f"journal-{workspace.identity()}.jsonl"))


def journals_beside(workspace: Workspace) -> dict[str, Journal]:
    """The journals of all workers that share a raw store, by the workers' identities."""
    if workspace.bucket:
        bucket = Bucket(workspace.bucket)
        workers = {key.split("/")[1] for key in bucket.keys("journal/*/*.jsonl")}
        return {worker: BucketJournal(bucket, worker) for worker in sorted(workers)}
    found = workspace.raw.glob("journal-*.jsonl")
    return {path.stem.removeprefix("journal-"): Journal(path) for path in sorted(found)}


def store_of(workspace: Workspace) -> RawStore:
    """The raw store of a workspace."""
    return store_at(workspace.bucket or str(workspace.raw))


@cache  # a coding worker asks for it again for each article, and a bucket's has a connection
def store_at(place: str) -> RawStore:
    """The raw store in a folder or at an s3:// address."""
    return BucketStore(Bucket(place)) if "://" in place else RawStore(Path(place))


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


@dataclass(frozen=True, slots=True)
class Freed:
    """What goes, or would go: how many files of a kind, and their bytes."""

    what: str
    files: int
    size: int


@dataclass(frozen=True, slots=True)
class _Kind:
    what: str
    paths: tuple[Path, ...]


def prune(
    connection: DuckDBPyConnection, workspace: Workspace, before: datetime, now: datetime, *, dry_run: bool
) -> tuple[Freed, ...]:
    """Delete what is older than `before` and not needed; with `dry_run` only say what would go.

    Kept in any case are the bytes of each article's current version, of pages that were not read yet, that could not be
    read or that the operator accepted. A page that was judged not similar and goes is fetched again if it is accepted.
    The caller holds the lock.

    Raises:
        WarehouseError: a file cannot be deleted, or the raw store is a bucket, of which nothing is.
    """
    if workspace.bucket:
        raise WarehouseError(f"{workspace.bucket}: nothing is deleted in a bucket; give it a rule for old objects")
    store = RawStore(workspace.raw)
    needed = {str(row[0]) for row in connection.execute(SQL("needed_hashes")).fetchall()}
    old_versions = {str(row[0]) for row in connection.execute(SQL("version_hashes")).fetchall()}
    going = [name for name in store if name not in needed and _is_old(store.path_of(name), before)]
    kinds = (
        _Kind("bytes of old versions", tuple(store.path_of(name) for name in going if name in old_versions)),
        _Kind("bytes of pages left out", tuple(store.path_of(name) for name in going if name not in old_versions)),
        _Kind("damaged files that were set aside", _old(workspace.home, ("*.damaged-*", "work/*.damaged-*"), before)),
        _Kind("logs", _old(workspace.work, ("server/*.log", "server/**/*.log", "*.log"), before)),
    )
    freed = tuple(Freed(kind.what, len(kind.paths), sum(path.stat().st_size for path in kind.paths)) for kind in kinds)
    if not dry_run:
        with transaction(connection), staged_values(connection, going):
            connection.execute(SQL("note_pruned"), {"now": now})
            for table in ("readings", "pages"):
                connection.execute(SQL("forget_pages", table=table))
        for path in (path for kind in kinds for path in kind.paths):
            with explained_disk_errors(path):
                path.unlink(missing_ok=True)
    return freed


def _old(folder: Path, patterns: Iterable[str], before: datetime) -> tuple[Path, ...]:
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    return tuple(sorted(path for path in found if path.is_file() and _is_old(path, before)))


def _is_old(path: Path, before: datetime) -> bool:
    return path.stat().st_mtime < before.timestamp()
