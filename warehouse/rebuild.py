"""A database that is lost or damaged is made anew: from the published snapshot where it is sound, and the raw store.

What follows the snapshot is read again from the raw store; until all of that is loaded, a file beside the database says
that it is due, so that a run which is killed in between is taken up by the next.
"""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from warehouse.database import open_snapshot, open_warehouse, transaction
from warehouse.errors import DamagedError, WarehouseError
from warehouse.publish import SQL as PUBLISH_SQL
from warehouse.publish import descends, fingerprint, publications, published_snapshot, refuse_foreign
from warehouse.raw_store import SQL as RAW_STORE_SQL
from warehouse.raw_store import Material, TableRows, journal_of
from warehouse.rows import add_missing_rows, upsert_rows
from warehouse.sources import SourceSet, store_set
from warehouse.watched import SQL as WATCHED_SQL
from warehouse.watched import stored_fetch_ids
from warehouse.workspace import Workspace, explained_disk_errors, whole_file, write_atomically


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a database that is made anew starts from: why, the damaged files, set aside (none if there were none), and
    whether the published snapshot was sound and became the new database. Otherwise it starts empty."""

    reason: str
    set_aside: tuple[Path, ...]
    from_snapshot: bool

    def __str__(self) -> str:
        origin = "the published snapshot and what was stored since" if self.from_snapshot else "the stored bytes"
        kept = "".join(f"; the old file is set aside as {path}, remove it once all is well" for path in self.set_aside)
        return f"the database {self.reason}; it was made anew from {origin}{kept}"


def open_or_make_anew(
    workspace: Workspace, now: datetime, memory_limit: str
) -> tuple[DuckDBPyConnection, Salvage | None]:
    """Open the pipeline's database; one that is lost or damaged is set aside and begun anew by itself.

    The caller holds the lock. With a salvage, it restores what is due (`restore_rows`, `unloaded_records`) and then
    calls `restored`; so it does where an earlier run was killed before that.

    Raises:
        ForeignSnapshotError: the published snapshot came from another database than this one, which is sound.
        NewerSchemaError, LockedError, WarehouseError: as `open_warehouse`.
    """
    if workspace.lake is not None:  # PostgreSQL and the lake's files are not ours to set aside
        return open_warehouse(workspace, memory_limit), None
    if not workspace.database.exists() and (workspace.published.exists() or journal_of(workspace).end()):
        start_rebuild(workspace, now, "was missing")
    try:
        connection = open_warehouse(workspace, memory_limit)
    except DamagedError as error:
        start_rebuild(workspace, now, f"was damaged ({error.__cause__ or error})")
        connection = open_warehouse(workspace, memory_limit)
    try:
        snapshot = published_snapshot(workspace)
        if snapshot is not None and snapshot.articles and _is_empty(connection) and not descends(connection, snapshot):
            connection.close()
            start_rebuild(workspace, now, "was empty, unlike what is published")
            connection = open_warehouse(workspace, memory_limit)
        refuse_foreign(connection, workspace, snapshot)
    except BaseException:
        connection.close()
        raise
    return connection, _due(workspace)


def start_rebuild(workspace: Workspace, now: datetime, reason: str = "was to be made anew") -> Salvage:
    """Set the database aside and begin a new one. The caller holds the lock, with no connection open.

    A sound snapshot brings back everything up to its publication: sources, candidates, history. What came in later, or
    all articles if there is none, is read again from the raw store: open the database, then read and load
    `unloaded_records`. Nothing is deleted: damaged files stay beside, for the operator to remove.

    Raises:
        NewerSchemaError: a newer release published the snapshot; nothing was touched.
        WarehouseError: the files cannot be moved or copied; DiskFullError if there is no room.
    """
    if workspace.lake is not None:
        raise WarehouseError(
            f"{workspace.lake}: a lake is not made anew by itself; restore its backup (docs/scaling.md)"
        )
    sound = _is_sound(workspace)
    moved = set_aside(workspace, now)
    with explained_disk_errors(workspace.home):
        if workspace.published.is_file() and not sound:
            moved += (_moved(workspace.published, now),)
    salvage = Salvage(" ".join(reason.split()), moved, sound)
    with explained_disk_errors(workspace.work):
        said = {"reason": salvage.reason, "set_aside": [str(path) for path in moved], "from_snapshot": sound}
        write_atomically(_due_file(workspace), json.dumps(said).encode())
        if sound:
            _copy(workspace.published, workspace.database)
    return salvage


def set_aside(workspace: Workspace, now: datetime) -> tuple[Path, ...]:
    """Move the database away, with its log, for the next run to make it anew; returns where the files are.

    Raises:
        WarehouseError: they cannot be moved.
    """
    database = workspace.database
    with explained_disk_errors(workspace.work):
        files = (database, database.with_name(database.name + ".wal"))
        return tuple(_moved(path, now) for path in files if path.exists())


def unloaded_records(connection: DuckDBPyConnection, workspace: Workspace) -> tuple[Material, ...]:
    """What the raw store's journal has and the database has not, oldest first: to be read and loaded in this order.

    In an empty database that is everything. In one made from a snapshot it is what was loaded after its publication,
    so that earlier versions of an article are not taken for later ones.
    """
    start, until = _published_until(connection, workspace)
    known = {str(row[0]) for row in connection.execute(RAW_STORE_SQL("known_raw_hashes")).fetchall()}
    return tuple(
        record
        for record in journal_of(workspace).materials(start)
        if record.raw_hash not in known and (until is None or record.fetched_at > until)
    )


def restore_rows(connection: DuckDBPyConnection, workspace: Workspace) -> int:
    """Bring back the rows of the journal that the database lacks: fetches with what is known of their pages, and
    operators' rulings. Returns how many fetches; where there is none, nothing is written.

    After a run that was killed between noting a fetch and storing it, that is this fetch.
    """
    start, _ = _published_until(connection, workspace)
    return restore_noted(connection, journal_of(workspace).rows(start))


def restore_noted(connection: DuckDBPyConnection, noted: Iterable[TableRows]) -> int:
    """Bring back those rows of a journal that the database lacks, as `restore_rows` does."""
    lines = [rows for rows in noted if rows.get("fetches")]
    if not lines:
        return 0
    known = stored_fetch_ids(connection)
    lines = [rows for rows in lines if any(row["fetch_id"] not in known for row in rows["fetches"])]
    with transaction(connection):
        for write, table in ((add_missing_rows, "candidates"), (upsert_rows, "pages"), (add_missing_rows, "fetches")):
            write(connection, table, [row for rows in lines for row in rows.get(table, ())])
    return len(lines)


def restore_sets(connection: DuckDBPyConnection, workspace: Workspace) -> None:
    """Bring back the sets that operators added things to, as sources."""
    start, _ = _published_until(connection, workspace)
    for rows in journal_of(workspace).rows(start):
        for row in rows.get("sets", ()):
            store_set(connection, SourceSet(str(row["source_id"]), str(row["name"]), row["sector"]))  # type: ignore[arg-type]


def restore_fates(connection: DuckDBPyConnection, workspace: Workspace) -> None:
    """Bring back what fetches alone decided of candidates, such as "gone", once the articles are loaded."""
    start, _ = _published_until(connection, workspace)
    fates = {str(row["url"]): row for rows in journal_of(workspace).rows(start) for row in rows.get("fates", ())}
    with transaction(connection):
        for fate in fates.values():
            if fate["status"] is not None:
                connection.execute(WATCHED_SQL("set_candidate_status"), dict(fate))


@dataclass(frozen=True, slots=True)
class OperatorRuling:
    """An operator's word on a page: its identity, the address to ask for, and "accept" or "reject"."""

    url: str
    fetch_url: str
    ruling: str


