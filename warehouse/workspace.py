"""Where a warehouse lives on disk."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from warehouse.errors import DiskFullError, WarehouseError


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one warehouse: the published snapshot, and `work/`, the pipeline's own."""

    home: Path

    @property
    def published(self) -> Path:
        """The snapshot that readers open; replaced as a whole, never written to."""
        return self.home / "commentary.duckdb"

    @property
    def work(self) -> Path:
        """The pipeline's own folder."""
        return self.home / "work"

    @property
    def database(self) -> Path:
        """The database that runs write to."""
        return self.work / "warehouse.duckdb"

    @property
    def lock(self) -> Path:
        """The file whose lock the writing run holds; it is never deleted."""
        return self.work / "lock"

    @property
    def raw(self) -> Path:
        """What was fetched, as it came (`warehouse.raw_store`), with its journal (`warehouse.journal`)."""
        return self.work / "raw"

    def prepare(self) -> None:
        """Create the folders, and make sure that they can be written to.

        Raises:
            WarehouseError: they cannot be created or written to; the message names the path and the way out.
            DiskFullError: there is no room.
        """
        with explained_disk_errors(self.home):
            self.raw.mkdir(parents=True, exist_ok=True)
            probe = self.work / f".probe-{os.getpid()}"
            probe.write_bytes(b"x")
            probe.unlink()


def clear_leftovers(workspace: Workspace) -> None:
    """Remove what killed runs left half-written: nobody else writes, since the caller holds the lock."""
    for folder, pattern in (
        (workspace.home, f".{workspace.published.name}.*.tmp*"),
        (workspace.home, ".report.html.*.tmp"),
        (workspace.work, ".*.tmp"),
        (workspace.work, ".probe-*"),
        (workspace.raw, "??/.*.tmp"),
    ):
        for path in folder.glob(pattern):
            path.unlink(missing_ok=True)
    # What DuckDB had no room for in memory, and what was unpacked of a backup.
    for folder in (
        workspace.database.with_name(workspace.database.name + ".tmp"),
        *workspace.work.glob(".restoring-*"),
    ):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def explained_disk_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's errors about `path` into ours, which say the way out.

    Raises:
        WarehouseError: instead of an OSError inside the block; DiskFullError for a full disk or quota.
    """
    try:
        yield
    except OSError as error:
        raise disk_error(path, error) from error


def disk_error(path: Path, error: OSError) -> WarehouseError:
    """Our error for one of the operating system's."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFullError(
            f"{path}: the disk is full; make room there (or set COMMENTARY_HOME to a folder on a larger disk) and "
            "run again: nothing that was loaded or published before is lost"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return WarehouseError(
            f"{path}: cannot be written to ({error.strerror}); make the folder writable or set COMMENTARY_HOME to one "
            "that is"
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        where = error.filename or path
        return WarehouseError(f"{where}: is not a folder; move that file away or set COMMENTARY_HOME to another folder")
    return WarehouseError(f"{path}: {error.strerror or error}; check the disk, then run again")
