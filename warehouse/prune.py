"""Letting go of what nobody needs: bytes of pages that were judged not similar, bytes of old versions, old logs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from warehouse.database import transaction
from warehouse.raw_store import RawStore
from warehouse.rows import staged_values
from warehouse.sql import statements
from warehouse.workspace import Workspace, explained_disk_errors

SQL = statements(__file__)


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
        WarehouseError: a file cannot be deleted.
    """
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