def rulings(connection: DuckDBPyConnection, workspace: Workspace) -> tuple[OperatorRuling, ...]:
    """The operators' last words on pages since the database was published."""
    start, _ = _published_until(connection, workspace)
    found = [row for rows in journal_of(workspace).rows(start) for row in rows.get("rulings", ())]
    said = [OperatorRuling(str(row["url"]), str(row["fetch_url"]), str(row["ruling"])) for row in found]
    return tuple({ruling.url: ruling for ruling in said}.values())


def restored(workspace: Workspace) -> None:
    """Note that all that was due has been loaded."""
    _due_file(workspace).unlink(missing_ok=True)


def _due_file(workspace: Workspace) -> Path:
    return workspace.work / "to-restore.json"


def _due(workspace: Workspace) -> Salvage | None:
    try:
        said = json.loads(_due_file(workspace).read_bytes())
        return Salvage(said["reason"], tuple(map(Path, said["set_aside"])), said["from_snapshot"])
    except FileNotFoundError:
        return None


def _published_until(connection: DuckDBPyConnection, workspace: Workspace) -> tuple[int, datetime | None]:
    """From where in the journal on the database may lack what it tells; for one that a release before schema 12
    published, that is by the time of fetching."""
    known = publications(connection)
    if not known:
        return 0, None
    last = known[-1]
    if last.journal_mark is None:
        return 0, last.published_at
    return journal_of(workspace).after(last.journal_mark), None


def _is_empty(connection: DuckDBPyConnection) -> bool:
    return connection.execute(PUBLISH_SQL("article_count")).fetchone() == (0,)


def _is_sound(workspace: Workspace) -> bool:
    """Whether the snapshot can be read as a whole and holds what it was published with."""
    snapshot = published_snapshot(workspace)
    if snapshot is None:
        return False
    try:
        with open_snapshot(workspace) as connection:
            return snapshot.tables == fingerprint(connection)
    except (WarehouseError, duckdb.Error):
        return False


def _moved(path: Path, now: datetime) -> Path:
    """Move a damaged file to a name that says when, one that is not taken."""
    name = f"{path.name}.damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    target = path.with_name(name)
    while target.exists():
        number += 1
        target = path.with_name(f"{name}-{number}")
    return path.rename(target)


def _copy(source: Path, target: Path) -> None:
    with whole_file(target) as temporary:
        shutil.copyfile(source, temporary)
