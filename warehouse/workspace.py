"""Where a warehouse lives on disk, how its files are written, and the lock that its one writer holds."""

import errno
import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psutil

from warehouse.errors import DiskFullError, LockedError, WarehouseError
from warehouse.target import Lake


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one warehouse: the published snapshot, and `work/`, the pipeline's own.

    Where the warehouse is a `lake`, what would be two files here is there (`warehouse.target`). `raw_store` is where
    what was fetched is kept if several machines share it: a folder that all see, or an s3:// address.
    """

    home: Path
    lake: Lake | None = None
    raw_store: str = ""

    @property
    def published(self) -> Path:
        """The snapshot that readers open; replaced as a whole, never written to."""
        return self.home / "commentary.duckdb"

    @property
    def readers(self) -> str:
        """Where readers find what is published, for people."""
        return str(self.lake or self.published)

    @property
    def notes(self) -> Path:
        """The analyst's own notes (`warehouse.notes`); no run writes to it."""
        return self.home / "notes.toml"

    @property
    def own_sources(self) -> Path:
        """The operator's own sources, over the ones that are shipped; no run writes to it."""
        return self.home / "sources.toml"

    @property
    def own_files(self) -> tuple[Path, ...]:
        """What people wrote themselves; each may be missing."""
        return (self.notes, self.own_sources)

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
        """What was fetched, as it came (`warehouse.raw_store`), with its journal (`warehouse.raw_store`)."""
        return self.shared or self.work / "raw"

    @property
    def shared(self) -> Path | None:
        """The folder of what was fetched that several machines share."""
        return Path(self.raw_store) if self.raw_store and not self.bucket else None

    @property
    def bucket(self) -> str:
        """The s3:// address of what was fetched that several machines share."""
        return self.raw_store if "://" in self.raw_store else ""

    def identity(self) -> str:
        """What tells this warehouse's home from every other, wherever it is moved to; made when first asked for.

        Raises:
            WarehouseError: it cannot be written.
        """
        kept = self.work / "identity"
        if not kept.exists():
            self.prepare()
            with explained_disk_errors(kept):
                write_atomically(kept, f"{uuid4().hex}\n".encode())
        return kept.read_text(encoding="utf-8").strip()

    @property
    def spill(self) -> Path:
        """Where this process's connections to a lake put what they have no room for in memory."""
        return self.work / f"lake-{os.getpid()}.spill"

    def prepare(self) -> None:
        """Create the folders, and make sure that they can be written to.

        Raises:
            WarehouseError: they cannot be created or written to; the message names the path and the way out.
            DiskFullError: there is no room.
        """
        with explained_disk_errors(self.home):
            self.work.mkdir(parents=True, exist_ok=True)
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
            if folder != workspace.shared or _is_forgotten(path):
                path.unlink(missing_ok=True)
    # What DuckDB had no room for in memory, and what was unpacked of a backup.
    for folder in (
        workspace.database.with_name(workspace.database.name + ".tmp"),
        *workspace.work.glob(".restoring-*"),
        *(folder for folder in workspace.work.glob("lake-*.spill") if not _is_alive(folder)),
    ):
        shutil.rmtree(folder, ignore_errors=True)


def _is_alive(spill: Path) -> bool:
    """Whether the process that spills there still runs."""
    return psutil.pid_exists(int(spill.stem.removeprefix("lake-")))


def _is_forgotten(path: Path) -> bool:
    """Whether a file that another machine may be writing just now has not been written to for a day."""
    try:
        return time.time() - path.stat().st_mtime > 86_400
    except FileNotFoundError:
        return False


@contextmanager
def whole_file(path: Path, ending: str = "tmp") -> Iterator[Path]:
    """A path beside `path` to write to. What stands there at the end of the block appears at `path`, whole, and lasts.

    It is synced, renamed over what was there, and the folder synced; where the block fails, it is removed and `path`
    is as it was. The name is new and begins with a dot and that of `path`, and `clear_leftovers` removes those
    ending in "tmp" that a kill left in the warehouse's own folders.

    Raises:
        OSError: it could not be synced or renamed.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.{ending}")
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all, and lasts (`whole_file`).

    Raises:
        OSError: it could not be written.
    """
    with whole_file(path) as temporary:
        temporary.write_bytes(content)


def _sync(path: Path) -> None:
    """Make a file's content, or the names in a folder, last over a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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


POLL_SECONDS = 0.1

# POSIX record locks belong to the process, so that children forked for parallel work, which may outlive a killed run,
# do not keep it (a flock would be inherited). Their price: closing any handle of the file in this process gives the
# lock up, so this process never opens the file a second time while it holds it.
_held: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock, as written into its file; all None while the holder is only just writing."""

    pid: int | None
    started_at: str | None

    def __str__(self) -> str:
        return f"process {self.pid}, started {self.started_at}" if self.pid else "another process"


@contextmanager
def exclusive(
    workspace: Workspace, wait_seconds: float = 0.0, on_wait: Callable[[Holder], None] | None = None
) -> Iterator[None]:
    """Hold the warehouse for writing. The lock goes with the process: a killed holder never blocks the next run.

    Waits up to `wait_seconds`; `on_wait` is told once who is being waited for.

    Raises:
        LockedError: another run holds it still; the message names the holder.
        WarehouseError: the lock file cannot be written.
    """
    path = workspace.lock.resolve()
    if path in _held:
        raise LockedError(f"{path}: this process holds the warehouse already", os.getpid())
    with explained_disk_errors(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _wait_for(descriptor, path, wait_seconds, on_wait)
        _held.add(path)
        with explained_disk_errors(path):
            _sign(descriptor)
        yield
    finally:
        _held.discard(path)
        os.close(descriptor)


@contextmanager
def looked_at(workspace: Workspace) -> Iterator[None]:
    """Keep runs from beginning for as long as somebody looks at the warehouse, who need not have the right to write.

    Raises:
        LockedError: a run holds it; the message names the holder.
        WarehouseError: the lock file cannot be read.
    """
    path = workspace.lock.resolve()
    if path in _held:
        raise LockedError(f"{path}: this process holds the warehouse already", os.getpid())
    if not path.exists():  # no run was ever here
        yield
        return
    with explained_disk_errors(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if not _acquired(descriptor, fcntl.LOCK_SH):
            holder = _holder(descriptor)
            raise LockedError(f"{path.parent.parent}: a run is writing to this warehouse ({holder})", holder.pid)
        yield
    finally:
        os.close(descriptor)


def _wait_for(descriptor: int, path: Path, wait_seconds: float, on_wait: Callable[[Holder], None] | None) -> None:
    deadline = time.monotonic() + wait_seconds
    told = False
    while not _acquired(descriptor):
        holder = _holder(descriptor)
        if time.monotonic() >= deadline:
            raise LockedError(
                f"{path.parent.parent}: another run is writing to this warehouse ({holder}); wait until it has ended, "
                "or end that process",
                holder.pid,
            )
        if on_wait is not None and not told:
            on_wait(holder)
            told = True
        time.sleep(POLL_SECONDS)


def _acquired(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.lockf(descriptor, kind | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _sign(descriptor: int) -> None:
    content = json.dumps({"pid": os.getpid(), "started_at": datetime.now(UTC).isoformat(timespec="seconds")})
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, content.encode(), 0)


def _holder(descriptor: int) -> Holder:
    try:
        written = json.loads(os.pread(descriptor, 4096, 0))
        return Holder(int(written["pid"]), str(written["started_at"]))
    except (ValueError, KeyError, TypeError):
        return Holder(None, None)
